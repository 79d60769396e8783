//! The token endpoint's use case: client credentials to an access token (RFC 6749 section 4.4).

use hub_domain::Timestamp;
use hub_store::identity::{self, Client, State};
use secrecy::SecretString;

use super::access::{Bearer, LIFETIME, issue};
use super::fault::IdentityFault;
use super::jws::Untrusted;
use super::{Issuer, assertion, secret};
use crate::boxed;

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a client sends to the token endpoint.
#[derive(Debug, Default)]
pub struct TokenRequest {
    /// Must be `client_credentials`.
    pub grant_type: Option<String>,
    /// The client's id, from the form or from HTTP Basic; optional with an assertion.
    pub client_id: Option<String>,
    /// The client's secret, from the form or from HTTP Basic.
    pub client_secret: Option<SecretString>,
    /// Must be the JWT bearer type when there is an assertion.
    pub client_assertion_type: Option<String>,
    /// A `private_key_jwt` assertion.
    pub client_assertion: Option<SecretString>,
    /// RFC 8707; must be the hub's own audience when given.
    pub resource: Option<String>,
}

/// A token, as the endpoint answers with it.
#[derive(Debug)]
pub struct Token {
    /// The bearer token.
    pub access_token: SecretString,
    /// Seconds it lives.
    pub expires_in: i64,
    /// The client it is for.
    pub client: String,
}

/// Why no token was issued.
#[derive(Debug, thiserror::Error)]
pub enum TokenRefusal {
    /// A grant other than client credentials.
    #[error("only grant_type=client_credentials is supported")]
    Grant,
    /// A parameter is missing, or two ways of proving identity are mixed.
    #[error("{0}")]
    Request(&'static str),
    /// The client is not known, or did not prove that it is the one it says. Which of them is for the log only.
    #[error("the client could not be authenticated")]
    Client(&'static str),
    /// The client's genuine assertion says something wrong, which its maker may be told.
    #[error("{0}")]
    Assertion(&'static str),
    /// A token for some other service was asked for.
    #[error("resource must be this hub's address")]
    Target,
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] IdentityFault),
}

impl TokenRefusal {
    /// The error code of RFC 6749 section 5.2 or RFC 8707; `None` for a fault.
    pub fn oauth(&self) -> Option<&'static str> {
        match self {
            Self::Grant => Some("unsupported_grant_type"),
            Self::Request(_) => Some("invalid_request"),
            Self::Client(_) | Self::Assertion(_) => Some("invalid_client"),
            Self::Target => Some("invalid_target"),
            Self::Fault(_) => None,
        }
    }
}

impl From<Untrusted> for TokenRefusal {
    fn from(untrusted: Untrusted) -> Self {
        Self::Client(untrusted.0)
    }
}

impl From<hub_store::StoreError> for TokenRefusal {
    fn from(error: hub_store::StoreError) -> Self {
        Self::Fault(error.into())
    }
}

impl Issuer {
    /// Issues an access token to a client that proves who it is.
    #[boxed]
    pub async fn token(&self, request: TokenRequest) -> Result<Token, TokenRefusal> {
        if request.grant_type.as_deref() != Some("client_credentials") {
            return Err(TokenRefusal::Grant);
        }
        if request.resource.as_ref().is_some_and(|resource| *resource != self.names.audience) {
            return Err(TokenRefusal::Target);
        }
        let now = self.clock.now();
        let (client, key) = self.authenticate(&request, now).await?;
        self.ring.refresh(&self.store, &self.clock);
        let name = client.id.clone();
        let bearer = Bearer { client: &client.id, roles: client.roles, authorities: client.authorities, key };
        let token = issue(&self.ring.keys(), &self.names, bearer, self.ids.next(), now)?;
        Ok(Token { access_token: token.into(), expires_in: LIFETIME, client: name })
    }

    /// The client, and the key by which it proved that it is, where it has one.
    async fn authenticate(
        &self,
        request: &TokenRequest,
        now: Timestamp,
    ) -> Result<(Client, Option<String>), TokenRefusal> {
        use secrecy::ExposeSecret as _;
        match (&request.client_assertion, &request.client_secret) {
            (Some(assertion), None) => {
                if request.client_assertion_type.as_deref() != Some(ASSERTION) {
                    return Err(TokenRefusal::Request("client_assertion_type must be the JWT bearer type"));
                }
                self.by_assertion(assertion.expose_secret(), request.client_id.as_deref(), now).await
            }
            (None, Some(offered)) => {
                let id = request.client_id.as_deref().ok_or(TokenRefusal::Request("client_id is missing"))?;
                Ok((self.by_secret(id, offered.expose_secret()).await?, None))
            }
            (Some(_), Some(_)) => Err(TokenRefusal::Request("send an assertion or a secret, not both")),
            (None, None) => Err(TokenRefusal::Request("send a client_assertion, or a client_id and client_secret")),
        }
    }

    async fn by_secret(&self, id: &str, offered: &str) -> Result<Client, TokenRefusal> {
        let client = self.find(id).await?;
        let kept = client.as_ref().and_then(|client| client.secret.as_deref());
        // Compared also when there is no such client, so that the time taken does not tell.
        let right = secret::matches(kept, offered);
        client.filter(|_| right).ok_or(TokenRefusal::Client("unknown client or wrong secret"))
    }

    async fn by_assertion(
        &self,
        token: &str,
        id: Option<&str>,
        now: Timestamp,
    ) -> Result<(Client, Option<String>), TokenRefusal> {
        let claimed = assertion::claimed_client(token)?;
        if id.is_some_and(|id| id != claimed) {
            return Err(TokenRefusal::Client("client_id differs from the assertion's subject"));
        }
        let client = self.find(&claimed).await?.ok_or(TokenRefusal::Client("unknown client"))?;
        let verified = assertion::verify(&client, token, &self.names.issuer, now)?;
        let assertion = verified.map_err(TokenRefusal::Assertion)?;
        let mut tx = self.store.begin().await?;
        let first = identity::use_assertion(&mut tx, &client.id, &assertion.jti, assertion.remembered_until).await?;
        tx.commit().await?;
        let used = TokenRefusal::Assertion("the assertion's jti has been used before");
        if first { Ok((client, Some(assertion.key))) } else { Err(used) }
    }

    /// The client, unless it is revoked or its name could not be one.
    async fn find(&self, id: &str) -> Result<Option<Client>, TokenRefusal> {
        if !super::is_plain(id) {
            return Ok(None);
        }
        let mut link = self.store.read().await?;
        let client = identity::client(&mut link, id).await?;
        Ok(client.filter(|client| client.state == State::Active))
    }
}
