//! Asking a hub who it is, before anything is sent to it.

use hub_domain::Timestamp;
use reqwest::header::DATE;
use serde::Deserialize;
use serde_json::Value;

use super::{HubClient, HubError, answer};

/// What a hub says of itself to anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Greeting {
    /// Its issuer identifier.
    pub issuer: String,
    /// The time by its clock, to the second.
    pub date: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
}

impl HubClient {
    /// Asks for the hub's public metadata.
    pub async fn greet(&self) -> Result<Greeting, HubError> {
        let url = self.url(".well-known/oauth-authorization-server")?;
        let response = self.send_patiently(&|| self.http.get(url.clone())).await?;
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok());
        let not_a_hub = |_| HubError::NotAHub("no authorisation-server metadata there".to_owned());
        let metadata: Metadata = answer::read(response).await.map_err(not_a_hub)?;
        Ok(Greeting { issuer: metadata.issuer, date })
    }

    /// Proves who the client is, as before a submission.
    pub async fn prove(&self) -> Result<(), HubError> {
        self.tokens.get(self).await.map(|_| ())
    }

    /// The contracts by which the hub judges, as it lists them.
    pub async fn contracts(&self) -> Result<Value, HubError> {
        let url = self.url("v1/contracts")?;
        answer::read(self.send_patiently(&|| self.http.get(url.clone())).await?).await
    }
}
