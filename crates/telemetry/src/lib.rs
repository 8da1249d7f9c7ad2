//! How the server is doing: counted always, for whoever may look at its metrics, and told as
//! OpenTelemetry where a collector is configured. Without one nothing is made for it.

mod collector;
mod database;
mod exposition;
mod instruments;
mod meters;
mod provider;
mod request;

pub use database::Watching;
pub use exposition::{Exposition, Kind};
pub use instruments::{DatabaseGauges, Gauges};
pub use meters::{DatabaseMeter, Meters, RequestKey, RequestMeter};
pub use opentelemetry::Context;
pub use opentelemetry::context::FutureExt;
pub use provider::{Builder, Telemetry, TelemetryError};
pub use request::RequestSpan;
