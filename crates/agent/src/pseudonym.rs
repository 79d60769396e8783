//! Keyed pseudonyms: the same child is the same token every night, and nobody without the borough's
//! key can make or undo one.

use std::fmt;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use hub_domain::AuthorityCode;
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;

/// Letters that spell no words and no numbers, so that a token is never taken for a date, a
/// telephone number or a formula, by a spreadsheet or by the hub's own door.
const LETTERS: &[u8; 16] = b"bcdfghjkmnpqrstv";
/// Bytes of the code that are kept: 160 bits, 40 letters.
const KEPT: usize = 20;

/// The borough's pseudonym key. It never leaves the borough; without it tonight's children cannot
/// be told to be last night's.
#[derive(Clone)]
pub struct PseudonymKey(Arc<SecretBox<[u8; 32]>>);

/// What a pseudonym stands for: two kinds never share a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// A child, by its number in the case system.
    Child,
    /// A group of siblings.
    Siblings,
    /// A home or household.
    Setting,
    /// A child placed in the area by another authority, by its number in the host's system: never the token of a
    /// child of the authority's own.
    Link,
}

impl PseudonymKey {
    /// A key of 32 secret bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Arc::new(SecretBox::new(Box::new(bytes))))
    }

    /// The child's token, as the placements and searches feeds carry it: 40 letters. The number is
    /// unique only within the authority, so the authority is part of what is hashed.
    pub fn child_ref(&self, authority: AuthorityCode, child: &str) -> String {
        self.token(Of::Child, authority, &[&child.to_ascii_uppercase()])
    }

    pub(crate) fn token(&self, of: Of, authority: AuthorityCode, parts: &[&str]) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.expose_secret()) else { return String::new() };
        mac.update(of.label());
        // A home is the same home whichever of two authorities that share a key places there.
        if of != Of::Setting {
            mac.update(authority.as_str().as_bytes());
        }
        for part in parts {
            mac.update(&[0]);
            mac.update(part.as_bytes());
        }
        let code = mac.finalize().into_bytes();
        code.iter().take(KEPT).flat_map(|byte| [letter(byte >> 4), letter(byte & 15)]).collect()
    }
}

impl Of {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Child => b"child/1:",
            Self::Siblings => b"siblings/1:",
            Self::Setting => b"setting/1:",
            Self::Link => b"link/1:",
        }
    }
}

fn letter(nibble: u8) -> char {
    LETTERS.get(usize::from(nibble)).copied().map_or('b', char::from)
}

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PseudonymKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> AuthorityCode {
        text.parse().unwrap()
    }

    #[test]
    fn a_child_is_the_same_token_every_night_and_another_under_another_key() {
        let (key, other) = (PseudonymKey::from_bytes([7; 32]), PseudonymKey::from_bytes([8; 32]));
        let lewisham = code("E09000023");
        let token = key.child_ref(lewisham, "a123");
        assert_eq!(token, "mfjprvtpbtbtmkrrdmddgbcdpjbkgpbbctnhggdh");
        assert_eq!(token, key.child_ref(lewisham, "A123"));
        assert_eq!(token.len(), 40);
        assert_ne!(token, other.child_ref(lewisham, "a123"));
        assert_ne!(token, key.child_ref(code("E09000006"), "a123"));
        assert_ne!(token, key.token(Of::Siblings, lewisham, &["A123"]));
    }

    #[test]
    fn parts_do_not_run_together() {
        let key = PseudonymKey::from_bytes([7; 32]);
        let lewisham = code("E09000023");
        assert_ne!(key.token(Of::Setting, lewisham, &["ab", "c"]), key.token(Of::Setting, lewisham, &["a", "bc"]));
    }

    #[test]
    fn the_key_does_not_print_itself() {
        assert_eq!(format!("{:?}", PseudonymKey::from_bytes([7; 32])), "PseudonymKey(..)");
    }
}
