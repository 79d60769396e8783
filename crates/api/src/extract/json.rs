use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt as _, Limited};
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::{Fields, FromFields};
use crate::problem::{BODY_INCOMPLETE, INVALID_REQUEST, Problem, TOO_LARGE, TOO_SLOW, UNSUPPORTED_MEDIA_TYPE};

/// Longest small body, bytes. Submissions have their own way in.
const LONGEST: usize = 64 * 1024;
/// Time for the whole of a small body: without one, anybody could hold a connection open for ever.
const PATIENCE: Duration = Duration::from_secs(15);

/// A JSON answer; or, in a handler's arguments, a flat JSON object read by name.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => {
                let mut response = Response::new(Body::from(bytes));
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
                response
            }
            Err(error) => Problem::new(crate::problem::INTERNAL).cause(error).into_response(),
        }
    }
}

impl<T: FromFields, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let members = object(request).await?;
        Fields::new("body", members.into_iter().filter_map(flat)).read().map(Json)
    }
}

/// A JSON object as it came, for what is read by a table of its own.
#[derive(Debug)]
pub struct Members(pub Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Members {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        object(request).await.map(Self)
    }
}

async fn object(request: Request) -> Result<Map<String, Value>, Problem> {
    if !is_json(request.headers()) {
        return Err(Problem::new(UNSUPPORTED_MEDIA_TYPE).detail("Send Content-Type: application/json."));
    }
    let bytes = small_body(request).await?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|error| {
        let place = format!("The body is not JSON at line {}, column {}.", error.line(), error.column());
        Problem::new(INVALID_REQUEST).detail(place)
    })?;
    let Value::Object(members) = value else {
        return Err(Problem::new(INVALID_REQUEST).detail("The body must be a JSON object."));
    };
    Ok(members)
}

/// A whole small body.
pub(crate) async fn small_body(request: Request) -> Result<Vec<u8>, Problem> {
    let Ok(read) = timeout(PATIENCE, Limited::new(request.into_body(), LONGEST).collect()).await else {
        return Err(Problem::new(TOO_SLOW).detail(format!("The body must come within {} seconds.", PATIENCE.as_secs())));
    };
    match read {
        Ok(collected) => Ok(collected.to_bytes().to_vec()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => {
            Err(Problem::new(TOO_LARGE).detail(format!("At most {LONGEST} bytes are taken here.")))
        }
        Err(_) => Err(Problem::new(BODY_INCOMPLETE)),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = text.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// A member as text; `null` is the same as left out. A list of texts is one that only [`Fields::list`] reads; another array
/// or an object is as unreadable as any wrong text.
fn flat((name, value): (String, Value)) -> Option<(String, String)> {
    match value {
        Value::Null => None,
        Value::String(text) => Some((name, text)),
        value @ (Value::Bool(_) | Value::Number(_)) => Some((name, value.to_string())),
        // No other value that the hub takes holds NUL.
        Value::Array(items) if items.iter().all(Value::is_string) => Some((name, format!("\0{}", Value::Array(items)))),
        Value::Array(_) | Value::Object(_) => Some((name, "\0".to_owned())),
    }
}
