//! Long lists in pages, newest first, by place rather than by number: what arrives meanwhile shifts nothing.

use hub_domain::Timestamp;
use uuid::Uuid;

use super::page::Page;
use crate::refused::Refused;

/// Rows on a page.
const USUAL: i64 = 50;

/// Where a page of a list begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paging {
    /// Rows on the page.
    pub(crate) limit: i64,
    /// The last row of the page before.
    pub(crate) after: Option<(Timestamp, Uuid)>,
}

impl Paging {
    /// Reads `?after=` of the page's query.
    pub(crate) fn read(page: &Page) -> Result<Self, Refused> {
        let place = |text: &str| {
            let (at, id) = text.split_once('_')?;
            Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, id.parse().ok()?))
        };
        let after = page.query().get("after").map(|text| place(text).ok_or(Refused::NotFound)).transpose()?;
        Ok(Self { limit: USUAL, after })
    }

    /// The query of the page after this one, if this one is full; its last row stands there.
    pub(crate) fn next(&self, rows: usize, last: Option<(Timestamp, Uuid)>) -> Option<String> {
        let is_full = i64::try_from(rows).is_ok_and(|rows| rows >= self.limit);
        last.filter(|_| is_full).map(|(at, id)| format!("after={}_{id}", at.as_microsecond()))
    }
}
