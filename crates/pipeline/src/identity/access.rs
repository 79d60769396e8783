//! Access tokens (RFC 9068): what the hub issues and what it takes back.

use hub_domain::{AuthorityCode, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::jws::{Expected, Untrusted, head, sign};
use super::key::Purpose;
use super::principal::Principal;
use super::ring::Keys;
use super::role::{Role, Roles};

/// Header `typ` of an access token (RFC 9068 section 2.1).
const KIND: &str = "at+jwt";
/// Seconds an access token lives.
pub(crate) const LIFETIME: i64 = 600;
/// Seconds two clocks may differ.
pub(crate) const LEEWAY: i64 = 30;

/// Every claim is required but the key of the client, which one with a secret has not; none may stand twice, and `aud` is
/// one string.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    sub: String,
    aud: String,
    client_id: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
    roles: Vec<String>,
    authorities: Vec<AuthorityCode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_key: Option<String>,
}

/// Who a token is for.
#[derive(Debug)]
pub(crate) struct Bearer<'a> {
    pub(crate) client: &'a str,
    pub(crate) roles: Vec<String>,
    pub(crate) authorities: Vec<AuthorityCode>,
    /// The key by which the client proved that it is.
    pub(crate) key: Option<String>,
}

/// The names in every token.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    pub(crate) issuer: String,
    pub(crate) audience: String,
}

/// Signs a token that begins now.
pub(crate) fn issue(
    keys: &Keys,
    names: &Names,
    bearer: Bearer<'_>,
    jti: Uuid,
    now: Timestamp,
) -> Result<String, super::IdentityFault> {
    let key = keys.signing(Purpose::Token, now, now)?;
    let begins = now.as_second();
    let claims = Claims {
        iss: names.issuer.clone(),
        sub: bearer.client.to_owned(),
        aud: names.audience.clone(),
        client_id: bearer.client.to_owned(),
        iat: begins,
        nbf: begins,
        exp: begins.saturating_add(LIFETIME),
        jti: jti.to_string(),
        roles: bearer.roles,
        authorities: bearer.authorities,
        client_key: bearer.key,
    };
    Ok(sign(KIND, &key.public.kid, &key.signer, &claims)?)
}

/// The key id a token claims, once its header has the only shape the hub makes.
pub(crate) fn kid(token: &str) -> Result<String, Untrusted> {
    let head = head(token)?;
    if head.typ.as_deref() != Some(KIND) {
        return Err(Untrusted("type"));
    }
    head.kid.ok_or(Untrusted("no key id"))
}

/// The principal a token proves, if `keys` hold the key `kid` and every claim is right at `now`.
pub(crate) fn read(keys: &Keys, names: &Names, token: &str, kid: &str, now: Timestamp) -> Result<Principal, Untrusted> {
    let key = keys.standing(Purpose::Token, kid, now).ok_or(Untrusted("unknown key"))?;
    let expected = Expected {
        issuer: &names.issuer,
        audience: Some(&names.audience),
        required: &["exp", "nbf", "iss", "aud", "sub"],
    };
    let claims: Claims = key.opener.open(token, &expected)?;
    in_time(&claims, now.as_second())?;
    if claims.client_id != claims.sub || claims.jti.is_empty() {
        return Err(Untrusted("claims"));
    }
    let roles: Roles = claims
        .roles
        .iter()
        .map(|role| role.parse::<Role>())
        .collect::<Result<_, _>>()
        .map_err(|_| Untrusted("roles"))?;
    let expires_at = Timestamp::from_second(claims.exp).map_err(|_| Untrusted("times"))?;
    let principal = Principal::verified(&claims.sub, roles, claims.authorities, expires_at);
    Ok(principal.proved_by(claims.client_key.as_deref()))
}

fn in_time(claims: &Claims, now: i64) -> Result<(), Untrusted> {
    if now >= claims.exp.saturating_add(LEEWAY) {
        return Err(Untrusted("expired"));
    }
    let begun = claims.nbf.max(claims.iat) <= now.saturating_add(LEEWAY);
    let short = claims.exp.saturating_sub(claims.iat) <= LIFETIME;
    if begun && short { Ok(()) } else { Err(Untrusted("times")) }
}
