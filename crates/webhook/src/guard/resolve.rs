use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use hub_domain::AuthorityCode;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{Guard, Refusal};

/// The addresses that a name resolves to, or why there are none.
pub(crate) type LookingUp = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Asks for the addresses of a name. Tests answer for themselves.
pub(crate) trait Lookup: Send + Sync {
    /// The addresses of `name`; port 0 stands for the port of the URL.
    fn lookup(&self, name: &str) -> LookingUp;
}

/// Asks the operating system.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, name: &str) -> LookingUp {
        let name = name.to_owned();
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
    }
}

/// The resolver of the guarded client. What it answers is what is connected to, so a name that
/// changes its mind between a check and the call finds no gap.
pub(crate) struct GuardedResolver {
    guard: Guard,
    authority: Option<AuthorityCode>,
    lookup: Arc<dyn Lookup>,
}

impl GuardedResolver {
    /// A resolver for calls to `authority`, or to any council without an allowance.
    pub(crate) fn new(guard: Guard, authority: Option<AuthorityCode>, lookup: Arc<dyn Lookup>) -> Self {
        Self { guard, authority, lookup }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let found = self.lookup.lookup(name.as_str());
        let guard = self.guard.clone();
        let authority = self.authority;
        Box::pin(async move {
            let permitted = keep_permitted(&guard, authority, found.await?)?;
            let addresses: Addrs = Box::new(permitted.into_iter());
            Ok(addresses)
        })
    }
}

/// The addresses that may be called; the last refusal where there are none.
fn keep_permitted(
    guard: &Guard,
    authority: Option<AuthorityCode>,
    found: Vec<SocketAddr>,
) -> Result<Vec<SocketAddr>, Refusal> {
    let mut permitted = Vec::with_capacity(found.len());
    let mut refusal = None;
    for address in found {
        match guard.permit(authority, address.ip()) {
            Ok(()) => permitted.push(address),
            Err(refused) => refusal = Some(refused),
        }
    }
    match refusal {
        Some(refused) if permitted.is_empty() => Err(refused),
        _ => Ok(permitted),
    }
}
