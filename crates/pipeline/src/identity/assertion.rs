//! Client assertions (`private_key_jwt`, RFC 7523 with the audience rule of rfc7523bis).

use hub_domain::Timestamp;
use hub_store::identity::Client;
use serde::Deserialize;

use super::access::LEEWAY;
use super::client_key::ClientKey;
use super::jws::{Expected, Untrusted, head, unverified};

/// Seconds an assertion may live.
const LONGEST: i64 = 300;

/// A verified assertion, not yet spent.
#[derive(Debug)]
pub(crate) struct Assertion {
    pub(crate) jti: String,
    /// Of the client's key that signed it.
    pub(crate) key: String,
    /// Until when the replay guard must remember it.
    pub(crate) remembered_until: Timestamp,
}

/// `aud` is one string: an array, or the token endpoint's address, would let one server replay it at another.
#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    #[serde(rename = "aud")]
    _aud: String,
    exp: i64,
    jti: String,
    iat: Option<i64>,
    nbf: Option<i64>,
}

/// Whose key to look for; nothing is proved by it.
pub(crate) fn claimed_client(token: &str) -> Result<String, Untrusted> {
    #[derive(Deserialize)]
    struct Subject {
        sub: String,
    }
    let head = head(token)?;
    if !matches!(head.typ.as_deref(), None | Some("JWT" | "client-authentication+jwt")) {
        return Err(Untrusted("type"));
    }
    let claimed: Subject = unverified(token)?;
    if super::is_plain(&claimed.sub) { Ok(claimed.sub) } else { Err(Untrusted("subject")) }
}

/// Whether the client made this assertion for this hub. `Err(Untrusted)` before the signature is verified;
/// what is wrong with the claims of a genuine signature may be told to its maker.
pub(crate) fn verify(
    client: &Client,
    token: &str,
    issuer: &str,
    now: Timestamp,
) -> Result<Result<Assertion, &'static str>, Untrusted> {
    let keys: Vec<ClientKey> = match &client.jwks {
        Some(text) => serde_json::from_str(text).map_err(|_| Untrusted("stored key"))?,
        None => return Err(Untrusted("no key is registered")),
    };
    let head = head(token)?;
    let key = match (head.kid.as_deref(), keys.as_slice()) {
        (Some(kid), keys) => keys.iter().find(|key| key.kid() == kid),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let key = key.ok_or(Untrusted("no such key"))?;
    let opener = key.opener()?;
    let expected = Expected { issuer: &client.id, audience: Some(issuer), required: &["exp", "iss", "aud", "sub"] };
    let claims: Claims = opener.open(token, &expected)?;
    Ok(judge(claims, (&client.id, key.kid()), now))
}

fn judge(claims: Claims, (client, key): (&str, &str), now: Timestamp) -> Result<Assertion, &'static str> {
    let now = now.as_second();
    if claims.iss != client || claims.sub != client {
        return Err("iss and sub must both be the client_id");
    }
    if now >= claims.exp.saturating_add(LEEWAY) {
        return Err("the assertion has expired");
    }
    let latest = now.saturating_add(LONGEST).saturating_add(LEEWAY);
    let longest = claims.iat.is_some_and(|iat| claims.exp.saturating_sub(iat) > LONGEST);
    if claims.exp > latest || longest {
        return Err("the assertion may live five minutes at most");
    }
    if [claims.iat, claims.nbf].into_iter().flatten().any(|at| at > now.saturating_add(LEEWAY)) {
        return Err("the assertion is from the future: compare the clocks");
    }
    if !super::is_plain(&claims.jti) {
        return Err("jti must be 1 to 128 visible ASCII characters");
    }
    let remembered_until =
        Timestamp::from_second(claims.exp.saturating_add(LEEWAY)).map_err(|_| "exp is not a time")?;
    Ok(Assertion { jti: claims.jti, key: key.to_owned(), remembered_until })
}
