//! The GSS code of an authority: the key of everything the hub keeps.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A nine-character GSS code such as `E09000023`, or a code of ours that begins with `X` for an
/// authority whose code ONS has not yet published (East and West Surrey before April 2027).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AuthorityCode([u8; 9]);

/// The text is not one of `E`, `W`, `S`, `N`, `X` followed by eight digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an authority code is E, W, S, N or X and eight digits")]
pub struct NotACode;

impl AuthorityCode {
    /// `X00000000`, the code of no authority.
    pub const NONE: Self = Self(*b"X00000000");

    /// `X00000001`: the region itself, as the sender of what no authority owns. It is a tenant like any other, and no
    /// authority: no child is placed by it or in it (decision 0022).
    pub const REGION: Self = Self(*b"X00000001");

    /// The code as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl Default for AuthorityCode {
    /// `X00000000`, the code of no authority.
    fn default() -> Self {
        Self::NONE
    }
}

impl FromStr for AuthorityCode {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        let bytes: [u8; 9] = text.as_bytes().try_into().map_err(|_| NotACode)?;
        match bytes {
            [b'E' | b'W' | b'S' | b'N' | b'X', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => Ok(Self(bytes)),
            _ => Err(NotACode),
        }
    }
}

impl fmt::Display for AuthorityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for AuthorityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for AuthorityCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for AuthorityCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_letter_and_eight_digits() {
        for text in ["E09000023", "W06000015", "X06000001"] {
            let code: AuthorityCode = text.parse().unwrap();
            assert_eq!((code.as_str(), code.to_string().as_str()), (text, text));
            assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<AuthorityCode>(&format!("\"{text}\"")).unwrap(), code);
        }
        for text in ["", "E0900002", "E090000233", "e09000023", "Z09000023", "E0900002A", "E0900002é"] {
            assert_eq!(text.parse::<AuthorityCode>(), Err(NotACode), "{text}");
        }
    }
}
