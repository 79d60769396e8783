//! An answer, read whole.

use reqwest::header::HeaderMap;
use serde_json::Value;

/// An answer of the hub.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Reads a response to its end.
    ///
    /// # Errors
    /// When it breaks off.
    pub async fn read(response: reqwest::Response) -> Result<Self, reqwest::Error> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Self { status, headers, body: response.bytes().await?.to_vec() })
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}: not JSON: {}", self.status, self.text()))
    }

    /// A header, blank when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The `code` of a problem document; blank when the answer is none.
    pub fn code(&self) -> String {
        let is_problem = self.header("content-type") == "application/problem+json";
        let document = if is_problem { self.json() } else { Value::Null };
        document["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The body without what differs from request to request: `request_id`.
    pub fn without_request_id(&self) -> String {
        let Ok(mut document) = serde_json::from_slice::<Value>(&self.body) else { return self.text() };
        if let Some(members) = document.as_object_mut() {
            members.remove("request_id");
        }
        document.to_string()
    }

    /// The answer, which must have `status`.
    ///
    /// # Panics
    /// When it has another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}
