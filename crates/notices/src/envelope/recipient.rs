use std::fmt;
use std::str::FromStr;

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use hub_domain::words::NotAWord;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Bytes of the SHA-256 that a fingerprint shows: as many as anybody reads out over a telephone.
const SHOWN: usize = 20;
/// Letters of an X25519 public key in age's form.
const LETTERS: usize = 62;

/// An X25519 public key as age writes it: `age1…`, 62 small letters and digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Recipient(String);

/// The text is no X25519 public key of age's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an age public key: age1 and 58 more small letters and digits, as age-keygen prints it")]
pub struct NotARecipient;

/// What people compare: the first 160 bits of the SHA-256 of the public key's text, in ten groups of four hexadecimal
/// digits, `3f2a-91c0-…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Fingerprint(String);

impl Recipient {
    /// The key's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What people compare.
    pub fn fingerprint(&self) -> Fingerprint {
        let digest = Sha256::digest(self.0.as_bytes());
        let pairs: Vec<String> = digest.iter().take(SHOWN).map(|byte| format!("{byte:02x}")).collect();
        Fingerprint(pairs.chunks(2).map(<[String]>::concat).collect::<Vec<_>>().join("-"))
    }
}

impl FromStr for Recipient {
    type Err = NotARecipient;

    /// Only the one usual spelling: another of the same key would have another fingerprint.
    fn from_str(text: &str) -> Result<Self, NotARecipient> {
        if text.len() != LETTERS || text.bytes().any(|byte| !byte.is_ascii_lowercase() && !byte.is_ascii_digit()) {
            return Err(NotARecipient);
        }
        let read = CheckedHrpstring::new::<Bech32>(text).map_err(|_| NotARecipient)?;
        let is_key = read.hrp() == Hrp::parse_unchecked("age") && read.byte_iter().count() == 32;
        if is_key { Ok(Self(text.to_owned())) } else { Err(NotARecipient) }
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Fingerprint {
    /// Ten groups of four hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Fingerprint {
    type Err = NotAWord;

    /// Takes it as people write it: with spaces or hyphens, in either case.
    fn from_str(text: &str) -> Result<Self, NotAWord> {
        let digits: String = text.chars().filter(|letter| !matches!(letter, ' ' | '-' | ':')).collect();
        if digits.len() != SHOWN * 2 || digits.bytes().any(|byte| !byte.is_ascii_hexdigit()) {
            return Err(NotAWord("fingerprint"));
        }
        let digits: Vec<char> = digits.to_ascii_lowercase().chars().collect();
        Ok(Self(digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

macro_rules! read_as_text {
    ($($name:ident),+) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}
read_as_text!(Recipient, Fingerprint);

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of age's own manual page.
    const MANUAL: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    #[test]
    fn a_key_of_ages_own_manual_reads_and_no_other_spelling_of_it_does() {
        let key: Recipient = MANUAL.parse().unwrap();
        assert_eq!(key.as_str(), MANUAL);
        let fault = |text: &str| assert_eq!(text.parse::<Recipient>(), Err(NotARecipient), "{text}");
        fault(&MANUAL.to_ascii_uppercase());
        fault(&MANUAL.replace("8p", "8q"));
        fault(&MANUAL[..61]);
        fault(&format!("{MANUAL}q"));
        fault(&format!(" {}", &MANUAL[..61]));
        fault("");
        fault("age1");
    }

    #[test]
    fn a_secret_key_is_not_taken_for_a_public_one() {
        // The example of the format's specification.
        let secret = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
        assert_eq!(secret.parse::<Recipient>(), Err(NotARecipient));
        assert_eq!(secret.to_ascii_lowercase().parse::<Recipient>(), Err(NotARecipient));
    }

    #[test]
    fn a_fingerprint_is_that_of_sha256sum_and_reads_however_it_is_written() {
        let shown = MANUAL.parse::<Recipient>().unwrap().fingerprint();
        // printf %s age1ql3… | sha256sum | cut -c1-40 | sed 's/..../&-/g'
        assert_eq!(shown.as_str(), "cf7e-5682-3131-5068-5bf1-6e42-c4ea-48e1-68e1-6e82");
        let spoken = shown.as_str().replace('-', " ").to_uppercase();
        assert_eq!(spoken.parse::<Fingerprint>().unwrap(), shown);
        assert_eq!(shown.as_str().split('-').count(), 10);
        for bad in ["", "zz", &shown.as_str()[..48], &format!("{shown}0")] {
            assert!(bad.parse::<Fingerprint>().is_err(), "{bad}");
        }
    }
}
