use std::fmt;

use hub_domain::AuthorityCode;
use url::Url;

use super::AddressKind;

/// An address that a [`super::Guard`] admitted, and the council it belongs to.
///
/// `Debug` shows scheme, host and port only: receivers put tokens into paths.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    authority: AuthorityCode,
    url: Url,
}

impl Endpoint {
    pub(super) fn new(authority: AuthorityCode, mut url: Url) -> Self {
        // A fragment is never sent; keeping it would make two addresses of one.
        url.set_fragment(None);
        Self { authority, url }
    }

    /// The council that registered the address.
    pub fn authority(&self) -> AuthorityCode {
        self.authority
    }

    /// The address in its normal form, to be stored.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Scheme, host and port: as much of the address as may be logged.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("authority", &self.authority)
            .field("origin", &self.origin())
            .finish_non_exhaustive()
    }
}

/// Why an address may not be called. No message repeats the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// More than 2,048 bytes.
    #[error("the address is longer than 2,048 bytes")]
    TooLong,
    /// It cannot be read as an absolute URL.
    #[error("the address is not an absolute URL")]
    NotAnAddress,
    /// It is not https.
    #[error("the address must begin with https://")]
    Scheme,
    /// A user name or password stands in it.
    #[error("the address must not hold a user name or password; webhooks are signed instead")]
    Credentials,
    /// A port other than 443 and 8443.
    #[error("the address must use port 443 or 8443")]
    Port,
    /// No host, or a name that only this machine or this network knows.
    #[error("the address must name a host that the public internet knows")]
    Host,
    /// The host is, or resolves only to, addresses that are not public.
    #[error("the host's address is {0}; only public addresses may be called")]
    Address(AddressKind),
    /// The demonstration calls nobody but itself.
    #[error("a demonstration may call loopback addresses only")]
    OnlyLoopback,
}

impl Refusal {
    /// A stable kebab-case word for problem documents and attempt records.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "address-too-long",
            Self::NotAnAddress => "address-unreadable",
            Self::Scheme => "address-not-https",
            Self::Credentials => "address-with-credentials",
            Self::Port => "address-port",
            Self::Host => "address-host",
            Self::Address(_) => "address-not-public",
            Self::OnlyLoopback => "address-not-loopback",
        }
    }
}
