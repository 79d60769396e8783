//! Long lists in pages: newest first, by place rather than by number, so that what arrives meanwhile shifts nothing.

use std::str::FromStr;

use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub_domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::extract::{Fields, Json};

const USUAL: i64 = 50;
const MOST: i64 = 200;

/// Where a page begins and how long it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    /// Rows on the page.
    pub(crate) limit: i64,
    /// The last row of the page before.
    pub(crate) after: Option<(Timestamp, Uuid)>,
}

/// A place in a list: opaque to callers.
#[derive(Debug, Clone, Copy)]
struct Cursor(Timestamp, Uuid);

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Address of the next page; also in the `Link` header. Absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Page {
    /// Reads `limit` and `cursor`.
    pub(crate) fn read(fields: &mut Fields) -> Option<Self> {
        let limit = fields.or("limit", "a whole number from 1 to 200", USUAL)?;
        if !(1..=MOST).contains(&limit) {
            fields.refuse("limit", "a whole number from 1 to 200");
        }
        let cursor: Option<Cursor> = fields.optional("cursor", "the cursor of a next link")?;
        Some(Self { limit, after: cursor.map(|Cursor(at, id)| (at, id)) })
    }
}

impl<T> List<T> {
    /// The whole list, when it is short enough for one page.
    pub(crate) fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// A page, and the way to the next when this one is full.
    pub(crate) fn page(items: Vec<T>, page: Page, uri: &Uri, place: impl Fn(&T) -> (Timestamp, Uuid)) -> Self {
        let full = i64::try_from(items.len()).is_ok_and(|rows| rows >= page.limit);
        let last = items.last().filter(|_| full).map(place);
        Self { next: last.map(|(at, id)| next(uri, Cursor(at, id))), items }
    }
}

impl<T: Serialize> IntoResponse for List<T> {
    fn into_response(self) -> Response {
        let link = self.next.as_deref().and_then(link);
        let mut response = Json(self).into_response();
        if let Some(link) = link {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

/// The same address with another cursor.
fn next(uri: &Uri, cursor: Cursor) -> String {
    onward(uri, "cursor", &cursor.encode())
}

/// The same address with another value of one name, which needs no encoding.
pub(crate) fn onward(uri: &Uri, name: &str, value: &str) -> String {
    let is_old = |pair: &&str| pair.split('=').next() == Some(name);
    let kept = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !is_old(pair));
    let mut query: Vec<String> = kept.map(str::to_owned).collect();
    query.push(format!("{name}={value}"));
    format!("{}?{}", uri.path(), query.join("&"))
}

/// The header that names the next page.
pub(crate) fn link(next: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok()
}

impl Cursor {
    fn encode(self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}/{}", self.0.as_microsecond(), self.1))
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ())?;
        let text = String::from_utf8(bytes).map_err(|_| ())?;
        let (at, id) = text.split_once('/').ok_or(())?;
        let at = Timestamp::from_microsecond(at.parse().map_err(|_| ())?).map_err(|_| ())?;
        Ok(Self(at, id.parse().map_err(|_| ())?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_keeps_the_filters_and_begins_where_this_one_ends() {
        let uri: Uri = "/v1/submissions?dataset=placements&cursor=old&limit=2".parse().unwrap();
        let page = Page { limit: 2, after: None };
        let at = |second| (Timestamp::from_second(second).unwrap(), Uuid::from_u128(7));
        let list = List::page(vec![5, 4], page, &uri, |second| at(*second));
        let next = list.next.unwrap();
        let (rest, cursor) = next.split_once("&cursor=").unwrap();
        assert_eq!(rest, "/v1/submissions?dataset=placements&limit=2");
        let Cursor(when, id) = cursor.parse().unwrap();
        assert_eq!((when, id), at(4));
        assert!(List::page(vec![5], page, &uri, |second| at(*second)).next.is_none(), "a short page is the last");
        for junk in ["", "!", "AAAA", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5Lzk"] {
            assert!(junk.parse::<Cursor>().is_err(), "{junk}");
        }
    }
}
