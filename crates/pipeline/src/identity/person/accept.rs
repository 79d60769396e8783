//! Whether an ID token is to be believed (OpenID Connect Core 1.0 section 3.1.3.7).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub_domain::{AuthorityCode, Timestamp};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::expectation::Expectation;
use super::key_set;
use super::rules::Rules;
use crate::identity::access::LEEWAY;
use crate::identity::jws::Expected;
use crate::identity::role::Roles;

/// Longer than any ID token with two hundred groups in it.
const LONGEST: usize = 32 << 10;
/// Letters of a name as it is kept.
const NAME: usize = 128;

/// Who an ID token names, once it was believed. There is no other way to make one.
#[derive(Debug, Clone)]
pub struct Accepted {
    pub(super) subject: String,
    pub(super) name: String,
    pub(super) roles: Roles,
    pub(super) authorities: Vec<AuthorityCode>,
}

/// An ID token that proves nothing. For the log only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unbelieved {
    /// Its key is not in the issuer's set: the issuer may have a new one.
    #[error("the token is signed by a key that the issuer has not published")]
    UnknownKey,
    /// Something else is wrong; says what was looked at.
    #[error("the token proves nothing: {0}")]
    Token(&'static str),
}

impl Unbelieved {
    /// Whether a newer key set may help.
    pub fn is_of_an_unknown_key(self) -> bool {
        self == Self::UnknownKey
    }
}

/// A token's header. Thumbprints of certificates choose no key here, and are let be; every other member that there may be is
/// a way to choose the key or the reading, and is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    #[serde(rename = "alg")]
    _alg: String,
    kid: Option<String>,
    #[serde(rename = "typ")]
    _typ: Option<String>,
    #[serde(rename = "x5t")]
    _x5t: Option<IgnoredAny>,
    #[serde(rename = "x5t#S256")]
    _x5t_s256: Option<IgnoredAny>,
}

/// Who the token names: signed by one of the `keys` of the `issuer`, for the client `client`, in answer to what was
/// `expected`, in time. What its claims open is for the `rules` to say.
pub fn accept(
    token: &str,
    keys: &str,
    (issuer, client): (&str, &str),
    expected: &Expectation,
    (rules, now): (&Rules, Timestamp),
) -> Result<Accepted, Unbelieved> {
    let opener = key_set::opener(keys, head(token)?.kid.as_deref())?;
    let wanted = Expected { issuer, audience: Some(client), required: &["exp", "iss", "aud", "sub"] };
    let claims: Map<String, Value> = opener.open(token, &wanted).map_err(|untrusted| Unbelieved::Token(untrusted.0))?;
    is_for_us(&claims, client)?;
    in_time(&claims, now.as_second())?;
    if text(&claims, "nonce") != Some(expected.nonce()) {
        return Err(Unbelieved::Token("nonce"));
    }
    let subject = text(&claims, &rules.subject).ok_or(Unbelieved::Token("the claim that names the account"))?;
    let name = text(&claims, &rules.name).unwrap_or(subject).chars().filter(|letter| !letter.is_control());
    Ok(Accepted {
        subject: subject.to_owned(),
        name: name.take(NAME).collect(),
        roles: rules.roles_in(&claims),
        authorities: rules.authorities_in(&claims),
    })
}

fn head(token: &str) -> Result<Head, Unbelieved> {
    if token.len() > LONGEST {
        return Err(Unbelieved::Token("too long"));
    }
    let encoded = token.split('.').next().unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| Unbelieved::Token("header"))?;
    serde_json::from_slice(&bytes).map_err(|_| Unbelieved::Token("header"))
}

/// A token for several must say that it was issued to this one.
fn is_for_us(claims: &Map<String, Value>, client: &str) -> Result<(), Unbelieved> {
    let several = claims.get("aud").and_then(Value::as_array).is_some_and(|all| all.len() > 1);
    match text(claims, "azp") {
        Some(azp) if azp != client => Err(Unbelieved::Token("azp")),
        None if several => Err(Unbelieved::Token("azp")),
        _ => Ok(()),
    }
}

fn in_time(claims: &Map<String, Value>, now: i64) -> Result<(), Unbelieved> {
    let at = |name: &str| claims.get(name).and_then(Value::as_i64);
    let ends = at("exp").ok_or(Unbelieved::Token("times"))?;
    let begun = at("iat").ok_or(Unbelieved::Token("times"))?.max(at("nbf").unwrap_or(i64::MIN));
    if now < ends.saturating_add(LEEWAY) && begun <= now.saturating_add(LEEWAY) {
        Ok(())
    } else {
        Err(Unbelieved::Token("times"))
    }
}

fn text<'c>(claims: &'c Map<String, Value>, name: &str) -> Option<&'c str> {
    claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}
