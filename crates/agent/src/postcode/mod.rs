//! Postcodes: their shape, their sector, and where they are. Full postcodes never leave this machine.

mod directory;
mod layout;

pub(crate) use directory::miles_between;
pub use directory::{Census, Directory, DirectoryError};

use std::fmt;

/// A full postcode in its standard form, `SE13 6LT`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Postcode(String);

impl Postcode {
    /// Reads a postcode with or without its space, in any case. `None` when the text does not have
    /// the shape of one; whether it exists is the directory's to say.
    pub fn parse(text: &str) -> Option<Self> {
        let compact: Vec<u8> =
            text.bytes().filter(|byte| !byte.is_ascii_whitespace()).map(|byte| byte.to_ascii_uppercase()).collect();
        let (outward, inward) = compact.split_at_checked(compact.len().checked_sub(3)?)?;
        if !is_outward(outward) || !is_inward(inward) {
            return None;
        }
        Some(Self(format!("{} {}", String::from_utf8_lossy(outward), String::from_utf8_lossy(inward))))
    }

    /// The sector: outward code and first digit of the inward, `SE13 6`.
    pub fn sector(&self) -> &str {
        self.0.get(..self.0.len().saturating_sub(2)).unwrap_or("")
    }

    /// The standard form, for use as a key on this machine only.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Postcode(..)")
    }
}

/// A9, A99, A9A, AA9, AA99 or AA9A.
fn is_outward(outward: &[u8]) -> bool {
    let shape: Vec<u8> = outward.iter().map(|byte| if byte.is_ascii_digit() { b'9' } else { b'A' }).collect();
    outward.iter().all(u8::is_ascii_alphanumeric)
        && matches!(shape.as_slice(), b"A9" | b"A99" | b"A9A" | b"AA9" | b"AA99" | b"AA9A")
}

/// 9AA.
fn is_inward(inward: &[u8]) -> bool {
    matches!(inward, [digit, letters @ ..] if digit.is_ascii_digit() && letters.iter().all(u8::is_ascii_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_and_sectors() {
        for (text, sector) in [
            ("se136lt", "SE13 6"),
            ("SE13 6LT", "SE13 6"),
            (" e1  6an ", "E1 6"),
            ("EC1A1BB", "EC1A 1"),
            ("W1A 0AX", "W1A 0"),
        ] {
            assert_eq!(Postcode::parse(text).unwrap().sector(), sector, "{text}");
        }
        for text in ["2TR", "", "SE13", "ABC 1", "SE136 LTX", "SÉ13 6LT", "AAA1 1AA", "é"] {
            assert_eq!(Postcode::parse(text), None, "{text}");
        }
    }
}
