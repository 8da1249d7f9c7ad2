//! Changing tables: making and altering them, and the types that columns are given.

mod alter_plan;
mod alter_question;
mod column_draft;
mod create_plan;
mod create_question;
mod default_expression;
mod default_text;
mod members;
mod python_text;
mod rebuild;
mod set_type_question;
mod table_changes;

pub use alter_plan::{AlterPlan, plan_alter};
pub use alter_question::{AlterQuestion, NewForeignKey, Operation};
pub use create_plan::{inferred, plan_create};
pub use create_question::{CreateContent, CreateQuestion, NewColumn};
pub use default_expression::DefaultExpression;
pub use default_text::NewDefault;
pub use rebuild::{Rebuild, plan_rebuild};
pub use set_type_question::{SetTypeQuestion, WantedType};
pub use table_changes::TableChanges;
