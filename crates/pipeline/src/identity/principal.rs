use std::sync::Arc;

use hub_domain::{AuthorityCode, Timestamp};

use super::role::{Role, Roles};

/// Who is asking: what a verified token says, or a reporting key is. There is no other way to make one.
#[derive(Debug, Clone)]
pub struct Principal {
    client: Arc<str>,
    roles: Roles,
    authorities: Vec<AuthorityCode>,
    expires_at: Timestamp,
    key: Option<Arc<str>>,
}

/// The caller has no such role, or not for that authority. To a caller this is the same as "there is no such thing".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the caller's")]
pub struct NotYours;

/// An authority whose feeds the caller may send and read. Made only by [`Principal::borough_for`].
#[derive(Debug, Clone)]
pub struct Tenant {
    authority: AuthorityCode,
    client: Arc<str>,
    key: Option<Arc<str>>,
}

/// An authority whose incoming notices the caller may read and answer. Made only by [`Principal::host_for`].
#[derive(Debug, Clone)]
pub struct Host {
    authority: AuthorityCode,
    client: Arc<str>,
}

/// Somebody who runs the hub.
#[derive(Debug, Clone)]
pub struct Operator(Arc<str>);

/// Somebody who may read the region's published tables.
#[derive(Debug, Clone)]
pub struct Commissioner(Arc<str>);

/// Somebody who may read provider assurance across the region.
#[derive(Debug, Clone)]
pub struct QualityLead(Arc<str>);

/// Somebody who may search the live vacancies.
#[derive(Debug, Clone)]
pub struct Broker(Arc<str>);

impl Principal {
    /// Only a verified token's claims, or a reporting key that stands, become a principal.
    pub(super) fn verified(client: &str, roles: Roles, authorities: Vec<AuthorityCode>, expires_at: Timestamp) -> Self {
        Self { client: client.into(), roles, authorities, expires_at, key: None }
    }

    /// The same, proved by this key of the client's.
    pub(super) fn proved_by(self, key: Option<&str>) -> Self {
        Self { key: key.map(Arc::from), ..self }
    }

    /// The client's id, shared by all who remember the token.
    pub fn client(&self) -> &Arc<str> {
        &self.client
    }

    /// What the client may do.
    pub fn roles(&self) -> Roles {
        self.roles
    }

    /// Whether the client has `role`.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(role)
    }

    /// The authorities the client speaks for.
    pub fn authorities(&self) -> &[AuthorityCode] {
        &self.authorities
    }

    /// When the token ends.
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// The caller as sender of `authority`'s feeds.
    pub fn borough_for(&self, authority: AuthorityCode) -> Result<Tenant, NotYours> {
        self.speaks_as(Role::Borough, authority).map(|client| Tenant { authority, client, key: self.key.clone() })
    }

    /// The caller as host authority `authority`.
    pub fn host_for(&self, authority: AuthorityCode) -> Result<Host, NotYours> {
        self.speaks_as(Role::Host, authority).map(|client| Host { authority, client })
    }

    /// Every authority whose feeds the caller may send and read, in the order of the token.
    pub fn tenants(&self) -> Vec<Tenant> {
        self.authorities.iter().filter_map(|authority| self.borough_for(*authority).ok()).collect()
    }

    /// Every authority whose incoming notices the caller may read, in the order of the token.
    pub fn hosts(&self) -> Vec<Host> {
        self.authorities.iter().filter_map(|authority| self.host_for(*authority).ok()).collect()
    }

    /// The caller as operator.
    pub fn operator(&self) -> Result<Operator, NotYours> {
        self.acts_as(Role::Operator).map(Operator)
    }

    /// The caller as commissioner.
    pub fn commissioner(&self) -> Result<Commissioner, NotYours> {
        self.acts_as(Role::Commissioner).map(Commissioner)
    }

    /// The caller as provider quality lead.
    pub fn quality_lead(&self) -> Result<QualityLead, NotYours> {
        self.acts_as(Role::QualityLead).map(QualityLead)
    }

    /// The caller as authorised broker.
    pub fn broker(&self) -> Result<Broker, NotYours> {
        self.acts_as(Role::Broker).map(Broker)
    }

    fn acts_as(&self, role: Role) -> Result<Arc<str>, NotYours> {
        if self.has(role) { Ok(Arc::clone(&self.client)) } else { Err(NotYours) }
    }

    fn speaks_as(&self, role: Role, authority: AuthorityCode) -> Result<Arc<str>, NotYours> {
        if self.authorities.contains(&authority) { self.acts_as(role) } else { Err(NotYours) }
    }
}

impl Tenant {
    /// The authority.
    pub fn authority(&self) -> AuthorityCode {
        self.authority
    }

    /// The client that speaks for it.
    pub fn client(&self) -> &str {
        &self.client
    }

    /// The id of the key by which it proved that it is; `None` where it has a secret.
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }
}

impl Host {
    /// The authority.
    pub fn authority(&self) -> AuthorityCode {
        self.authority
    }

    /// The client that speaks for it.
    pub fn client(&self) -> &str {
        &self.client
    }
}

impl Operator {
    /// The person at the hub's own command line, who holds its database anyway. Never used over HTTP.
    pub fn at_console() -> Self {
        Self("console".into())
    }

    /// The operator's client, `console` at the command line.
    pub fn client(&self) -> &str {
        &self.0
    }
}

impl Commissioner {
    /// The commissioner's client.
    pub fn client(&self) -> &str {
        &self.0
    }
}

impl QualityLead {
    /// The quality lead's client.
    pub fn client(&self) -> &str {
        &self.0
    }
}

impl Broker {
    /// The broker's client.
    pub fn client(&self) -> &str {
        &self.0
    }
}
