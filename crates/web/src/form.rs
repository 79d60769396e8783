//! Fields of a query or of a form, as browsers send them.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use http_body_util::{BodyExt as _, Limited};
use url::form_urlencoded;

use crate::refused::Refused;

/// Longer than any form of ours.
const LONGEST: usize = 64 << 10;

/// Names and values, in the order in which they were sent.
#[derive(Clone, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl std::fmt::Debug for Fields {
    /// Without values: people write about children.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Fields {
    /// Reads `a=b&c=d`.
    pub(crate) fn read(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// Names and values that were read elsewhere.
    pub(crate) fn of(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The first value of that name, trimmed, unless it is blank.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.trim());
        found.filter(|value| !value.is_empty())
    }

    /// Every value of that name that is not blank: boxes that were ticked.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let own = self.0.iter().filter(move |(own, _)| own == name);
        own.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The value of that name, read as a `T`; `None` when it is not there.
    ///
    /// # Errors
    /// When it is there and is no `T`; `wanted` says what is, such as `a date such as 2026-04-01`.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, name: &str, wanted: &str) -> Result<Option<T>, Refused> {
        let read = |text: &str| text.parse().map_err(|_| Refused::Invalid(format!("{name} must be {wanted}.")));
        self.get(name).map(read).transpose()
    }
}

/// A form that was sent.
#[derive(Debug)]
pub(crate) struct Form(pub(crate) Fields);

impl<S: Sync> FromRequest<S> for Form {
    type Rejection = Refused;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Refused> {
        let read = Limited::new(request.into_body(), LONGEST).collect().await;
        let body = read.map_err(|_| Refused::Invalid("The form is longer than any of this hub's.".to_owned()))?;
        let body = body.to_bytes();
        if body.contains(&0) || std::str::from_utf8(&body).is_err() {
            return Err(Refused::Invalid("The form holds what is not text.".to_owned()));
        }
        let fields = Fields::read(&body);
        // PostgreSQL keeps no NUL in text: refused at the door, on both databases alike.
        if fields.0.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
            return Err(Refused::Invalid("The form holds what is not text.".to_owned()));
        }
        Ok(Self(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_absent_and_values_are_not_shown() {
        let fields = Fields::read(b"a=+1+&b=+&a=2&note=canary%20child");
        assert_eq!(fields.get("a"), Some("1"));
        assert_eq!(fields.get("b"), None);
        assert_eq!(fields.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(fields.parsed::<u8>("a", "a number").unwrap(), Some(1));
        assert!(!format!("{fields:?}").contains("canary"));
        let refused = fields.parsed::<u8>("note", "a number").unwrap_err();
        assert!(!refused.advice().contains("canary"), "{}", refused.advice());
    }
}
