//! The key with which the agent proves who it is: Ed25519, its public half registered at the hub.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::KeyError;

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// An Ed25519 key pair.
#[derive(Clone)]
pub struct ClientKey {
    pkcs8: Arc<SecretBox<Vec<u8>>>,
    public: String,
}

impl ClientKey {
    /// Makes a new pair.
    pub fn generate() -> Result<Self, KeyError> {
        let document = Ed25519KeyPair::generate().and_then(|pair| pair.to_pkcs8v1()).map_err(|_| KeyError::Crypto)?;
        Self::from_pkcs8(document.as_ref().to_vec())
    }

    /// Reads a PKCS #8 PEM file.
    pub fn from_pem(pem: &SecretString) -> Result<Self, KeyError> {
        let text = pem.expose_secret();
        let body = text.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END)).map_or("", |(body, _)| body);
        let compact: String = body.split_whitespace().collect();
        let pkcs8 = STANDARD.decode(compact).map_err(|_| KeyError::NotAKey("client key"))?;
        Self::from_pkcs8(pkcs8)
    }

    /// The pair as a PKCS #8 PEM file.
    pub fn to_pem(&self) -> SecretString {
        let body = STANDARD.encode(self.pkcs8.expose_secret());
        SecretString::from(format!("{BEGIN}\n{body}\n{END}\n"))
    }

    /// The public half as a JSON Web Key, for the hub's operator. Its `kid` is the RFC 7638 thumbprint.
    pub fn public_jwk(&self) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "x": self.public, "kid": self.key_id(), "alg": "EdDSA", "use": "sig" })
    }

    /// The RFC 7638 thumbprint of the public key.
    pub fn key_id(&self) -> String {
        // Members in lexical order, no spaces: the thumbprint's own canonical form.
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.public);
        URL_SAFE_NO_PAD.encode(Sha256::digest(canonical))
    }

    pub(crate) fn expose_pkcs8(&self) -> &[u8] {
        self.pkcs8.expose_secret()
    }

    fn from_pkcs8(pkcs8: Vec<u8>) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_pkcs8(&pkcs8).map_err(|_| KeyError::NotAKey("client key"))?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        Ok(Self { pkcs8: Arc::new(SecretBox::new(Box::new(pkcs8))), public })
    }
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientKey").field("public", &self.public).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_survives_its_file() {
        let pair = ClientKey::generate().unwrap();
        let again = ClientKey::from_pem(&pair.to_pem()).unwrap();
        assert_eq!(pair.public_jwk(), again.public_jwk());
        assert_eq!(pair.public_jwk()["kid"], again.key_id());
        assert!(matches!(
            ClientKey::from_pem(&"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----".into()),
            Err(KeyError::NotAKey(_))
        ));
    }

    #[test]
    fn the_thumbprint_is_that_of_rfc_8037() {
        // RFC 8037 appendix A.3, for the public key of appendix A.1.
        let key = ClientKey {
            pkcs8: Arc::new(SecretBox::new(Box::default())),
            public: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".into(),
        };
        assert_eq!(key.key_id(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}
