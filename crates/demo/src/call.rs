//! Asking the hub's HTTP API with a token of one's own.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hub_domain::{Clock, Timestamp};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::{Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;
use tokio::sync::Mutex;

/// A call to the hub that did not come to what was wanted.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// No answer came, or it broke off.
    #[error("{call}: the hub did not answer")]
    Lost {
        /// Method and path.
        call: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The hub refused.
    #[error("{call}: {status} {detail}")]
    Refused {
        /// Method and path.
        call: String,
        /// HTTP status.
        status: u16,
        /// The problem's code and what it says.
        detail: String,
    },
    /// The answer is not what the API promises.
    #[error("{call}: the answer does not read")]
    Unreadable {
        /// Method and path.
        call: String,
        /// Where and why.
        source: serde_json::Error,
    },
}

/// One client of the hub with its secret, over plain HTTP to this machine.
pub(crate) struct Caller {
    http: Client<HttpConnector, Full<Bytes>>,
    base: String,
    id: String,
    secret: SecretString,
    clock: Arc<dyn Clock>,
    token: Mutex<Option<(SecretString, Timestamp)>>,
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller").field("id", &self.id).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: i64,
}

/// A page of a list.
#[derive(Deserialize)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    next: Option<String>,
}

impl Caller {
    /// The client `id`; nothing is sent yet.
    pub(crate) fn new(base: &str, id: &str, secret: SecretString, clock: Arc<dyn Clock>) -> Self {
        let http = Client::builder(TokioExecutor::new()).build_http();
        Self { http, base: base.to_owned(), id: id.to_owned(), secret, clock, token: Mutex::default() }
    }

    /// Fetches a document.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, CallError> {
        self.ask(Method::GET, path, Bytes::new()).await
    }

    /// Sends a document and reads the answer.
    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, CallError> {
        self.ask(Method::POST, path, Bytes::from(body.to_string())).await
    }

    /// Every item of a list, page after page.
    pub(crate) async fn all<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, CallError> {
        let mut items = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let page: Page<T> = self.get(&path).await?;
            items.extend(page.items);
            next = page.next;
        }
        Ok(items)
    }

    async fn ask<T: DeserializeOwned>(&self, method: Method, path: &str, body: Bytes) -> Result<T, CallError> {
        let token = self.token().await?;
        let request = Request::builder()
            .method(method.clone())
            .uri(format!("{}{path}", self.base))
            .header(AUTHORIZATION, format!("Bearer {}", token.expose_secret()))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(body));
        self.send(format!("{method} {path}"), request).await
    }

    /// The token, fetched when there is none or it is about to end.
    async fn token(&self) -> Result<SecretString, CallError> {
        let mut kept = self.token.lock().await;
        let now = self.clock.now();
        if let Some((token, _)) = kept.as_ref().filter(|(_, until)| now < *until) {
            return Ok(token.clone());
        }
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &self.id)
            .append_pair("client_secret", self.secret.expose_secret())
            .finish();
        let request = Request::post(format!("{}/oauth/token", self.base))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(form)));
        let granted: Granted = self.send("POST /oauth/token".to_owned(), request).await?;
        let until = Timestamp::from_second(now.as_second() + granted.expires_in / 2).unwrap_or(now);
        let token = SecretString::from(granted.access_token);
        *kept = Some((token.clone(), until));
        Ok(token)
    }

    async fn send<T: DeserializeOwned>(
        &self,
        call: String,
        request: Result<Request<Full<Bytes>>, hyper::http::Error>,
    ) -> Result<T, CallError> {
        let lost = |source: Box<dyn std::error::Error + Send + Sync>| CallError::Lost { call: call.clone(), source };
        let request = request.map_err(|error| lost(error.into()))?;
        let response = self.http.request(request).await.map_err(|error| lost(error.into()))?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(|error| lost(error.into()))?.to_bytes();
        if !status.is_success() {
            return Err(CallError::Refused { detail: problem(&body), call, status: status.as_u16() });
        }
        let read = if status == StatusCode::NO_CONTENT {
            serde_json::from_slice(b"null")
        } else {
            serde_json::from_slice(&body)
        };
        read.map_err(|source| CallError::Unreadable { call, source })
    }
}

/// A document that anybody may read.
pub(crate) async fn fetch<T: DeserializeOwned>(base: &str, path: &str, clock: Arc<dyn Clock>) -> Result<T, CallError> {
    let anybody = Caller::new(base, "", SecretString::default(), clock);
    anybody.send(format!("GET {path}"), Request::get(format!("{base}{path}")).body(Full::default())).await
}

/// What a problem document says.
fn problem(body: &[u8]) -> String {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Problem {
        code: String,
        title: String,
        detail: String,
    }
    let problem: Problem = serde_json::from_slice(body).unwrap_or_default();
    format!("{} {} {}", problem.code, problem.title, problem.detail).trim().to_owned()
}
