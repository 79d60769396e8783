//! Who sealed it: the placing authority's signature over the manifest, inside the envelope.
//!
//! age does not say who sealed. A detached JSON Web Signature (RFC 7515 appendix F, `EdDSA` of RFC 8037) over the bytes of
//! `manifest.json` does, and through the manifest's digests of every attachment. The public key stands in its header; whose
//! it is, the host settles for itself ([`Signers`](super::Signers)), and nothing that the hub says counts.

use std::path::Path;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub_notices::envelope::Fingerprint;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::contents::hex;
use crate::keys::{ClientKey, KeyError, read_secret, write_secret};

/// Name of the signing key, beside the settings file.
const FILE: &str = "signing.key";
/// The one algorithm: it is never chosen by what is read.
const ALGORITHM: &str = "EdDSA";
/// What it signs, so that it can be taken for the signature of nothing else.
const KIND: &str = "sealed-details+jws";
/// Bytes of a fingerprint, as of a sealing key's.
const SHOWN: usize = 20;

/// The key with which an authority signs what it seals: Ed25519, and not the one it proves itself to the hub with.
#[derive(Debug, Clone)]
pub struct SigningKey(ClientKey);

/// A signature is not one, or not of what it stands beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It cannot be read as one.
    #[error("the signature inside the envelope does not read: it was not made by hub-agent, or by a newer one")]
    Form,
    /// It is of other words.
    #[error(
        "the signature inside the envelope is not of what the envelope says: nothing of it is used. Tell the sender"
    )]
    Forged,
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    jwk: Jwk,
    kid: String,
    typ: String,
}

#[derive(Serialize, Deserialize)]
struct Jwk {
    crv: String,
    kty: String,
    x: String,
}

impl SigningKey {
    /// A fresh key.
    pub fn generate() -> Result<Self, KeyError> {
        ClientKey::generate().map(Self)
    }

    /// The key beside a settings file; `true` with one that was made now, because there was none.
    pub fn of(folder: &Path) -> Result<(Self, bool), KeyError> {
        let path = folder.join(FILE);
        if path.exists() {
            return Ok((Self(ClientKey::from_pem(&read_secret(&path)?)?), false));
        }
        let made = Self::generate()?;
        write_secret(&path, &made.0.to_pem())?;
        Ok((made, true))
    }

    /// What people compare: the first 160 bits of the public key's RFC 7638 thumbprint, as a sealing key's is written.
    pub fn fingerprint(&self) -> Result<Fingerprint, KeyError> {
        fingerprint(&self.public()).ok_or(KeyError::Crypto)
    }

    /// A compact signature without its payload.
    pub(super) fn sign(&self, payload: &[u8]) -> Result<String, KeyError> {
        let (crv, kty) = ("Ed25519".to_owned(), "OKP".to_owned());
        let jwk = Jwk { crv, kty, x: self.public() };
        let header = Header { alg: ALGORITHM.to_owned(), jwk, kid: self.0.key_id(), typ: KIND.to_owned() };
        let header = serde_json::to_vec(&header).map_err(|_| KeyError::Crypto)?;
        let header = URL_SAFE_NO_PAD.encode(header);
        let pair = Ed25519KeyPair::from_pkcs8(self.0.expose_pkcs8()).map_err(|_| KeyError::Crypto)?;
        let signature = pair.sign(input(&header, payload).as_bytes());
        Ok(format!("{header}..{}", URL_SAFE_NO_PAD.encode(signature.as_ref())))
    }

    fn public(&self) -> String {
        self.0.public_jwk().get("x").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    }
}

/// Whose key signed `payload`.
pub(super) fn verify(payload: &[u8], signature: &str) -> Result<Fingerprint, SignatureError> {
    let (head, tail) = signature.trim_end().split_once("..").ok_or(SignatureError::Form)?;
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| SignatureError::Form);
    let header: Header = serde_json::from_slice(&decode(head)?).map_err(|_| SignatureError::Form)?;
    let Jwk { crv, kty, x } = &header.jwk;
    if (header.alg.as_str(), header.typ.as_str()) != (ALGORITHM, KIND)
        || (crv.as_str(), kty.as_str()) != ("Ed25519", "OKP")
    {
        return Err(SignatureError::Form);
    }
    let key = UnparsedPublicKey::new(&ED25519, decode(x)?);
    key.verify(input(head, payload).as_bytes(), &decode(tail)?).map_err(|_| SignatureError::Forged)?;
    fingerprint(x).ok_or(SignatureError::Form)
}

fn input(header: &str, payload: &[u8]) -> String {
    format!("{header}.{}", URL_SAFE_NO_PAD.encode(payload))
}

/// Members in lexical order, no spaces: the thumbprint's own canonical form.
fn fingerprint(x: &str) -> Option<Fingerprint> {
    let digest = Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#));
    hex(digest.get(..SHOWN)?).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_of_these_words_by_this_key_and_of_no_others() {
        let key = SigningKey::generate().unwrap();
        let signature = key.sign(b"words").unwrap();
        assert_eq!(verify(b"words", &signature), Ok(key.fingerprint().unwrap()));
        assert_eq!(verify(b"other", &signature), Err(SignatureError::Forged));
        let other = SigningKey::generate().unwrap();
        assert_ne!(key.fingerprint().unwrap(), other.fingerprint().unwrap());
        // Another key's header before this key's signature, and the other way round.
        let theirs = other.sign(b"words").unwrap();
        let (head, tail) = (theirs.split_once("..").unwrap().0, signature.split_once("..").unwrap().1);
        assert_eq!(verify(b"words", &format!("{head}..{tail}")), Err(SignatureError::Forged));
    }

    #[test]
    fn what_is_no_signature_of_ours_is_refused_whatever_its_header_asks_for() {
        let key = SigningKey::generate().unwrap();
        let signature = key.sign(b"words").unwrap();
        let (head, tail) = signature.split_once("..").unwrap();
        let header = String::from_utf8(URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap();
        for (from, to) in [("EdDSA", "none"), ("EdDSA", "HS256"), ("Ed25519", "P-256"), ("sealed-details+jws", "JWT")] {
            let head = URL_SAFE_NO_PAD.encode(header.replacen(from, to, 1));
            assert_eq!(verify(b"words", &format!("{head}..{tail}")), Err(SignatureError::Form), "{to}");
        }
        for junk in ["", "..", "a.b.c", &format!("{head}.."), &format!("..{tail}"), &format!("{head}.d29yZHM.{tail}")] {
            assert!(verify(b"words", junk).is_err(), "{junk}");
        }
    }

    #[test]
    fn a_key_is_made_once_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (first, made) = SigningKey::of(folder.path()).unwrap();
        let (again, made_again) = SigningKey::of(folder.path()).unwrap();
        assert!(made && !made_again);
        assert_eq!(first.fingerprint().unwrap(), again.fingerprint().unwrap());
    }

    /// RFC 8037 appendix A: the key, and the first 160 bits of its thumbprint.
    #[test]
    fn a_fingerprint_is_that_of_the_published_thumbprint() {
        let shown = fingerprint("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let thumbprint = URL_SAFE_NO_PAD.decode("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k").unwrap();
        assert_eq!(shown, hex(&thumbprint[..SHOWN]).parse().unwrap());
    }
}
