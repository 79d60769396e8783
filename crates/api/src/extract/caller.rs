use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use hub_domain::AuthorityCode;
use hub_pipeline::identity::{Denied, Host, Operator, Principal, Role, Tenant};
use hub_store::event::Reader;

use crate::problem::{NOT_FOUND, Problem, ROLE_NEEDED, UNAUTHENTICATED};
use crate::state::Api;

/// Which roles may come in: the type argument of [`Caller`], so that a handler's signature says who may call it.
pub trait Admits {
    /// Any one of these will do.
    const ROLES: &'static [Role];
    /// A request counts towards what its client may ask (promise S9).
    const COUNTED: bool = true;
}

macro_rules! admits {
    ($($(#[$doc:meta])* $name:ident: $($role:ident),+;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub enum $name {}
            impl Admits for $name {
                const ROLES: &'static [Role] = &[$(Role::$role),+];
            }
        )*
    };
}

admits! {
    /// Whoever sends an authority's feeds.
    Sender: Borough;
    /// Whoever sends an authority's feeds, or runs the hub.
    SenderOrOperator: Borough, Operator;
    /// Whoever may hear what happens: either side of a notice, and whoever runs the hub.
    Listeners: Borough, Host, Operator;
    /// Whoever answers for a host authority.
    HostSide: Host;
    /// Either side of a notice. Not the operator, who has no business with a child.
    EitherSide: Borough, Host;
    /// The consortium: whoever may read its published tables. A host authority may be anywhere in England, and may not.
    Consortium: Borough, Commissioner, QualityLead, Broker, Operator;
    /// Authorised brokers, who see capacities of one and two.
    Brokers: Broker;
    /// Whoever runs the hub.
    Operators: Operator;
    /// Anybody with a token.
    Anybody: Borough, Host, Commissioner, QualityLead, Broker, Operator;
}

/// The consortium, reading what is published: it lies ready in memory, and refusing costs as much as answering.
#[derive(Debug)]
pub enum Readers {}

impl Admits for Readers {
    const ROLES: &'static [Role] = Consortium::ROLES;
    const COUNTED: bool = false;
}

/// Who is calling, admitted by role.
pub struct Caller<A>(Arc<Principal>, PhantomData<fn() -> A>);

impl<A> std::fmt::Debug for Caller<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Caller").field(&self.0.client()).finish()
    }
}

impl<A> Caller<A> {
    /// The caller as sender of that authority's feeds.
    pub(crate) fn tenant(&self, authority: AuthorityCode) -> Result<Tenant, Problem> {
        Ok(self.0.borough_for(authority)?)
    }

    /// Every authority whose feeds the caller may send and read.
    pub(crate) fn tenants(&self) -> Vec<Tenant> {
        self.0.tenants()
    }

    /// Every authority for which the caller answers as host.
    pub(crate) fn hosts(&self) -> Vec<Host> {
        self.0.hosts()
    }

    /// The caller as host authority: the one it names, or its only one.
    pub(crate) fn host(&self, named: Option<AuthorityCode>) -> Result<Host, Problem> {
        match (named, self.hosts()) {
            (Some(authority), _) => Ok(self.0.host_for(authority)?),
            (None, hosts) => hosts.into_iter().next().ok_or_else(|| Problem::new(NOT_FOUND)),
        }
    }

    /// The caller as sender for the authority it names, or for each of its own.
    pub(crate) fn tenants_or(&self, named: Option<AuthorityCode>) -> Result<Vec<Tenant>, Problem> {
        named.map_or_else(|| Ok(self.tenants()), |authority| Ok(vec![self.tenant(authority)?]))
    }

    /// The caller as the host authority it names, or as each of its own.
    pub(crate) fn hosts_or(&self, named: Option<AuthorityCode>) -> Result<Vec<Host>, Problem> {
        named.map_or_else(|| Ok(self.hosts()), |authority| Ok(vec![self.host(Some(authority))?]))
    }

    /// The first authority the caller speaks for: whose concerns bind it, and where distances begin.
    pub(crate) fn first_authority(&self) -> Option<AuthorityCode> {
        self.0.authorities().first().copied()
    }

    /// The caller as operator, if it is one.
    pub(crate) fn operator(&self) -> Option<Operator> {
        self.0.operator().ok()
    }
}

impl Caller<SenderOrOperator> {
    /// Whose things a caller may list: those of the authority it names, else each of its own; for an operator everybody's
    /// (`None`).
    pub(crate) fn scopes(&self, named: Option<AuthorityCode>) -> Result<Vec<Option<AuthorityCode>>, Problem> {
        match (named, self.operator()) {
            (named, Some(_)) => Ok(vec![named]),
            (Some(authority), None) => Ok(vec![Some(self.tenant(authority)?.authority())]),
            (None, None) => Ok(self.tenants().iter().map(|tenant| Some(tenant.authority())).collect()),
        }
    }
}

impl Caller<Listeners> {
    /// As whom a caller reads events: as either side of the authority it names, else of each of its own; an operator as
    /// operator.
    pub(crate) fn readers(&self, named: Option<AuthorityCode>) -> Result<Vec<Reader>, Problem> {
        let is_meant = |authority: &AuthorityCode| named.is_none_or(|named| named == *authority);
        let senders = self.tenants().into_iter().map(|tenant| tenant.authority()).filter(is_meant).map(Reader::Sender);
        let hosts = self.hosts().into_iter().map(|host| host.authority()).filter(is_meant).map(Reader::Host);
        let operator = self.operator().map(|_| Reader::Operator(named));
        let readers: Vec<Reader> = senders.chain(hosts).chain(operator).collect();
        if readers.is_empty() && named.is_some() { Err(Problem::new(NOT_FOUND)) } else { Ok(readers) }
    }
}

impl<A: Admits> FromRequestParts<Api> for Caller<A> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let token = bearer(parts).ok_or_else(|| Problem::new(UNAUTHENTICATED).detail("Send Authorization: Bearer."))?;
        let principal = api.issuer().verify(token).await.map_err(|denied: Denied| Problem::from(denied))?;
        if A::COUNTED {
            api.limiter().admit(principal.client())?;
        }
        if A::ROLES.iter().any(|role| principal.has(*role)) {
            Ok(Self(principal, PhantomData))
        } else {
            let names: Vec<_> = A::ROLES.iter().map(|role| role.as_str()).collect();
            Err(Problem::new(ROLE_NEEDED).detail(format!("One of these roles is needed: {}.", names.join(", "))))
        }
    }
}

fn bearer(parts: &Parts) -> Option<&str> {
    let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    if values.next().is_some() {
        return None;
    }
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}
