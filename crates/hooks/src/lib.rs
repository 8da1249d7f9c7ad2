//! The plugin seam: what plugins may do ([`Plugin`], we call it) and what they may ask
//! ([`HostServices`], it calls us), the payloads that cross, and the [`Bus`] that orders, merges
//! and isolates the calls.

mod action_item;
mod background;
mod bus;
mod cell;
mod column_type;
mod command;
mod connection;
mod context;
mod earlier;
mod error;
mod event;
mod facet;
mod filter;
mod hook_name;
mod host;
mod http;
mod jump;
mod loan;
mod magic;
mod no_host;
mod page;
mod page_value;
mod permission;
mod plugin;
mod renderer;
mod request;
mod route;
mod template;
mod template_engine;
mod token;
mod wire;
mod write;

pub use action_item::{ActionItem, ActionTarget, MenuItem};
pub use background::{BackgroundTask, BackgroundWork, Crash, TaskEnd, TaskStart, TaskState};
pub use bus::{Bus, Contribution, settle, settle_now};
pub use cell::{CellAnswers, CellBatch, CellContent, CellValue};
pub use column_type::{AssignedType, ColumnPlace, ColumnType};
pub use command::Command;
pub use connection::{
    Accumulator, AggregateFunction, Collation, ConnectionSetup, ScalarFunction, SetupStep,
};
pub use context::Context;
pub use earlier::EarlierHooks;
pub use error::HookError;
pub use event::{Event, EventKind};
pub use facet::{
    FacetKind, FacetOutcome, FacetRequest, FacetResult, FacetScope, FacetSql, FacetSuggestion,
    FacetValue,
};
pub use filter::FilterArguments;
pub use hook_name::{Drawer, HookName, HookSet, OnFailure};
pub use host::{
    AllowedReasons, AllowedResource, BroughtDatabase, ClientRequest, DatabaseInfo, HostServices,
    MessageKind, MetadataOf, QueryAnswer, QueryBounds, UrlOf, WriteAnswer,
};
pub use http::{Body, BodyStream, HttpRequest, HttpResponse, HttpService, HttpWrapper};
pub use jump::{JumpContribution, JumpItem, JumpSql};
pub use loan::{Borrower, Loan, LoanKind};
pub use magic::{MagicParameter, MagicResolver};
pub use no_host::NoHost;
pub use page::{AssetUrl, BodyScript, PageInfo, TemplateSlot};
pub use page_value::{PageValue, RowsValue};
pub use permission::{PermissionAnswer, PermissionRule, PermissionSql, PluginAction, Restriction};
pub use plugin::{ActorsById, Answer, Plugin, PluginInfo, Priority, ready};
pub use renderer::{OutputRenderer, RenderScope, RendererInput, RendererWants};
pub use request::RequestInfo;
pub use route::{Route, View};
pub use template::{
    ForeignValue, TemplateAdditions, TemplateFunction, TemplateLoader, TemplateOverlay,
    TemplateValue,
};
pub use template_engine::{
    EngineAnswer, EngineOffer, EnginePage, PageFrame, Selection, TemplateClaims, TemplateEngine,
    TemplateFiles,
};
pub use token::{TokenHandler, TokenRequest, TokenRestrictions};
pub use wire::{Data, Plain};
pub use write::{WriteConnection, WriteOutcome, WriteWrapper};
