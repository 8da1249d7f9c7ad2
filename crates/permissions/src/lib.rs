//! May this actor do this to that: rules, cascade, [`Permit`]; signatures, cookies and tokens that
//! say who the actor is.

mod action_table;
mod actor_cookie;
mod base62;
mod cascade;
mod default_plugins;
mod derived;
mod explain;
mod gate;
mod limits;
mod permit;
mod recent;
mod refusal;
mod root_token;
mod rule;
mod rulebook;
mod signing;
mod sources;
mod token;
mod token_value;

pub use action_table::ActionTable;
pub use actor_cookie::{ActorCookie, actor_cookie_value};
pub use default_plugins::{Authority, default_plugins};
pub use explain::{Explanation, MatchedRule, RestrictionCheck};
pub use gate::{Candidate, Gate, Granted, Grants, RuleResolver, Viewable, Visible};
pub use permit::Permit;
pub use recent::RecentCheck;
pub use root_token::{RootToken, RootTokenRefused};
pub use signing::{Signer, generate_secret};
pub use sources::Flags;
pub use token::{SignedTokens, abbreviate, create_with, verify_with};
pub use token_value::{TokenLimits, create_token_value, verify_token_value};
