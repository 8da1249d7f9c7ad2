//! A site that is asked without a socket, through the same router as everybody else's.

use std::path::PathBuf;
use std::sync::Arc;

use datasette_core::Actor;
use datasette_engine::Instance;
use datasette_permissions::{Signer, actor_cookie_value};
use datasette_web::App;
use datasette_web::in_process::{self, Question};
use tempfile::TempDir;

use crate::answer::Answer;
use crate::build::SiteBuilder;
use crate::{fixtures, hostile};

/// A running site. Its databases live in a temporary folder.
pub struct TestSite {
    app: Arc<App>,
    signer: Signer,
    folder: TempDir,
}

impl TestSite {
    pub(crate) fn new(app: Arc<App>, signer: Signer, folder: TempDir) -> Self {
        Self {
            app,
            signer,
            folder,
        }
    }

    /// A site that is still empty.
    pub fn build() -> SiteBuilder {
        SiteBuilder::default()
    }

    /// A site with one database, `data`, made by these statements.
    pub async fn with(sql: &str) -> Self {
        Self::build().database("data", sql).start().await
    }

    /// A site with the databases `fixtures` and `hostile`.
    pub async fn fixtures() -> Self {
        Self::build()
            .database("fixtures", fixtures::SQL)
            .database("hostile", hostile::SQL)
            .start()
            .await
    }

    /// What is served.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// The instance, for tests below HTTP.
    pub fn instance(&self) -> &Arc<Instance> {
        &self.app.instance
    }

    /// The file of a database.
    pub fn path(&self, database: &str) -> PathBuf {
        self.folder.path().join(format!("{database}.db"))
    }

    /// The value of the cookie that says who asks.
    pub fn cookie(&self, actor: &Actor) -> String {
        actor_cookie_value(&self.signer, actor, None)
    }

    /// The signer of its cookies and tokens.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Asks for a page as nobody in particular.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Question::get(path)).await
    }

    /// Asks for a page as this actor.
    pub async fn get_as(&self, actor: &Actor, path: &str) -> Answer {
        let cookie = format!("ds_actor={}", self.cookie(actor));
        self.ask(Question::get(path).header("cookie", &cookie))
            .await
    }

    /// Asks anything.
    ///
    /// # Panics
    /// The question cannot be put, or the answer breaks off.
    pub async fn ask(&self, question: Question) -> Answer {
        let asked = in_process::ask(Arc::clone(&self.app), question).await;
        let mut answer = asked.expect("a question that can be put");
        let mut body = Vec::new();
        while let Some(part) = answer.next_part().await {
            body.extend_from_slice(&part.expect("an answer that does not break off"));
        }
        let headers = answer.headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        });
        Answer {
            status: answer.status.as_u16(),
            headers: headers.collect(),
            body,
        }
    }
}
