//! `allow`, `allow_sql` and `permissions`.

use indexmap::IndexMap;

use crate::allow::AllowBlock;
use crate::mistake::{Mistake, Place};

/// An allow block, if there is one.
pub(super) fn allow(place: Place<'_>) -> Result<Option<AllowBlock>, Mistake> {
    AllowBlock::from_json(place.value()).map_err(|_| {
        // PERM-10: refused here rather than failing when somebody asks.
        place.must_be("true, false or a mapping of actor properties")
    })
}

/// Allow blocks by action; actions without one are left out.
pub(super) fn permissions(place: Place<'_>) -> Result<IndexMap<String, AllowBlock>, Mistake> {
    let mut blocks = IndexMap::new();
    for (action, value) in place.mapping()?.into_iter().flatten() {
        if let Some(block) = allow(place.at(action, value))? {
            blocks.insert(action.clone(), block);
        }
    }
    Ok(blocks)
}
