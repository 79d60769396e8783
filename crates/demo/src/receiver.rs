//! A host authority's system: takes webhooks on this machine, believes only what the hub's published keys signed.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use hub_domain::{AuthorityCode, Clock};
use hub_webhook::{Jwk, Received, Unverified, Verifier, VerifyingKey, verify};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::call::{CallError, fetch};

/// The receivers of all hosts. Dropped, they stop.
#[derive(Debug, Default)]
pub(crate) struct Receivers {
    all: BTreeMap<AuthorityCode, Arc<Desk>>,
    serving: JoinSet<()>,
}

/// What one host has been sent.
#[derive(Debug)]
struct Desk {
    base: String,
    clock: Arc<dyn Clock>,
    keys: Mutex<Vec<Verifier>>,
    /// Event types by `webhook-id`: a letter that comes twice is one letter.
    letters: Mutex<BTreeMap<String, String>>,
    refused: Mutex<u64>,
}

/// What a host's receiver took in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Different letters, each verified.
    pub(crate) letters: u64,
    /// Letters that were not believed.
    pub(crate) refused: u64,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Published>,
}

#[derive(Deserialize)]
struct Published {
    purpose: String,
    #[serde(flatten)]
    key: Jwk,
}

#[derive(Deserialize)]
struct Letter {
    #[serde(rename = "type")]
    kind: String,
    data: LetterData,
}

#[derive(Deserialize)]
struct LetterData {
    /// Only in a challenge: the token to be given back.
    challenge: Option<String>,
}

impl Receivers {
    /// Opens a receiver for a host; its address.
    pub(crate) async fn open(
        &mut self,
        host: AuthorityCode,
        base: &str,
        clock: Arc<dyn Clock>,
    ) -> std::io::Result<String> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let desk = Arc::new(Desk {
            base: base.to_owned(),
            clock,
            keys: Mutex::default(),
            letters: Mutex::default(),
            refused: Mutex::default(),
        });
        self.all.insert(host, Arc::clone(&desk));
        let router = Router::new().route("/notices", post(take)).with_state(desk);
        self.serving.spawn(async move {
            // It serves until the play is over; a connection that breaks is the sender's to try again.
            let _ = axum::serve(listener, router).await;
        });
        Ok(format!("http://{address}/notices"))
    }

    /// Whether the host has a receiver.
    pub(crate) fn has(&self, host: AuthorityCode) -> bool {
        self.all.contains_key(&host)
    }

    /// What a host has taken in; nothing where it has no receiver.
    pub(crate) fn taken(&self, host: AuthorityCode) -> Taken {
        let Some(desk) = self.all.get(&host) else { return Taken::default() };
        let letters = desk.letters.lock().unwrap_or_else(PoisonError::into_inner).len();
        let refused = *desk.refused.lock().unwrap_or_else(PoisonError::into_inner);
        Taken { letters: u64::try_from(letters).unwrap_or(u64::MAX), refused }
    }
}

/// Takes one letter: 204 when it is believed, 401 when not. A challenge is answered with its token.
async fn take(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> Response {
    let believed = match desk.check(&headers, &body) {
        // The hub may have a new key.
        Err(Unverified::NoMatch) if desk.read_keys().await.is_ok() => desk.check(&headers, &body),
        checked => checked,
    };
    let letter = serde_json::from_slice::<Letter>(&body);
    match (believed, letter) {
        (Ok(()), Ok(Letter { data: LetterData { challenge: Some(token) }, .. })) => token.into_response(),
        (Ok(()), Ok(letter)) => {
            let id = header(&headers, "webhook-id").to_owned();
            desk.letters.lock().unwrap_or_else(PoisonError::into_inner).insert(id, letter.kind);
            StatusCode::NO_CONTENT.into_response()
        }
        (believed, _) => {
            tracing::warn!(reason = ?believed.err(), "a webhook was not believed");
            *desk.refused.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            StatusCode::UNAUTHORIZED.into_response()
        }
    }
}

impl Desk {
    fn check(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Unverified> {
        let received = Received {
            id: header(headers, "webhook-id"),
            timestamp: header(headers, "webhook-timestamp"),
            signature: header(headers, "webhook-signature"),
        };
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        verify(&received, body, &keys, self.clock.now())
    }

    async fn read_keys(&self) -> Result<(), CallError> {
        let set: KeySet = fetch(&self.base, "/.well-known/jwks.json", Arc::clone(&self.clock)).await?;
        let webhook = set.keys.iter().filter(|published| published.purpose == "webhook");
        let keys = webhook
            .filter_map(|published| VerifyingKey::from_jwk(&published.key).ok())
            .map(Verifier::Ed25519)
            .collect();
        *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use http_body_util::Full;
    use hub_domain::{IdSource as _, ManualClock, RandomIds};
    use hub_webhook::{Signer, SigningKey, sign};
    use hyper_util::client::legacy::Client;
    use hyper_util::rt::TokioExecutor;

    use super::*;

    const NOW: &str = "2026-11-16T05:00:00Z";

    /// A hub that publishes one webhook key and nothing else; its address.
    async fn publish(key: &SigningKey) -> String {
        let mut jwk = serde_json::to_value(key.verifying_key().to_jwk()).unwrap();
        jwk["purpose"] = "webhook".into();
        let set = serde_json::json!({ "keys": [jwk] }).to_string();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/.well-known/jwks.json", get(|| async { set }));
        tokio::spawn(async move { axum::serve(listener, router).await });
        base
    }

    /// Sends a letter signed for `signed` with the body `sent`; the answer's status.
    async fn send(url: &str, key: &SigningKey, id: uuid::Uuid, (signed, sent): (&str, &str)) -> u16 {
        let headers = sign(&id.to_string(), NOW.parse().unwrap(), signed.as_bytes(), &[Signer::Ed25519(key.clone())]);
        let request = hyper::Request::post(url)
            .header("webhook-id", headers.id)
            .header("webhook-timestamp", headers.timestamp)
            .header("webhook-signature", headers.signature)
            .body(Full::new(Bytes::from(sent.to_owned())));
        let client = Client::builder(TokioExecutor::new()).build_http();
        client.request(request.unwrap()).await.unwrap().status().as_u16()
    }

    #[tokio::test]
    async fn only_what_the_published_key_signed_is_believed_and_a_letter_twice_is_one() {
        let (own, strange) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
        let base = publish(&own).await;
        let clock = Arc::new(ManualClock::at(NOW.parse().unwrap()));
        let host: AuthorityCode = "E10000016".parse().unwrap();
        let mut receivers = Receivers::default();
        let url = receivers.open(host, &base, clock.clone()).await.unwrap();
        let (id, body) = (RandomIds.next(), r#"{"type":"notice.raised","data":{}}"#);
        assert_eq!(send(&url, &own, id, (body, body)).await, 204);
        assert_eq!(send(&url, &own, id, (body, body)).await, 204);
        assert_eq!(receivers.taken(host), Taken { letters: 1, refused: 0 });
        let other = r#"{"type":"notice.ended","data":{}}"#;
        assert_eq!(send(&url, &own, RandomIds.next(), (body, other)).await, 401, "another body");
        assert_eq!(send(&url, &strange, RandomIds.next(), (body, body)).await, 401, "another key");
        clock.advance(3_600);
        assert_eq!(send(&url, &own, RandomIds.next(), (body, body)).await, 401, "an hour old");
        assert_eq!(receivers.taken(host), Taken { letters: 1, refused: 3 });
    }
}
