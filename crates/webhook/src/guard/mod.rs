//! Which addresses the hub may call: promise S4.
//!
//! An address is judged twice, both times here: the text when it is registered and again before each
//! call (scheme, port, credentials, literal addresses, which never reach a resolver), and every address
//! that a name resolves to, in the resolver whose answer is the one connected to.

mod address;
mod allowance;
mod endpoint;
mod resolve;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use hub_domain::AuthorityCode;
use ipnet::IpNet;
use url::{Host, Url};

pub use address::AddressKind;
pub use allowance::{Allowance, NotAllowable};
pub use endpoint::{Endpoint, Refusal};
#[cfg(test)]
pub(crate) use resolve::LookingUp;
pub(crate) use resolve::{GuardedResolver, Lookup, SystemLookup};

/// The ports on which council gateways speak https.
const PORTS: [u16; 2] = [443, 8443];

/// The longest address that is kept, in bytes.
const LONGEST: usize = 2048;

/// Decides where the hub may send. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Guard {
    reach: Reach,
    allowances: Arc<BTreeMap<AuthorityCode, Vec<IpNet>>>,
}

/// How far a guard lets a call go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Https to public unicast addresses and to what the operator allowed one council.
    Public,
    /// This machine's loopback and nothing else.
    Loopback,
}

impl Guard {
    /// Https to public unicast addresses, on ports 443 and 8443.
    pub fn public() -> Self {
        Self { reach: Reach::Public, allowances: Arc::default() }
    }

    /// The guard, with private networks that the operator allows one council's addresses to be in.
    #[must_use]
    pub fn with_allowance(mut self, authority: AuthorityCode, allowance: Allowance) -> Self {
        Arc::make_mut(&mut self.allowances).entry(authority).or_default().extend(allowance.into_networks());
        self
    }

    /// Http or https to loopback addresses on any port, **and nothing else**: for `hub demo`, whose
    /// receivers run in its own process, and for tests. A serving hub has [`Guard::public`]; the one switch
    /// that leads here is for tests of the program as a process, and a release build refuses it.
    pub fn for_demonstration() -> Self {
        Self { reach: Reach::Loopback, allowances: Arc::default() }
    }

    /// Whether this guard stays on loopback.
    pub fn is_for_demonstration(&self) -> bool {
        self.reach == Reach::Loopback
    }

    /// The councils that have an allowance.
    pub(crate) fn allowed_councils(&self) -> impl Iterator<Item = AuthorityCode> {
        self.allowances.keys().copied()
    }

    /// Judges the text of an address that `authority` registers. A name is judged again by what it
    /// resolves to, each time it is called.
    pub fn admit(&self, authority: AuthorityCode, text: &str) -> Result<Endpoint, Refusal> {
        if text.len() > LONGEST {
            return Err(Refusal::TooLong);
        }
        let url = Url::parse(text).map_err(|_| Refusal::NotAnAddress)?;
        self.judge(authority, &url)?;
        Ok(Endpoint::new(authority, url))
    }

    /// Judges an address that was admitted before, perhaps by another guard.
    pub(crate) fn judge(&self, authority: AuthorityCode, url: &Url) -> Result<(), Refusal> {
        match (self.reach, url.scheme()) {
            (_, "https") | (Reach::Loopback, "http") => {}
            (Reach::Public | Reach::Loopback, _) => return Err(Refusal::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        if self.reach == Reach::Public && !url.port_or_known_default().is_some_and(|port| PORTS.contains(&port)) {
            return Err(Refusal::Port);
        }
        match url.host() {
            Some(Host::Ipv4(address)) => self.permit(Some(authority), address.into()),
            Some(Host::Ipv6(address)) => self.permit(Some(authority), address.into()),
            Some(Host::Domain(name)) => self.judge_name(name),
            None => Err(Refusal::Host),
        }
    }

    /// Judges one address that is about to be connected to.
    pub(crate) fn permit(&self, authority: Option<AuthorityCode>, address: IpAddr) -> Result<(), Refusal> {
        let kind = AddressKind::of(address);
        if self.reach == Reach::Loopback {
            return if kind == AddressKind::Loopback { Ok(()) } else { Err(Refusal::OnlyLoopback) };
        }
        let allowed = authority.and_then(|authority| self.allowances.get(&authority));
        let allowed = allowed.is_some_and(|networks| networks.iter().any(|network| network.contains(&address)));
        if kind == AddressKind::Public || allowed { Ok(()) } else { Err(Refusal::Address(kind)) }
    }

    /// Names that can only mean this machine or this network are refused before anybody is asked.
    fn judge_name(&self, name: &str) -> Result<(), Refusal> {
        let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        let last = name.rsplit('.').next().unwrap_or_default();
        if self.reach == Reach::Loopback {
            return if last == "localhost" { Ok(()) } else { Err(Refusal::OnlyLoopback) };
        }
        let inward = ["localhost", "local", "localdomain", "internal", "lan", "home", "test", "invalid", "arpa"];
        if name.contains('.') && !inward.contains(&last) { Ok(()) } else { Err(Refusal::Host) }
    }
}
