//! Proxies in front of the server, configured as the guide says.

mod client;
mod front;
mod page;
mod served;
mod software;
mod visit;

pub(super) use visit::run;
