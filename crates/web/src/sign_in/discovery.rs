//! What an issuer says of itself (OpenID Connect Discovery 1.0), and its public keys: read when first wanted, and again
//! every hour, or when a token is signed by a key that was not there.

use std::sync::{Arc, Mutex, PoisonError};

use hub_domain::Timestamp;
use jiff::SignedDuration;
use reqwest::Client;
use serde::Deserialize;
use url::Url;

use super::provider::{ProviderError, read, read_text};

/// What was read is good for so long.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(1);
/// It is not read again sooner than this, whoever asks.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// Where to send people, and which keys to believe.
#[derive(Debug)]
pub(super) struct Found {
    /// Its name, letter for letter as it stands in its tokens.
    pub(super) issuer: String,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    /// A JWK set, as it was sent.
    pub(super) keys: String,
    read_at: Timestamp,
}

/// The discovery document's members that matter.
#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
}

/// One issuer's discovery.
#[derive(Debug)]
pub(super) struct Discovery {
    client: Client,
    issuer: String,
    found: Mutex<Option<Arc<Found>>>,
}

impl Discovery {
    pub(super) fn new(client: Client, issuer: &Url) -> Self {
        Self { client, issuer: issuer.as_str().trim_end_matches('/').to_owned(), found: Mutex::default() }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// What the issuer said last, unless that was too long ago.
    pub(super) async fn found(&self, now: Timestamp) -> Result<Arc<Found>, ProviderError> {
        match self.kept().filter(|found| now.duration_since(found.read_at) < GOOD_FOR) {
            Some(found) => Ok(found),
            None => self.ask(now).await,
        }
    }

    /// What it says now, unless it was asked a moment ago.
    pub(super) async fn read_again(&self, now: Timestamp) -> Result<Arc<Found>, ProviderError> {
        match self.kept().filter(|found| now.duration_since(found.read_at) < PAUSE) {
            Some(found) => Ok(found),
            None => self.ask(now).await,
        }
    }

    fn kept(&self) -> Option<Arc<Found>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn ask(&self, now: Timestamp) -> Result<Arc<Found>, ProviderError> {
        let place = format!("{}/.well-known/openid-configuration", self.issuer);
        let document: Document = read(self.client.get(place)).await?;
        // Discovery 1.0 section 4.3: another name would let one issuer speak for another.
        if document.issuer.trim_end_matches('/') != self.issuer {
            return Err(ProviderError::Answer("it names another issuer"));
        }
        for address in [&document.authorization_endpoint, &document.token_endpoint, &document.jwks_uri] {
            let is_plain = address.scheme() == "http" && self.issuer.starts_with("http://");
            if address.scheme() != "https" && !is_plain {
                return Err(ProviderError::Answer("an address of it is not https"));
            }
        }
        let keys = read_text(self.client.get(document.jwks_uri)).await?;
        let (authorization_endpoint, token_endpoint) = (document.authorization_endpoint, document.token_endpoint);
        let issuer = document.issuer;
        let found = Arc::new(Found { issuer, authorization_endpoint, token_endpoint, keys, read_at: now });
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&found));
        Ok(found)
    }
}
