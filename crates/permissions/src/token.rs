//! Bearer tokens: the handler of signed ones, and the plugin that asks all handlers.

use std::sync::Arc;

use datasette_core::Actor;
use datasette_core::clock::Clock;
use datasette_hooks::{
    Answer, Bus, Context, HookError, HookName, HookSet, Plugin, PluginInfo, TokenHandler,
    TokenRequest, TokenRestrictions,
};
use futures_util::future::BoxFuture;

use crate::action_table::ActionTable;
use crate::default_plugins::built_in_info;
use crate::signing::Signer;
use crate::token_value::{TokenLimits, create_token_value, verify_token_value};

/// `datasette.default_permissions.tokens`: the handler named `signed` (TOK-43), and the actor of
/// `Authorization: Bearer` (TOK-01).
#[derive(Clone)]
pub struct SignedTokens {
    signer: Signer,
    clock: Arc<dyn Clock>,
    limits: TokenLimits,
}

impl SignedTokens {
    /// Tokens that `signer` signs.
    pub fn new(signer: Signer, clock: Arc<dyn Clock>, limits: TokenLimits) -> Self {
        Self {
            signer,
            clock,
            limits,
        }
    }

    /// A token that names actions by their abbreviations (TOK-32).
    fn create(&self, context: &Context<'_>, request: &TokenRequest) -> Answer<String> {
        let declared = context.bus().register_actions(context)?;
        let actions = ActionTable::new(declared.into_values())?;
        let request = TokenRequest {
            restrictions: request
                .restrictions
                .as_ref()
                .map(|restrictions| abbreviate(restrictions, &actions)),
            ..request.clone()
        };
        create_token_value(&self.signer, self.limits, self.clock.now(), &request)
    }
}

impl TokenHandler for SignedTokens {
    fn name(&self) -> &str {
        "signed"
    }

    fn create_token<'a>(
        &'a self,
        context: &'a Context<'a>,
        request: &'a TokenRequest,
    ) -> BoxFuture<'a, Answer<String>> {
        Box::pin(std::future::ready(self.create(context, request)))
    }

    fn verify_token<'a>(
        &'a self,
        _context: &'a Context<'a>,
        token: &'a str,
    ) -> BoxFuture<'a, Answer<Option<Actor>>> {
        let actor = verify_token_value(&self.signer, self.limits, self.clock.now(), token);
        Box::pin(std::future::ready(actor))
    }
}

impl Plugin for SignedTokens {
    fn name(&self) -> &str {
        "datasette.default_permissions.tokens"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::ActorFromRequest, HookName::RegisterTokenHandler])
    }

    fn info(&self) -> PluginInfo {
        built_in_info(self)
    }

    fn register_token_handler(&self, _context: &Context<'_>) -> Answer<Vec<Arc<dyn TokenHandler>>> {
        Ok(vec![Arc::new(self.clone())])
    }

    fn actor_from_request<'a>(
        &'a self,
        context: &'a Context<'a>,
    ) -> BoxFuture<'a, Answer<Option<Actor>>> {
        Box::pin(async move {
            let header = context
                .request()
                .and_then(|request| request.header("authorization"));
            let Some(token) = header.and_then(|header| header.strip_prefix("Bearer ")) else {
                return Ok(None);
            };
            verify_with(context.bus(), context, token).await
        })
    }
}

/// Asks the token handlers of all plugins in order; the first that knows the token answers
/// (TOK-42).
///
/// # Errors
/// A handler knows the token and refuses it.
pub async fn verify_with(
    bus: &Bus,
    context: &Context<'_>,
    token: &str,
) -> Result<Option<Actor>, HookError> {
    for handler in bus.register_token_handler(context)? {
        if let Some(actor) = handler.verify_token(context, token).await? {
            return Ok(Some(actor));
        }
    }
    Ok(None)
}

/// Makes a token with the named handler, or with the first (TOK-42).
///
/// # Errors
/// There is no such handler, or it cannot make the token.
pub async fn create_with(
    bus: &Bus,
    context: &Context<'_>,
    request: &TokenRequest,
    handler: Option<&str>,
) -> Result<String, HookError> {
    let handlers = bus.register_token_handler(context)?;
    let chosen = match handler {
        Some(name) => handlers.iter().find(|handler| handler.name() == name),
        None => handlers.first(),
    };
    match (chosen, handler) {
        (Some(chosen), _) => chosen.create_token(context, request).await,
        (None, Some(name)) => Err(HookError::failed(format!(
            "Token handler '{name}' not found"
        ))),
        (None, None) => Err(HookError::failed("No token handlers are registered")),
    }
}

/// The restrictions with actions abbreviated where they have an abbreviation (TOK-40).
pub fn abbreviate(restrictions: &TokenRestrictions, actions: &ActionTable) -> TokenRestrictions {
    let short = |names: &Vec<String>| -> Vec<String> {
        let abbreviation = |name: &String| {
            let action = actions.get(name);
            action
                .and_then(|action| action.abbreviation.clone())
                .unwrap_or_else(|| name.clone())
        };
        names.iter().map(abbreviation).collect()
    };
    TokenRestrictions {
        all: short(&restrictions.all),
        database: restrictions
            .database
            .iter()
            .map(|(database, names)| (database.clone(), short(names)))
            .collect(),
        resource: restrictions
            .resource
            .iter()
            .map(|(database, resources)| {
                let resources = resources.iter();
                let resources = resources.map(|(name, names)| (name.clone(), short(names)));
                (database.clone(), resources.collect())
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests;
