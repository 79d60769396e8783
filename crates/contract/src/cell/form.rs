//! The forms of references, postcodes, URNs and authority codes.

/// Whether every byte may occur in a token, and the length is within bounds.
pub(crate) fn is_token(cell: &[u8], min: usize, max: usize, open: bool) -> bool {
    let allowed = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || (open && matches!(byte, b'.' | b'/' | b':'))
    };
    // Every byte is looked at, whatever the ones before: many at once.
    (min..=max).contains(&cell.len()) && cell.iter().fold(true, |all, byte| all & allowed(byte))
}

/// Whether a spreadsheet would take the cell for a formula.
pub(crate) fn begins_formula(cell: &[u8]) -> bool {
    matches!(cell.first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'))
}

/// Whether the cell holds a control character.
pub(crate) fn has_control(cell: &[u8]) -> bool {
    cell.iter().any(|byte| *byte < 0x20 || *byte == 0x7f)
}

/// Postcode sector: outward part, a space, one digit.
pub(crate) fn is_sector(cell: &[u8]) -> bool {
    match cell {
        [outward @ .., b' ', digit] => digit.is_ascii_digit() && is_outcode(outward),
        _ => false,
    }
}

/// Outward part of a postcode: one or two letters, a digit, perhaps another digit or a letter.
pub(crate) fn is_outcode(cell: &[u8]) -> bool {
    let letters = cell.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let rest = cell.get(letters..).unwrap_or(&[]);
    (1..=2).contains(&letters)
        && match rest {
            [digit] => digit.is_ascii_digit(),
            [digit, last] => digit.is_ascii_digit() && (last.is_ascii_digit() || last.is_ascii_uppercase()),
            _ => false,
        }
}

/// Ofsted URN: `SC` and six digits, seven digits, or the placeholder `XXXXXXX`.
pub(crate) fn is_urn(cell: &[u8]) -> bool {
    match cell {
        b"XXXXXXX" => true,
        [b'S', b'C', digits @ ..] => digits.len() == 6 && digits.iter().all(u8::is_ascii_digit),
        digits => digits.len() == 7 && digits.iter().all(u8::is_ascii_digit),
    }
}

/// GSS code of an authority: a nation's letter (or `X` for a provisional code) and eight digits.
pub(crate) fn is_authority(cell: &[u8]) -> bool {
    match cell {
        [b'E' | b'W' | b'S' | b'N' | b'X', digits @ ..] => digits.len() == 8 && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_take_theirs_and_no_other() {
        for (test, yes, no) in [
            (
                is_sector as fn(&[u8]) -> bool,
                &["SE13 6", "W1A 0", "E1 4"][..],
                &["SE13 6AB", "SE136", "se13 6", "SE13 ", "13 6"][..],
            ),
            (is_outcode, &["SE13", "W1A", "E1"], &["SE13 6", "SE", "SE131", "se13", ""]),
            (is_urn, &["SC012345", "1234567", "XXXXXXX"], &["SC12345", "123456", "12345678", "sc012345"]),
            (is_authority, &["E09000023", "X06000001"], &["E0900023", "Q09000023", "Lewisham", "E0900002A"]),
            (begins_formula, &["=1", "+1", "-1", "@x", "\tx"], &["1", "x=", ""]),
        ] {
            assert!(yes.iter().all(|text| test(text.as_bytes())), "{yes:?}");
            for text in no {
                assert!(!test(text.as_bytes()), "{text}");
            }
        }
        assert!(is_token(b"ab_-9", 2, 5, false) && !is_token(b"ab.9", 2, 5, false) && is_token(b"a/b", 1, 5, true));
        assert!(!is_token(b"a", 2, 5, false) && !is_token("é".as_bytes(), 1, 5, false));
    }
}
