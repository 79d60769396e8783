//! Answers that say what is wrong (RFC 9457): one shape, whether a handler, an extractor, the router or a panic made it.

mod kind;
mod refusals;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::error::Error;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use kind::*;
pub use kind::{KINDS, Kind};

/// Seconds after which a caller may try again when the hub itself is in trouble.
pub(crate) const RETRY_AFTER: u32 = 10;

/// A problem on its way to the caller. What the operator should know travels beside it and is logged once, with the
/// request's id; the caller never sees it.
#[derive(Debug, Clone)]
pub struct Problem {
    kind: &'static Kind,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    headers: Vec<(HeaderName, HeaderValue)>,
    members: Vec<(&'static str, serde_json::Value)>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

/// One thing wrong with the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct FieldError {
    /// JSON Pointer to what is wrong, within `{path, query, header, body}`: `/query/as_at`.
    pub pointer: String,
    /// What is wanted there. Never repeats what was sent.
    pub detail: Cow<'static, str>,
    /// The regulation or policy that wants it, where one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
}

impl FieldError {
    /// What is wanted at a place, by the address itself.
    pub(crate) fn at(pointer: impl Into<String>, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into(), rule: None }
    }
}

/// The document (`application/problem+json`). Some codes add members of their own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Document<'a> {
    /// An address that explains the code.
    #[serde(rename = "type")]
    kind: String,
    /// What kind of problem it is; the same for every case.
    title: &'a str,
    /// HTTP status.
    status: u16,
    /// Stable, kebab-case, for programs.
    code: &'a str,
    /// What is wrong in this case and what to do about it.
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
    /// The request's id, to be named when asking about it.
    #[serde(skip_serializing_if = "str::is_empty")]
    request_id: &'a str,
    /// What is wrong with the request, place by place.
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    errors: &'a [FieldError],
    #[serde(flatten)]
    #[schema(ignore)]
    members: serde_json::Map<String, serde_json::Value>,
}

impl Problem {
    /// A problem of that kind, with nothing to add to its title.
    pub(crate) fn new(kind: &'static Kind) -> Self {
        Self {
            kind,
            detail: Cow::Borrowed(""),
            errors: Vec::new(),
            headers: Vec::new(),
            members: Vec::new(),
            cause: None,
        }
    }

    /// What is wrong in this case and what to do about it; never a value that was sent.
    pub(crate) fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = detail.into();
        self
    }

    /// What is wrong with the request, place by place.
    pub(crate) fn errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// A member of this code's own.
    pub(crate) fn member(mut self, name: &'static str, value: impl Into<serde_json::Value>) -> Self {
        self.members.push((name, value.into()));
        self
    }

    /// When to try again, seconds.
    pub(crate) fn retry_after(self, seconds: u32) -> Self {
        self.header(header::RETRY_AFTER, seconds.into())
    }

    /// A header of this case's own.
    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same where a reporting key, sent by HTTP Basic, would do as well as a token: tools that show a password only
    /// when they are asked for one are asked.
    pub(crate) fn also_by_password(self) -> Self {
        if self.kind.status != StatusCode::UNAUTHORIZED {
            return self;
        }
        self.header(header::WWW_AUTHENTICATE, HeaderValue::from_static(r#"Basic realm="hub", charset="UTF-8""#))
    }

    /// What the operator should know.
    pub(crate) fn cause(mut self, cause: impl Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Arc::new(cause));
        self
    }

    /// The kind of problem.
    pub fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// The whole chain of what caused it, for the log.
    pub(crate) fn chain(&self) -> Option<String> {
        let first = self.cause.as_deref()?;
        let mut text = first.to_string();
        let mut next = first.source();
        while let Some(cause) = next {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            next = cause.source();
        }
        Some(text)
    }

    /// The answer, naming the request.
    pub(crate) fn render(&self, request_id: &str) -> Response {
        let body = serde_json::to_vec(&self.document(request_id)).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.kind.status;
        self.head(response.headers_mut());
        response
    }

    fn document<'a>(&'a self, request_id: &'a str) -> Document<'a> {
        Document {
            kind: format!("/problems/{}", self.kind.code),
            title: self.kind.title,
            status: self.kind.status.as_u16(),
            code: self.kind.code,
            detail: &self.detail,
            request_id,
            errors: &self.errors,
            members: self.members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        }
    }

    fn head(&self, headers: &mut HeaderMap) {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.kind.status == StatusCode::UNAUTHORIZED {
            let by_token = r#"Bearer realm="hub", error="invalid_token""#;
            let way = if self.kind == INVALID_CLIENT { r#"Basic realm="hub""# } else { by_token };
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(way));
        }
        for (name, value) in &self.headers {
            headers.append(name, value.clone());
        }
    }
}

impl IntoResponse for Problem {
    /// The problem travels in the answer's extensions too, so that the gate can add the request's id and log the cause.
    fn into_response(self) -> Response {
        let mut response = self.render("");
        response.extensions_mut().insert(self);
        response
    }
}
