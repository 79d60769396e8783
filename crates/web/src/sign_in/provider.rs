use std::sync::Arc;
use std::time::Duration;

use hub_domain::Clock;
use hub_pipeline::identity::person::{Accepted, Expectation, Rules, accept};
use reqwest::Client;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use url::Url;

use super::discovery::{Discovery, Found};

/// Time in which an issuer answers.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest answer of an issuer, bytes. Microsoft's key set has 20 KiB.
const LONGEST: usize = 256 << 10;

/// Where people have their accounts, and what an account opens here.
#[derive(Debug, Clone)]
pub struct ProviderSettings {
    /// The issuer's name: an https address, as in its tokens.
    pub issuer: Url,
    /// The hub's client id there.
    pub client_id: String,
    /// Its secret there; a public client has none, and PKCE alone.
    pub client_secret: Option<SecretString>,
    /// What is asked for, beside `openid`.
    pub scopes: String,
    /// What claims mean.
    pub rules: Rules,
}

/// The issuer did not do its part.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It could not be asked, or did not answer in time.
    #[error("the issuer could not be reached")]
    Call(#[from] reqwest::Error),
    /// It answered with another status than 200.
    #[error("the issuer answered {0}")]
    Status(u16),
    /// It answered with something else than it must.
    #[error("the issuer's answer is not what it must be: {0}")]
    Answer(&'static str),
    /// Its ID token cannot be believed.
    #[error("the ID token was not believed")]
    Token(#[from] hub_pipeline::identity::person::Unbelieved),
}

/// The issuer, ready to be asked.
#[derive(Debug)]
pub struct Provider {
    settings: ProviderSettings,
    discovery: Discovery,
    clock: Arc<dyn Clock>,
    demonstration: bool,
}

/// Of what comes with a code, the one thing that says who it is. The access token is left where it is.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

impl Provider {
    /// An issuer, asked straight: no redirect is followed and no proxy of the environment is used.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(settings: ProviderSettings, clock: Arc<dyn Clock>) -> Result<Self, ProviderError> {
        let client = Client::builder().redirect(Policy::none()).no_proxy().connect_timeout(PATIENCE).timeout(PATIENCE);
        let discovery = Discovery::new(client.build()?, &settings.issuer);
        Ok(Self { settings, discovery, clock, demonstration: false })
    }

    /// The demonstration's own issuer, where anybody is whoever they say: pages say so.
    #[must_use]
    pub fn for_demonstration(self) -> Self {
        Self { demonstration: true, ..self }
    }

    /// Whether accounts are made up.
    pub fn is_demonstration(&self) -> bool {
        self.demonstration
    }

    /// The issuer's host, for people.
    pub(crate) fn name(&self) -> &str {
        self.settings.issuer.host_str().unwrap_or_default()
    }

    /// Where the browser is sent to sign in.
    pub(crate) async fn address(&self, expected: &Expectation, back: &str) -> Result<Url, ProviderError> {
        let found = self.found().await?;
        let mut address = found.authorization_endpoint.clone();
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", back)
            .append_pair("scope", self.settings.scopes.trim())
            .append_pair("state", expected.state())
            .append_pair("nonce", expected.nonce())
            .append_pair("code_challenge", &expected.challenge())
            .append_pair("code_challenge_method", "S256");
        Ok(address)
    }

    /// Who a code says it is: exchanged for an ID token, which is verified.
    pub(crate) async fn redeem(
        &self,
        code: &str,
        expected: &Expectation,
        back: &str,
    ) -> Result<Accepted, ProviderError> {
        let found = self.found().await?;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", back),
            ("client_id", &self.settings.client_id),
            ("code_verifier", expected.verifier()),
        ];
        if let Some(secret) = &self.settings.client_secret {
            form.push(("client_secret", secret.expose_secret()));
        }
        let request = self.discovery.client().post(found.token_endpoint.clone()).form(&form);
        let tokens: Tokens = read(request).await?;
        let judge = |found: &Found| {
            let audience = (found.issuer.as_str(), self.settings.client_id.as_str());
            accept(&tokens.id_token, &found.keys, audience, expected, (&self.settings.rules, self.clock.now()))
        };
        match judge(&found) {
            // The issuer may have a new key since its set was read.
            Err(unbelieved) if unbelieved.is_of_an_unknown_key() => {
                let found = self.discovery.read_again(self.clock.now()).await?;
                Ok(judge(&found)?)
            }
            judged => Ok(judged?),
        }
    }

    async fn found(&self) -> Result<Arc<Found>, ProviderError> {
        self.discovery.found(self.clock.now()).await
    }
}

/// An answer of status 200, no longer than it may be, read as JSON.
pub(super) async fn read<T: for<'a> Deserialize<'a>>(request: reqwest::RequestBuilder) -> Result<T, ProviderError> {
    let text = read_text(request).await?;
    serde_json::from_str(&text).map_err(|_| ProviderError::Answer("it is no such JSON"))
}

pub(super) async fn read_text(request: reqwest::RequestBuilder) -> Result<String, ProviderError> {
    // Its address may hold a code.
    let mut answer = request.send().await.map_err(reqwest::Error::without_url)?;
    if answer.status() != reqwest::StatusCode::OK {
        return Err(ProviderError::Status(answer.status().as_u16()));
    }
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > LONGEST {
            return Err(ProviderError::Answer("it is too long"));
        }
    }
    String::from_utf8(bytes).map_err(|_| ProviderError::Answer("it is not text"))
}
