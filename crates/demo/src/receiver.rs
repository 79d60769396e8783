//! A host authority's system: takes webhooks on this machine, believes only what the hub's published keys signed.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
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

/// Takes one letter: 204 when it is believed, 401 when not.
async fn take(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let believed = match desk.check(&headers, &body) {
        // The hub may have a new key.
        Err(Unverified::NoMatch) if desk.read_keys().await.is_ok() => desk.check(&headers, &body),
        checked => checked,
    };
    let letter = serde_json::from_slice::<Letter>(&body);
    match (believed, letter) {
        (Ok(()), Ok(letter)) => {
            let id = header(&headers, "webhook-id").to_owned();
            desk.letters.lock().unwrap_or_else(PoisonError::into_inner).insert(id, letter.kind);
            StatusCode::NO_CONTENT
        }
        (believed, _) => {
            tracing::warn!(reason = ?believed.err(), "a webhook was not believed");
            *desk.refused.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            StatusCode::UNAUTHORIZED
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
