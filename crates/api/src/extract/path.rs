use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use hub_domain::{AuthorityCode, Dataset};
use uuid::Uuid;

use crate::problem::{NOT_FOUND, Problem};

/// Parts of the path. One that does not read names nothing, so it is "not found", not "invalid".
#[derive(Debug)]
pub struct Path<T>(pub T);

/// What may stand in a path.
pub trait FromPath: Sized {
    /// Reads the parts in order.
    fn from_path<'a>(parts: impl Iterator<Item = &'a str>) -> Option<Self>;
}

impl FromPath for Uuid {
    fn from_path<'a>(mut parts: impl Iterator<Item = &'a str>) -> Option<Self> {
        // Only the usual form: the other forms uuid reads would give one thing several addresses.
        parts.next().filter(|text| text.len() == 36)?.parse().ok()
    }
}

impl FromPath for Dataset {
    fn from_path<'a>(mut parts: impl Iterator<Item = &'a str>) -> Option<Self> {
        parts.next()?.parse().ok()
    }
}

impl FromPath for String {
    fn from_path<'a>(mut parts: impl Iterator<Item = &'a str>) -> Option<Self> {
        parts.next().filter(|text| !text.contains('\0')).map(str::to_owned)
    }
}

impl FromPath for AuthorityCode {
    fn from_path<'a>(mut parts: impl Iterator<Item = &'a str>) -> Option<Self> {
        parts.next()?.parse().ok()
    }
}

impl FromPath for (Uuid, i64) {
    fn from_path<'a>(mut parts: impl Iterator<Item = &'a str>) -> Option<Self> {
        let id = Uuid::from_path(&mut parts)?;
        // Only the usual form here too: no sign, no leading nought.
        let text = parts.next().filter(|text| text.starts_with(|first: char| matches!(first, '1'..='9')))?;
        Some((id, text.parse().ok()?))
    }
}

impl FromPath for (Uuid, String) {
    fn from_path<'a>(mut parts: impl Iterator<Item = &'a str>) -> Option<Self> {
        Some((Uuid::from_path(&mut parts)?, String::from_path(&mut parts)?))
    }
}

impl<T: FromPath, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let raw = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::new(NOT_FOUND))?;
        T::from_path(raw.iter().map(|(_, value)| value)).map(Path).ok_or_else(|| Problem::new(NOT_FOUND))
    }
}
