//! Fetching a file from an address that an authority named, past the same guard as webhooks: https, public addresses or what
//! the operator allowed that authority, no redirect, no proxy.

mod failure;

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hub_domain::AuthorityCode;
use reqwest::{Client, Response};
use secrecy::{ExposeSecret as _, SecretString};

use crate::guard::{Endpoint, Guard, Lookup, SystemLookup};
use crate::send::{Limits, SendError, build_client};
pub use failure::FetchFailure;

/// How the hub shows who it is.
#[derive(Clone, Default)]
pub enum Credential {
    /// It does not.
    #[default]
    None,
    /// A token: `Authorization: Bearer`.
    Bearer(SecretString),
    /// A user's name and password: `Authorization: Basic`.
    Basic(String, SecretString),
}

impl fmt::Debug for Credential {
    /// Which kind, and nothing of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Bearer(_) => "Bearer",
            Self::Basic(..) => "Basic",
        })
    }
}

/// A file to fetch.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Where it lies, as the guard admitted it.
    pub endpoint: Endpoint,
    /// How the hub shows who it is.
    pub credential: Credential,
    /// Bytes that are read at most.
    pub limit: u64,
}

/// A file that was read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fetched {
    /// Bytes that were handed on.
    pub bytes: u64,
}

/// Takes the bytes as they come; `false` ends the reading.
pub type Take<'a> = dyn FnMut(&[u8]) -> bool + Send + 'a;

/// A fetch under way.
pub type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Fetched, FetchFailure>> + Send + 'a>>;

/// What fetches files: [`Fetcher`] over the network, or a stand-in.
pub trait Fetch: fmt::Debug + Send + Sync {
    /// The guard by which addresses are admitted.
    fn guard(&self) -> &Guard;

    /// Reads a file and hands on its bytes as they come.
    fn fetch<'a>(&'a self, wanted: &'a Wanted, take: &'a mut Take<'_>) -> Fetching<'a>;
}

/// A file may be large and a council's line slow: a quarter of an hour for the whole, 10 s to connect.
const LIMITS: Limits = Limits { connect: Duration::from_secs(10), total: Duration::from_mins(15), body: 0 };

/// Fetches files over https. Cheap to clone; one per process.
#[derive(Debug, Clone)]
pub struct Fetcher {
    guard: Guard,
    common: Client,
    councils: Arc<BTreeMap<AuthorityCode, Client>>,
}

impl Fetcher {
    /// A fetcher that goes where `guard` permits.
    pub fn new(guard: Guard) -> Result<Self, SendError> {
        let lookup: Arc<dyn Lookup> = Arc::new(SystemLookup);
        let client = |authority| build_client(&guard, LIMITS, authority, &lookup);
        let councils: Result<_, SendError> =
            guard.allowed_councils().map(|council| Ok((council, client(Some(council))?))).collect();
        Ok(Self { common: client(None)?, councils: Arc::new(councils?), guard })
    }

    async fn read(&self, wanted: &Wanted, take: &mut Take<'_>) -> Result<Fetched, FetchFailure> {
        let endpoint = &wanted.endpoint;
        // It may have been admitted by another guard, or under an allowance since withdrawn.
        self.guard.judge(endpoint.authority(), endpoint.url()).map_err(FetchFailure::Refused)?;
        let client = self.councils.get(&endpoint.authority()).unwrap_or(&self.common);
        let request = client.get(endpoint.url().clone());
        let request = match &wanted.credential {
            Credential::None => request,
            Credential::Bearer(token) => request.bearer_auth(token.expose_secret()),
            Credential::Basic(user, password) => request.basic_auth(user, Some(password.expose_secret())),
        };
        let response = request.send().await.map_err(|error| FetchFailure::of_error(&error))?;
        FetchFailure::of_status(response.status().as_u16())?;
        drink(response, wanted.limit, take).await
    }
}

impl Fetch for Fetcher {
    fn guard(&self) -> &Guard {
        &self.guard
    }

    fn fetch<'a>(&'a self, wanted: &'a Wanted, take: &'a mut Take<'_>) -> Fetching<'a> {
        Box::pin(self.read(wanted, take))
    }
}

async fn drink(mut response: Response, limit: u64, take: &mut Take<'_>) -> Result<Fetched, FetchFailure> {
    if response.content_length().is_some_and(|length| length > limit) {
        return Err(FetchFailure::TooLong);
    }
    let mut bytes = 0_u64;
    while let Some(chunk) = response.chunk().await.map_err(|_| FetchFailure::Broken)? {
        bytes = bytes.saturating_add(chunk.len() as u64);
        if bytes > limit {
            return Err(FetchFailure::TooLong);
        }
        if !take(&chunk) {
            return Err(FetchFailure::Unkept);
        }
    }
    Ok(Fetched { bytes })
}
