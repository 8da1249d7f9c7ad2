//! A stored query in every format: `/{db}/{name}` where no table has that name (ROUTE-18,
//! ROUTE-19).

use datasette_core::Fault;
use datasette_core::action::{QueryRef, ViewQuery};
use datasette_engine::read::RunPermit;

use super::in_format;
use super::subject::Subject;
use crate::caching;
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// `/{db}/{name}` and `/{db}/{name}.{format}`.
pub(crate) async fn answer(
    visit: &Visit,
    query: &QueryRef,
    format: Option<&str>,
) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let view = instance
        .gate
        .require::<ViewQuery>(visit.actor(), query)
        .await?;
    let writes = query.stored().is_write;
    let subject = match writes {
        true => Subject::Writing(view),
        false => Subject::Stored(RunPermit::require(instance, &view).await?),
    };
    let mut answer = in_format(visit, &subject, format).await?;
    if writes && format.is_none() {
        answer = reply::unframeable(answer);
    }
    let answer = caching::with_lifetime(visit, answer);
    Ok(caching::without_referrer(answer))
}
