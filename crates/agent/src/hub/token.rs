//! The access token: fetched when needed, kept for most of its life, fetched once for all callers.

use std::sync::Arc;

use hub_domain::{Clock, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::assertion::{ASSERTION_TYPE, sign};
use super::error::HubError;
use super::{HubClient, answer};
use crate::settings::Proof;

/// Share of a token's life after which it is replaced, in percent.
const KEEP_PERCENT: i64 = 80;

/// Gets and keeps the token of one client.
pub(crate) struct TokenSource {
    client_id: String,
    proof: Proof,
    clock: Arc<dyn Clock>,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    token: SecretString,
    until: Timestamp,
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: i64,
}

/// RFC 6749 section 5.2, or a problem document.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Refusal {
    error: String,
    error_description: String,
    title: String,
    detail: String,
}

impl TokenSource {
    pub(crate) fn new(client_id: String, proof: Proof, clock: Arc<dyn Clock>) -> Self {
        Self { client_id, proof, clock, kept: Mutex::new(None) }
    }

    /// The token, fetched from `hub` when there is none that will hold.
    pub(crate) async fn get(&self, hub: &HubClient) -> Result<SecretString, HubError> {
        let mut kept = self.kept.lock().await;
        let now = self.clock.now();
        if let Some(kept) = kept.as_ref().filter(|kept| now < kept.until) {
            return Ok(kept.token.clone());
        }
        let granted = self.request(hub).await?;
        let holds = granted.expires_in.saturating_mul(1000).saturating_mul(KEEP_PERCENT) / 100;
        let until = Timestamp::from_millisecond(now.as_millisecond().saturating_add(holds)).unwrap_or(now);
        let token = SecretString::from(granted.access_token);
        *kept = Some(Kept { token: token.clone(), until });
        Ok(token)
    }

    /// Forgets the token, so that the next caller fetches another.
    pub(crate) async fn forget(&self) {
        *self.kept.lock().await = None;
    }

    async fn request(&self, hub: &HubClient) -> Result<Granted, HubError> {
        let url = hub.url("oauth/token")?;
        let issuer = match self.proof {
            Proof::Key(_) => Some(find_issuer(hub).await?),
            Proof::Secret(_) => None,
        };
        // Proves once that a form can be made; each try then makes its own, since an assertion serves once.
        self.form(issuer.as_deref())?;
        let make = || hub.http.post(url.clone()).form(&self.form(issuer.as_deref()).unwrap_or_default());
        let response = hub.send_patiently(&make).await?;
        if response.status().is_client_error() {
            let status = response.status();
            let refusal: Refusal = answer::read_refusal(response).await;
            let told = [refusal.error_description, refusal.detail, refusal.error, refusal.title];
            let detail = told.into_iter().find(|text| !text.is_empty()).unwrap_or_else(|| status.to_string());
            return Err(HubError::NotAccepted { client_id: self.client_id.clone(), detail });
        }
        answer::read(response).await
    }

    /// What is asked of the token endpoint.
    fn form(&self, issuer: Option<&str>) -> Result<Vec<(&'static str, String)>, HubError> {
        let mut form = vec![("grant_type", "client_credentials".to_owned())];
        match &self.proof {
            Proof::Key(key) => {
                let issuer = issuer.ok_or(HubError::Prepare("the hub names no issuer"))?;
                form.push(("client_assertion_type", ASSERTION_TYPE.to_owned()));
                form.push(("client_assertion", sign(key, &self.client_id, issuer, self.clock.now())?));
            }
            Proof::Secret(secret) => {
                form.push(("client_id", self.client_id.clone()));
                form.push(("client_secret", secret.expose_secret().to_owned()));
            }
        }
        Ok(form)
    }
}

/// The hub's issuer identifier: the only audience an assertion may name.
async fn find_issuer(hub: &HubClient) -> Result<String, HubError> {
    let url = hub.url(".well-known/oauth-authorization-server")?;
    let response = hub.send_patiently(&|| hub.http.get(url.clone())).await?;
    let not_a_hub = |_| HubError::NotAHub("no authorisation-server metadata there".to_owned());
    let metadata: Metadata = answer::read(response).await.map_err(not_a_hub)?;
    Ok(metadata.issuer)
}
