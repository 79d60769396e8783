//! Client secrets: 32 random bytes, kept only as SHA-256.
//!
//! A slow password hash would buy nothing here: there are 2^256 secrets to try, not the few million that people
//! choose, and 10 ms of argon2 per token request would be a way to exhaust the hub.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

use super::jws::Untrusted;

/// Says what the text is to people and to scanners of leaked secrets.
const PREFIX: &str = "hubsec_";
/// The same of a reporting key.
const REPORTING: &str = "hubkey_";
/// Letters that 32 bytes are written with.
const LETTERS: usize = 43;
/// Bytes of one hash.
const HASH: usize = 32;

/// A fresh secret and what the store keeps of it.
pub(crate) fn make() -> Result<(SecretString, Vec<u8>), Untrusted> {
    begin_with(PREFIX)
}

/// The same of a reporting key.
pub(crate) fn make_reporting() -> Result<(SecretString, Vec<u8>), Untrusted> {
    begin_with(REPORTING)
}

/// Whether a text has the shape of a reporting key's secret.
pub(crate) fn is_reporting(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.strip_prefix(REPORTING).is_some_and(|rest| rest.len() == LETTERS && rest.bytes().all(is_letter))
}

/// Chance for a browser's cookie: 43 letters. Wiped by nobody, since it is sent to and fro with every request.
pub(crate) fn make_handle() -> Result<String, Untrusted> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Untrusted("random source"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn begin_with(prefix: &str) -> Result<(SecretString, Vec<u8>), Untrusted> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Untrusted("random source"))?;
    let secret = SecretString::from(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)));
    let kept = hash(secret.expose_secret());
    Ok((secret, kept))
}

/// What the store keeps of a secret.
pub(crate) fn hash(secret: &str) -> Vec<u8> {
    digest(&SHA256, secret.as_bytes()).as_ref().to_vec()
}

/// Whether `offered` is one of the secrets kept: one hash, or two while a rotation is under way. Takes the same time
/// whatever is kept, also when nothing is.
pub(crate) fn matches(kept: Option<&[u8]>, offered: &str) -> bool {
    let offered = hash(offered);
    let nothing = [0; HASH];
    let known = kept.unwrap_or(&nothing);
    let same = known.chunks(HASH).fold(0, |found, one| found | one.ct_eq(&offered).unwrap_u8());
    same == 1 && kept.is_some()
}
