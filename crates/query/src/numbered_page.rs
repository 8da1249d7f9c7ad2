//! Pages that are counted from one: `_page` and `_size` of the lists about permissions (DEBUG-36).

use datasette_core::{Fault, QueryString};

use crate::bounds::{self, is_long_integer};
use crate::number;

const DEFAULT_SIZE: u32 = 50;
const LARGEST_SIZE: u32 = 200;

/// One page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberedPage {
    /// Its number, from 1.
    pub number: u64,
    /// How many items a page has, up to 200.
    pub size: usize,
}

impl NumberedPage {
    /// Reads `_page` and `_size`.
    ///
    /// # Errors
    /// 400 when one of them is no such number or too large.
    pub fn parse(arguments: &QueryString) -> Result<Self, Fault> {
        let number = match arguments.get("_page") {
            None => 1,
            Some(text) => whole(text)
                .filter(|number| *number > 0)
                .ok_or_else(|| Fault::bad_request("_page must be a positive integer"))?,
        };
        let size = bounds::page_size(arguments, LARGEST_SIZE)?.unwrap_or(DEFAULT_SIZE);
        let size = usize::try_from(size).unwrap_or_default();
        Ok(Self { number, size })
    }

    /// Where the page begins in the list, counted from 0.
    pub fn offset(self) -> usize {
        let before = usize::try_from(self.number - 1).unwrap_or(usize::MAX);
        before.saturating_mul(self.size)
    }

    /// The items of a list that are on the page.
    pub fn of<T>(self, list: &[T]) -> &[T] {
        let start = self.offset().min(list.len());
        let end = start.saturating_add(self.size).min(list.len());
        &list[start..end]
    }

    /// Whether a list of that many items goes on after the page.
    pub fn has_next(self, total: usize) -> bool {
        total > self.offset().saturating_add(self.size)
    }
}

/// A number that is not negative; what is too long counts as the largest.
fn whole(text: &str) -> Option<u64> {
    match number::integer(text) {
        Some(number) => u64::try_from(number).ok(),
        None => is_long_integer(text).then_some(i64::MAX.unsigned_abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<(u64, usize), String> {
        NumberedPage::parse(&QueryString::parse(text))
            .map(|page| (page.number, page.size))
            .map_err(|fault| fault.message())
    }

    // Proves: DEBUG-36, PERM-80, PERM-81
    #[test]
    fn numbers_and_their_limits() {
        let page = Err("_page must be a positive integer".to_owned());
        let size = Err("_size must be a positive integer".to_owned());
        assert_eq!(parsed(""), Ok((1, 50)));
        assert_eq!(parsed("_page=3&_size="), Ok((3, 50)));
        assert_eq!(parsed("_size=max"), Ok((1, 200)));
        assert_eq!(parsed("_size=0"), Ok((1, 0)));
        assert_eq!(parsed("_size=200&_page=%202_0"), Ok((20, 200)));
        assert_eq!(
            parsed("_page=99999999999999999999"),
            Ok((i64::MAX as u64, 50))
        );
        for text in ["_page=0", "_page=-1", "_page=", "_page=x", "_page=1.0"] {
            assert_eq!(parsed(text), page, "{text}");
        }
        for text in ["_size=-1", "_size=x"] {
            assert_eq!(parsed(text), size, "{text}");
        }
        for text in ["_size=201", "_size=99999999999999999999"] {
            assert_eq!(
                parsed(text),
                Err("_size must be <= 200".to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn pages_of_a_list() {
        let list = [0, 1, 2, 3, 4];
        let page = |number, size| NumberedPage { number, size };
        assert_eq!(page(1, 2).of(&list), [0, 1]);
        assert_eq!(page(3, 2).of(&list), [4]);
        assert_eq!(page(u64::MAX, 200).of(&list), [0; 0]);
        assert!(page(2, 2).has_next(5) && !page(2, 2).has_next(4));
        assert!(page(1, 0).has_next(1) && !page(9, 2).has_next(5));
    }
}
