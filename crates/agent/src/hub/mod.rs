//! Talking to the hub: a token, a submission, a report.

mod answer;
mod assertion;
mod error;
mod examine;
mod request;
mod retry;
#[cfg(feature = "sealing")]
mod sealed;
mod submission;
mod token;

pub use answer::{Counts, Problem, Submitted};
pub use error::HubError;
pub use examine::Greeting;
pub use retry::Retry;
#[cfg(feature = "sealing")]
pub use sealed::{KeptEnvelope, KnownNotice, NewEnvelope, RegisteredKey, Side};
pub use submission::{Parcel, Submission};

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hub_domain::Clock;
use serde::de::DeserializeOwned;
use url::Url;

use crate::settings::Proof;
use token::TokenSource;

/// How to reach a hub.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The hub's address.
    pub hub: String,
    /// The client id registered there.
    pub client_id: String,
    /// How the client proves who it is.
    pub proof: Proof,
    /// PEM of one more certificate authority to trust.
    pub ca_certificate: Option<Vec<u8>>,
    /// The proxy to go out by, whatever the address.
    pub proxy: Option<String>,
    /// The environment's proxy for `https` addresses, where no other is named.
    pub environment_proxy: Option<String>,
    /// Hosts that are reached without a proxy, separated by commas, as in `NO_PROXY`.
    pub no_proxy: Option<String>,
    /// How often and how patiently to try again.
    pub retry: Retry,
    /// Told each time before a pause, with what went wrong and how long the pause is.
    pub on_retry: Option<fn(&HubError, Duration)>,
}

/// A client of one hub.
pub struct HubClient {
    http: reqwest::Client,
    base: Url,
    tokens: TokenSource,
    retry: Retry,
    on_retry: Option<fn(&HubError, Duration)>,
}

impl Connection {
    /// A connection with the ordinary patience, no proxy and no extra authority.
    pub fn new(hub: &str, client_id: &str, proof: Proof) -> Self {
        Self {
            hub: hub.to_owned(),
            client_id: client_id.to_owned(),
            proof,
            ca_certificate: None,
            proxy: None,
            environment_proxy: None,
            no_proxy: None,
            retry: Retry::default(),
            on_retry: None,
        }
    }
}

impl HubClient {
    /// Prepares a client; nothing is sent yet.
    ///
    /// Redirects are not followed, so that neither a feed nor an assertion goes anywhere but to the
    /// hub that was named; plain `http` is refused but for this machine itself.
    pub fn new(connection: Connection, clock: Arc<dyn Clock>) -> Result<Self, HubError> {
        let base = parse_address(&connection.hub)?;
        let mut builder = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_mins(2))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("hub-agent/", env!("CARGO_PKG_VERSION")))
            .no_proxy();
        if let Some(proxy) = proxy(&connection)? {
            builder = builder.proxy(proxy);
        }
        if let Some(pem) = &connection.ca_certificate {
            let fault = |source| HubError::Setup { what: "ca_certificate", source };
            for certificate in reqwest::Certificate::from_pem_bundle(pem).map_err(fault)? {
                builder = builder.add_root_certificate(certificate);
            }
        }
        let http = builder.build().map_err(|source| HubError::Setup { what: "connection", source })?;
        let tokens = TokenSource::new(connection.client_id, connection.proof, clock);
        Ok(Self { http, base, tokens, retry: connection.retry, on_retry: connection.on_retry })
    }

    /// The hub's address.
    pub fn address(&self) -> &Url {
        &self.base
    }

    fn url(&self, path: &str) -> Result<Url, HubError> {
        self.base.join(path).map_err(|_| HubError::Address { reason: "it is not a URL" })
    }

    /// Fetches a JSON document with the client's token.
    async fn fetch<T: DeserializeOwned>(&self, url: Url) -> Result<T, HubError> {
        let response = self.send(&|| self.http.get(url.clone())).await?;
        answer::read(response).await
    }
}

impl fmt::Debug for HubClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HubClient").field("hub", &self.base.as_str()).finish_non_exhaustive()
    }
}

fn proxy(connection: &Connection) -> Result<Option<reqwest::Proxy>, HubError> {
    let named = connection.proxy.as_deref().map(reqwest::Proxy::all);
    let proxy = named.or_else(|| connection.environment_proxy.as_deref().map(reqwest::Proxy::https));
    let proxy = proxy.transpose().map_err(|source| HubError::Setup { what: "proxy", source })?;
    let without = connection.no_proxy.as_deref().and_then(reqwest::NoProxy::from_string);
    Ok(proxy.map(|proxy| proxy.no_proxy(without)))
}

fn parse_address(hub: &str) -> Result<Url, HubError> {
    let mut base = Url::parse(hub.trim()).map_err(|_| HubError::Address { reason: "it is not a URL" })?;
    let is_here = match base.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => return Err(HubError::Address { reason: "it names no host" }),
    };
    match base.scheme() {
        "https" => {}
        "http" if is_here => {}
        "http" => return Err(HubError::Address { reason: "a feed about children is never sent over plain http" }),
        _ => return Err(HubError::Address { reason: "it does not begin with https://" }),
    }
    // So that joining a path appends to it.
    if !base.path().ends_with('/') {
        let path = format!("{}/", base.path());
        base.set_path(&path);
    }
    Ok(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_go_by_https_or_stay_on_this_machine() {
        for hub in ["https://hub.example", "http://127.0.0.1:8080", "http://[::1]:8080/", "http://localhost:1/region"] {
            assert!(parse_address(hub).is_ok(), "{hub}");
        }
        for hub in ["http://hub.example", "ftp://hub.example", "hub.example", "", "http://127.0.0.1.example"] {
            assert!(parse_address(hub).is_err(), "{hub}");
        }
        assert_eq!(
            parse_address("https://h.example/region").unwrap().join("v1/x").unwrap().as_str(),
            "https://h.example/region/v1/x"
        );
    }
}
