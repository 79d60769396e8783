//! The signed statement "I am this client", RFC 7523.

use hub_domain::{IdSource, RandomIds, Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;

use super::error::HubError;
use crate::keys::ClientKey;

/// The client-assertion type of RFC 7523.
pub(crate) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How long an assertion holds, seconds; hubs refuse more than five minutes.
const HOLDS: i64 = 120;

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Signs an assertion for the hub whose issuer identifier is `issuer`: single use, two minutes.
pub(crate) fn sign(key: &ClientKey, client_id: &str, issuer: &str, now: Timestamp) -> Result<String, HubError> {
    // The library panics when two backends are linked; naming ours settles it.
    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
    let at = now.as_second();
    let claims = Claims {
        iss: client_id,
        sub: client_id,
        aud: issuer,
        jti: RandomIds.next().to_string(),
        iat: at,
        nbf: at,
        exp: at.saturating_add(HOLDS),
    };
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(key.key_id());
    let signing = EncodingKey::from_ed_der(key.expose_pkcs8());
    encode(&header, &claims, &signing).map_err(|_| HubError::Prepare("the assertion could not be signed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonwebtoken::{DecodingKey, Validation, decode};
    use serde_json::Value;

    #[test]
    fn the_assertion_says_who_to_whom_and_for_how_long() {
        let key = ClientKey::generate().unwrap();
        let now: Timestamp = "2026-04-07T02:00:00Z".parse().unwrap();
        let token = sign(&key, "lewisham", "https://hub.example", now).unwrap();
        let jwk = serde_json::from_value(key.public_jwk()).unwrap();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&["https://hub.example"]);
        validation.validate_exp = false;
        let read = decode::<Value>(&token, &DecodingKey::from_jwk(&jwk).unwrap(), &validation).unwrap();
        assert_eq!(read.header.kid.as_deref(), Some(key.key_id().as_str()));
        assert_eq!((&read.claims["iss"], &read.claims["sub"]), (&"lewisham".into(), &"lewisham".into()));
        assert_eq!(read.claims["exp"].as_i64().unwrap() - read.claims["iat"].as_i64().unwrap(), HOLDS);
        let again = sign(&key, "lewisham", "https://hub.example", now).unwrap();
        assert_ne!(token, again, "each assertion has its own jti");
    }
}
