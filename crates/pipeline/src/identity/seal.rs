//! The hub's private keys, and the secrets that endpoints share with it, as they lie in its database: sealed (AES-256-GCM)
//! under a key that is kept elsewhere, so that a copy of the database signs nothing.
//!
//! Sealed bytes are a mark, the sealing key's id, a nonce, and the ciphertext with its tag; what the key is for is
//! authenticated with it, so that no sealed key can be put in another's place. A PKCS#8 document and `whsec_…`, which are
//! what lies there unsealed, begin otherwise.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;

use super::fault::IdentityFault;

/// Begins every sealed key.
const MARK: &[u8; 4] = b"HKS1";
/// Bytes of a sealing key's id.
const ID: usize = 8;
/// Bytes of a sealing key.
const LENGTH: usize = 32;

/// The keys that seal; none of them means that private keys and secrets lie as they are. Cheap to clone.
#[derive(Clone, Default)]
pub struct Seal(Arc<Vec<SealingKey>>);

struct SealingKey {
    id: [u8; ID],
    key: RandomizedNonceKey,
}

/// A key file that cannot be used. Never repeats what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealRefusal {
    /// There is no key in it.
    #[error("the key file holds no key")]
    Empty,
    /// A line is not 32 bytes in base64.
    #[error("line {0} of the key file is not a key of 32 bytes in base64")]
    Line(usize),
}

/// A private key as it was found.
#[derive(PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) private: Vec<u8>,
    /// It lies as it should: sealed under the first key, or unsealed when there is none.
    pub(crate) is_current: bool,
}

impl Seal {
    /// No sealing.
    pub fn none() -> Self {
        Self::default()
    }

    /// The keys of a key file: one in base64 on each line, blank lines and those that begin with `#` left out. The first
    /// seals; the others only open what they sealed before.
    pub fn read(text: &str) -> Result<Self, SealRefusal> {
        let mut keys = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            keys.push(SealingKey::read(line).ok_or(SealRefusal::Line(number + 1))?);
        }
        if keys.is_empty() { Err(SealRefusal::Empty) } else { Ok(Self(Arc::new(keys))) }
    }

    /// A fresh line for a key file.
    pub fn fresh() -> Result<SecretString, IdentityFault> {
        let mut bytes = [0; LENGTH];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| unusable("random source"))?;
        Ok(STANDARD.encode(bytes).into())
    }

    /// Whether private keys are sealed.
    pub fn is_some(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether these bytes are a sealed key.
    pub fn is_sealed(kept: &[u8]) -> bool {
        kept.starts_with(MARK)
    }

    /// Whether what is kept of `kid` can be read: it is unsealed, or sealed under one of these keys.
    pub fn opens(&self, kept: &[u8], kid: &str) -> bool {
        self.open(kept, kid).is_ok()
    }

    /// The private key of `kid` as it is to be kept.
    pub(crate) fn close(&self, private: &[u8], kid: &str) -> Result<Vec<u8>, IdentityFault> {
        let Some(first) = self.0.first() else { return Ok(private.to_vec()) };
        let mut text = private.to_vec();
        let sealed = first.key.seal_in_place_append_tag(Aad::from(kid.as_bytes()), &mut text);
        let nonce = sealed.map_err(|_| unusable("a key could not be sealed"))?;
        Ok([MARK.as_slice(), &first.id, nonce.as_ref(), &text].concat())
    }

    /// The private key of `kid` from what is kept.
    pub(crate) fn open(&self, kept: &[u8], kid: &str) -> Result<Opened, IdentityFault> {
        let Some(rest) = kept.strip_prefix(MARK) else {
            return Ok(Opened { private: kept.to_vec(), is_current: !self.is_some() });
        };
        let cut =
            rest.split_first_chunk::<ID>().and_then(|(id, rest)| Some((id, rest.split_first_chunk::<NONCE_LEN>()?)));
        let (id, (nonce, text)) = cut.ok_or_else(|| unusable("a sealed key is cut short"))?;
        let place = self.0.iter().position(|key| key.id == *id);
        let (place, key) = place.and_then(|place| Some((place, self.0.get(place)?))).ok_or_else(|| {
            unusable("a signing key is sealed under a key that the key file does not hold (HUB_KEY_FILE)")
        })?;
        let mut text = text.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = key.key.open_in_place(nonce, Aad::from(kid.as_bytes()), &mut text);
        let private = opened.map_err(|_| unusable("a sealed key has been changed"))?.to_vec();
        Ok(Opened { private, is_current: place == 0 })
    }
}

impl SealingKey {
    fn read(line: &str) -> Option<Self> {
        let bytes = STANDARD.decode(line).ok().filter(|bytes| bytes.len() == LENGTH)?;
        let id = *digest(&SHA256, &bytes).as_ref().first_chunk::<ID>()?;
        Some(Self { id, key: RandomizedNonceKey::new(&AES_256_GCM, &bytes).ok()? })
    }
}

fn unusable(why: &str) -> IdentityFault {
    IdentityFault::Material(why.to_owned())
}

impl fmt::Debug for Seal {
    /// Without the keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seal").field("keys", &self.0.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn fresh() -> String {
        Seal::fresh().unwrap().expose_secret().to_owned()
    }

    #[test]
    fn what_is_sealed_opens_under_its_key_and_its_name_alone() {
        let (one, other) = (fresh(), fresh());
        let seal = Seal::read(&one).unwrap();
        let kept = seal.close(b"private", "kid").unwrap();
        assert!(Seal::is_sealed(&kept) && !kept.windows(7).any(|seven| seven == b"private"));
        assert_ne!(kept, seal.close(b"private", "kid").unwrap(), "never the same twice");
        let opened = seal.open(&kept, "kid").unwrap();
        assert!(opened.is_current && opened.private == b"private");
        assert!(seal.open(&kept, "another").is_err());
        assert!(Seal::read(&other).unwrap().open(&kept, "kid").is_err());
        assert!(Seal::none().open(&kept, "kid").is_err());
        for at in 0..kept.len() {
            let mut changed = kept.clone();
            changed[at] ^= 1;
            assert!(
                seal.open(&changed, "kid").is_ok_and(|opened| opened.private == b"private").eq(&false),
                "byte {at}"
            );
        }
        assert!(seal.open(&kept[..20], "kid").is_err());
    }

    #[test]
    fn a_key_before_the_first_opens_what_is_to_be_sealed_again() {
        let (old, new) = (fresh(), fresh());
        let kept = Seal::read(&old).unwrap().close(b"private", "kid").unwrap();
        let both = Seal::read(&format!("# since May\n{new}\n\n{old}\n")).unwrap();
        assert!(both.open(&kept, "kid").is_ok_and(|opened| !opened.is_current));
        assert!(both.open(b"private", "kid").is_ok_and(|opened| !opened.is_current), "unsealed so far");
        assert!(Seal::none().open(b"private", "kid").is_ok_and(|opened| opened.is_current));
    }

    #[test]
    fn a_file_that_is_no_key_file_is_refused_by_line_and_not_repeated() {
        assert_eq!(Seal::read("# nothing\n").unwrap_err(), SealRefusal::Empty);
        assert_eq!(Seal::read(&format!("{}\nshort\n", fresh())).unwrap_err(), SealRefusal::Line(2));
        assert!(!format!("{:?}", Seal::read(&fresh()).unwrap()).contains('='));
    }
}
