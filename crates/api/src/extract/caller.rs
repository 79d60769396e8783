use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hub_domain::AuthorityCode;
use hub_pipeline::identity::reporting::is_reporting_key;
use hub_pipeline::identity::{Host, Operator, Principal, Role, Tenant};
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
    /// The consortium, and the reporting tools it has given keys to: whoever may look up what is published.
    Library: Borough, Commissioner, QualityLead, Broker, Operator, Reporting;
    /// Anybody with a token, reporting tools left out.
    Anybody: Borough, Host, Commissioner, QualityLead, Broker, Operator;
}

/// Whoever reads what is published: it lies ready in memory, and refusing costs as much as answering.
#[derive(Debug)]
pub enum Readers {}

impl Admits for Readers {
    const ROLES: &'static [Role] = Library::ROLES;
    const COUNTED: bool = false;
}

/// Who is calling, admitted by role.
pub struct Caller<A>(Arc<Principal>, PhantomData<fn() -> A>);

impl<A> std::fmt::Debug for Caller<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Caller").field(&self.0.client()).finish()
    }
}

impl<A: Admits> Caller<A> {
    /// Counts the request towards what the client may ask (promise S9), where its route by itself does not.
    pub(crate) fn count(&self, api: &Api) -> Result<(), Problem> {
        if is_counted::<A>(&self.0) { Ok(()) } else { api.limiter().admit(self.0.client()) }
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
        let principal = match identify(parts, api).await {
            Err(problem) if admits_keys::<A>() => return Err(problem.also_by_password()),
            told => told?,
        };
        if is_counted::<A>(&principal) {
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

/// Whether every request is counted: on most routes, and of reporting keys on all, since they live for months and may be in
/// many hands.
fn is_counted<A: Admits>(principal: &Principal) -> bool {
    A::COUNTED || principal.has(Role::Reporting)
}

/// Whether reporting keys open the route.
fn admits_keys<A: Admits>() -> bool {
    A::ROLES.contains(&Role::Reporting)
}

/// Who is calling: the bearer of a token, or of a reporting key.
async fn identify(parts: &Parts, api: &Api) -> Result<Arc<Principal>, Problem> {
    match credential(parts) {
        Some(Credential::Token(token)) => Ok(api.issuer().verify(token).await?),
        Some(Credential::Key(id, secret)) => {
            let opened = api.issuer().open_key(id.as_deref(), &secret).await?;
            if let Some(id) = opened.unnoted {
                let issuer = Arc::clone(api.issuer());
                // Nobody waits for it: a table is read though the database is busy or full.
                api.aside(async move { issuer.note_key(&id).await });
            }
            Ok(opened.principal)
        }
        None => Err(Problem::new(UNAUTHENTICATED).detail("Send Authorization: Bearer.")),
    }
}

/// What a caller shows.
enum Credential<'a> {
    /// An access token.
    Token(&'a str),
    /// A reporting key's secret, and its id where that was sent with it.
    Key(Option<String>, Cow<'a, str>),
}

fn credential(parts: &Parts) -> Option<Credential<'_>> {
    let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    if values.next().is_some() {
        return None;
    }
    let (scheme, shown) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        let is_key = is_reporting_key(shown);
        return Some(if is_key { Credential::Key(None, shown.into()) } else { Credential::Token(shown) });
    }
    let (id, secret) = basic(value)?;
    Some(Credential::Key(Some(id), secret.into()))
}

/// User name and password of HTTP Basic (RFC 7617).
pub(crate) fn basic(authorization: &str) -> Option<(String, String)> {
    let (scheme, encoded) = authorization.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    decoded.split_once(':').map(|(name, password)| (name.to_owned(), password.to_owned()))
}
