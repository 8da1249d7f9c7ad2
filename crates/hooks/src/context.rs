//! What every hook call carries: who asks, for which request, and whom the plugin may ask back.

use std::sync::Arc;

use datasette_core::Actor;

use crate::bus::Bus;
use crate::host::HostServices;
use crate::request::RequestInfo;

/// The circumstances of a hook call. Made by [`crate::Bus::context`], usually once per request.
#[derive(Clone)]
pub struct Context<'a> {
    pub(crate) bus: &'a Bus,
    pub(crate) host: Arc<dyn HostServices>,
    pub(crate) actor: Option<&'a Actor>,
    pub(crate) request: Option<&'a RequestInfo>,
}

impl<'a> Context<'a> {
    /// The bus, for plugins that call hooks themselves (PLUG-83).
    pub fn bus(&self) -> &'a Bus {
        self.bus
    }

    /// The services that the server offers to plugins.
    pub fn host(&self) -> &dyn HostServices {
        &*self.host
    }

    /// The services as a handle that outlives the call.
    pub fn shared_host(&self) -> Arc<dyn HostServices> {
        Arc::clone(&self.host)
    }

    /// Who asks; `None` for anonymous visitors and for work without a request.
    pub fn actor(&self) -> Option<&'a Actor> {
        self.actor
    }

    /// The request; `None` outside of one (HOOK-41).
    pub fn request(&self) -> Option<&'a RequestInfo> {
        self.request
    }
}
