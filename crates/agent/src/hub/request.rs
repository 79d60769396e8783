//! Sending, with a token and with patience.

use hub_domain::{IdSource, RandomIds};
use reqwest::{RequestBuilder, Response, StatusCode};
use secrecy::ExposeSecret;

use super::HubClient;
use super::error::HubError;
use super::retry::{asked_pause, may_pass};

impl HubClient {
    /// Sends a request that `make` builds afresh each time, with the client's token, until it is
    /// answered with something that trying again would not change. A token that the hub no longer
    /// takes is replaced once.
    pub(super) async fn send(&self, make: &(dyn Fn() -> RequestBuilder + Send + Sync)) -> Result<Response, HubError> {
        let token = self.tokens.get(self).await?;
        let response = self.send_patiently(&|| make().bearer_auth(token.expose_secret())).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        self.tokens.forget().await;
        let token = self.tokens.get(self).await?;
        self.send_patiently(&|| make().bearer_auth(token.expose_secret())).await
    }

    /// Sends without a token, trying again when the hub is away or busy.
    pub(super) async fn send_patiently(
        &self,
        make: &(dyn Fn() -> RequestBuilder + Send + Sync),
    ) -> Result<Response, HubError> {
        let mut tried = 0;
        loop {
            tried += 1;
            let is_last = tried >= self.retry.tries.max(1);
            let (fault, asked) = match make().send().await {
                Ok(response) if !may_pass(response.status()) => return Ok(response),
                Ok(response) => {
                    let status = response.status().as_u16();
                    (HubError::Busy { status, tries: tried }, asked_pause(&response))
                }
                Err(source) => (HubError::from_send(self.base.as_str(), tried, source), None),
            };
            if is_last || !fault.is_transient() {
                return Err(fault);
            }
            let spread = RandomIds.next().as_u64_pair().1;
            let pause = self.retry.pause(tried, asked, spread);
            if let Some(tell) = self.on_retry {
                tell(&fault, pause);
            }
            tokio::time::sleep(pause).await;
        }
    }
}
