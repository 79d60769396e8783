//! Signed compact JSON, opened strictly: the key record says the algorithm, the header never does.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Longer than any token issued here; what is longer is refused before it is parsed.
const LONGEST: usize = 8 * 1024;

/// The text is not a token signed by that key for that use. Says no more: which check failed is nobody's business
/// but the operator's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a token this hub can trust: {0}")]
pub(crate) struct Untrusted(pub(crate) &'static str);

/// A token's header. Every other member — `jwk`, `jku`, `x5u`, `x5c`, `crit`, `b64` and whatever may be invented — is
/// refused, since each is a way to choose the key or the reading.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Head {
    alg: String,
    pub(crate) typ: Option<String>,
    pub(crate) kid: Option<String>,
}

/// A public key and the one algorithm it is used with.
#[derive(Debug, Clone)]
pub(crate) struct Opener {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl Opener {
    /// An Ed25519 key, from its 32 bytes in base64url.
    pub(crate) fn ed25519(x: &str) -> Result<Self, Untrusted> {
        let key = DecodingKey::from_ed_components(x).map_err(|_| Untrusted("key"))?;
        Ok(Self { algorithm: Algorithm::EdDSA, key })
    }

    /// A P-256 key, from its coordinates in base64url.
    pub(crate) fn p256(x: &str, y: &str) -> Result<Self, Untrusted> {
        let key = DecodingKey::from_ec_components(x, y).map_err(|_| Untrusted("key"))?;
        Ok(Self { algorithm: Algorithm::ES256, key })
    }

    /// An RSA key with PKCS #1 v1.5 and SHA-256, from modulus and exponent in base64url: what most issuers of people's accounts
    /// sign with. The hub signs nothing so.
    pub(crate) fn rs256(n: &str, e: &str) -> Result<Self, Untrusted> {
        let key = DecodingKey::from_rsa_components(n, e).map_err(|_| Untrusted("key"))?;
        Ok(Self { algorithm: Algorithm::RS256, key })
    }

    /// The claims, if the signature is this key's. Times are the caller's to check, by its own clock.
    pub(crate) fn open<T: DeserializeOwned>(&self, token: &str, expected: &Expected<'_>) -> Result<T, Untrusted> {
        let mut validation = Validation::new(self.algorithm);
        validation.set_required_spec_claims(expected.required);
        // The hub's clock decides, not the machine's; see `Times`.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.leeway = 0;
        validation.set_issuer(&[expected.issuer]);
        if let Some(audience) = expected.audience {
            validation.set_audience(&[audience]);
        } else {
            validation.validate_aud = false;
        }
        let opened = decode::<T>(token, &self.key, &validation).map_err(|_| Untrusted("signature or claims"))?;
        Ok(opened.claims)
    }
}

/// What the claims must say besides what their type already requires.
#[derive(Debug)]
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) audience: Option<&'a str>,
    pub(crate) required: &'a [&'a str],
}

/// The header of a token whose signature nobody has looked at yet: good for finding a key record, for nothing else.
pub(crate) fn head(token: &str) -> Result<Head, Untrusted> {
    if token.len() > LONGEST {
        return Err(Untrusted("too long"));
    }
    let encoded = token.split('.').next().unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| Untrusted("header"))?;
    let head: Head = serde_json::from_slice(&bytes).map_err(|_| Untrusted("header"))?;
    if matches!(head.alg.as_str(), "EdDSA" | "ES256") { Ok(head) } else { Err(Untrusted("algorithm")) }
}

/// The claims nobody has verified: good for finding a client record, for nothing else.
pub(crate) fn unverified<T: DeserializeOwned>(token: &str) -> Result<T, Untrusted> {
    let encoded = token.split('.').nth(1).unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| Untrusted("claims"))?;
    serde_json::from_slice(&bytes).map_err(|_| Untrusted("claims"))
}

/// Signs `claims` with an Ed25519 key in PKCS#8, under a header of exactly `typ`, `alg` and `kid`.
pub(crate) fn sign<T: Serialize>(kind: &str, kid: &str, key: &EncodingKey, claims: &T) -> Result<String, Untrusted> {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(kind.to_owned());
    header.kid = Some(kid.to_owned());
    encode(&header, claims, key).map_err(|_| Untrusted("signing key"))
}
