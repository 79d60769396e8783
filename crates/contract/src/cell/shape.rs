//! Shapes that say more than a feed may: a date of birth, a postcode, an NHS number, a UPN, a name.
//!
//! Every text cell of every file passes through here before anything is stored, so the first test of
//! each is one that most cells fail at once.

/// What a cell gives away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Day, month and year.
    Date,
    /// Outward and inward parts.
    Postcode,
    /// Ten digits whose check digit is right.
    Nhs,
    /// Unique pupil number.
    Upn,
    /// Two or more words of letters where a reference belongs.
    Name,
}

/// The shape of a whole cell.
pub(crate) fn whole(cell: &[u8]) -> Option<Shape> {
    if cell.len() < 5 || cell.len() > LONGEST {
        return None;
    }
    if cell.len() >= 8 && is_full_date(cell) {
        return Some(Shape::Date);
    }
    number_or_postcode(cell)
}

/// The shape of a whole cell of a column in which a date is at home.
pub(crate) fn number_or_postcode(cell: &[u8]) -> Option<Shape> {
    if cell.len() < 5 || cell.len() > LONGEST {
        return None;
    }
    if is_postcode(cell) {
        return Some(Shape::Postcode);
    }
    if is_upn(cell) {
        return Some(Shape::Upn);
    }
    (cell.len() >= 10 && is_nhs_number(cell)).then_some(Shape::Nhs)
}

/// No shape is longer.
const LONGEST: usize = 24;

/// The first shape found anywhere in running text: each word, and up to three words together.
pub(crate) fn within(cell: &[u8]) -> Option<Shape> {
    if cell.len() < 5 {
        return None;
    }
    let edge =
        |byte: &u8| matches!(byte, b' ' | b',' | b';' | b'(' | b')' | b':' | b'\n' | b'\r' | b'\t' | b'"' | b'\'');
    let words: Vec<&[u8]> = cell.split(edge).map(trim_stop).filter(|word| !word.is_empty()).collect();
    let mut joined = Vec::new();
    for (at, word) in words.iter().enumerate() {
        joined.clear();
        joined.extend_from_slice(word);
        if let Some(shape) = whole(&joined) {
            return Some(shape);
        }
        for next in words.iter().skip(at + 1).take(2) {
            joined.push(b' ');
            joined.extend_from_slice(next);
            if let Some(shape) = whole(&joined) {
                return Some(shape);
            }
        }
    }
    None
}

/// Two to four words of letters, such as a name written in full, in a cell that should hold a reference. Where other
/// words may stand (`capitals`), only those of which the first and the last begin with a capital.
pub(crate) fn is_name(cell: &[u8], capitals: bool) -> bool {
    if !cell.iter().any(|byte| matches!(byte, b' ' | b',')) {
        return false;
    }
    let Ok(text) = std::str::from_utf8(cell) else { return false };
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let wordlike = |word: &&str| word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'));
    let capital = |word: Option<&&str>| word.is_some_and(|word| word.starts_with(char::is_uppercase));
    (2..=4).contains(&words.len())
        && words.iter().all(wordlike)
        && words.iter().any(|word| word.chars().count() > 1)
        && (!capitals || (capital(words.first()) && capital(words.last())))
}

/// A date that names a day, in any of the ways that case systems write one.
pub(crate) fn is_full_date(cell: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(cell) else { return false };
    let date = text.split(['T', ' ']).next().unwrap_or(text);
    is_numeric_date(date) || (text.len() <= 20 && is_worded_date(text))
}

fn is_numeric_date(text: &str) -> bool {
    let mut parts = text.split(['/', '-', '.']);
    let (Some(a), Some(b), Some(c), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let number =
        |part: &str| (!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())).then_some(part.len());
    let value = |part: &str| part.parse::<u32>().unwrap_or(0);
    let day_and_month = |x: &str, y: &str| (1..=31).contains(&value(x)) && (1..=31).contains(&value(y));
    match (number(a), number(b), number(c)) {
        (Some(1 | 2), Some(1 | 2), Some(4)) => day_and_month(a, b) && is_lifetime(value(c)),
        (Some(4), Some(1 | 2), Some(1 | 2)) => day_and_month(b, c) && is_lifetime(value(a)),
        // A slash tells a short date from a part number.
        (Some(1 | 2), Some(1 | 2), Some(2)) => text.contains('/') && day_and_month(a, b),
        _ => false,
    }
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// `1 May 2010`, `01-May-2010`.
fn is_worded_date(text: &str) -> bool {
    let mut parts = text.split([' ', '-']);
    let (Some(day), Some(month), Some(year)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let named = month.get(..3).is_some_and(|start| MONTHS.iter().any(|name| name.eq_ignore_ascii_case(start)));
    named && day.parse::<u32>().is_ok_and(|day| (1..=31).contains(&day)) && year.parse().is_ok_and(is_lifetime)
}

fn is_lifetime(year: u32) -> bool {
    (1900..2200).contains(&year)
}

/// A whole postcode, with its space or without, in either case.
pub(crate) fn is_postcode(cell: &[u8]) -> bool {
    let Some((inward, outward)) = cell.len().checked_sub(3).map(|at| (cell.get(at..), cell.get(..at))) else {
        return false;
    };
    let (Some(&[digit, first, last]), Some(outward)) = (inward, outward) else { return false };
    // These letters are never used in the inward part.
    let inner = |byte: u8| byte.is_ascii_alphabetic() && !b"CIKMOV".contains(&byte.to_ascii_uppercase());
    if !digit.is_ascii_digit() || !inner(first) || !inner(last) {
        return false;
    }
    let outward = outward.strip_suffix(b" ").unwrap_or(outward);
    let mut upper = [0_u8; 4];
    let Some(upper) = upper.get_mut(..outward.len()) else { return false };
    upper.copy_from_slice(outward);
    upper.make_ascii_uppercase();
    super::form::is_outcode(upper)
}

/// Unique pupil number: a letter and twelve digits, or a letter, eleven digits and a letter.
fn is_upn(cell: &[u8]) -> bool {
    match cell {
        [letter, digits @ .., last] => {
            cell.len() == 13
                && letter.is_ascii_alphabetic()
                && digits.iter().all(u8::is_ascii_digit)
                && last.is_ascii_alphanumeric()
        }
        _ => false,
    }
}

/// NHS number: ten digits, spaces or hyphens between, whose last is the check digit (modulus 11).
fn is_nhs_number(cell: &[u8]) -> bool {
    let mut sum = 0_u32;
    let mut count = 0_u32;
    let mut check = 0;
    for byte in cell {
        match byte {
            b'0'..=b'9' if count < 9 => {
                sum += (10 - count) * u32::from(byte - b'0');
                count += 1;
            }
            b'0'..=b'9' => {
                check = u32::from(byte - b'0');
                count += 1;
            }
            b' ' | b'-' => {}
            _ => return false,
        }
    }
    let expected = match 11 - sum % 11 {
        11 => 0,
        other => other,
    };
    count == 10 && expected == check && sum > 0
}

/// A word without the full stop that ends its sentence.
fn trim_stop(word: &[u8]) -> &[u8] {
    word.strip_suffix(b".").unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_says_too_much() {
        for (cell, shape) in [
            ("12/03/2011", Shape::Date),
            ("1/3/2011", Shape::Date),
            ("2011-03-12", Shape::Date),
            ("12/03/11", Shape::Date),
            ("12.03.2011", Shape::Date),
            ("2011-03-12T00:00:00", Shape::Date),
            ("12/03/2011 00:00", Shape::Date),
            ("1 March 2011", Shape::Date),
            ("01-Mar-2011", Shape::Date),
            ("SE13 6AB", Shape::Postcode),
            ("se136ab", Shape::Postcode),
            ("W1A 0AX", Shape::Postcode),
            ("M1 1AE", Shape::Postcode),
            ("A123456789012", Shape::Upn),
            ("A12345678901B", Shape::Upn),
            ("943 476 5919", Shape::Nhs),
            ("9434765919", Shape::Nhs),
            ("943-476-5919", Shape::Nhs),
        ] {
            assert_eq!(whole(cell.as_bytes()), Some(shape), "{cell}");
            assert_eq!(within(format!("seen {cell}, twice").as_bytes()), Some(shape), "within: {cell}");
        }
    }

    #[test]
    fn lets_ordinary_cells_pass() {
        for cell in [
            "",
            "U6",
            "SE13 6",
            "SE13",
            "2011-03",
            "9434765918",
            "1234567",
            "SC012345",
            "XXXXXXX",
            "E09000023",
            "WBRI",
            "0123456788",
            "SLCP-2023",
            "FH-0001",
            "a9f3c2d4e5b6a7988f01",
            "requires_improvement",
            "24/7",
            "1-2-3",
        ] {
            assert_eq!(whole(cell.as_bytes()), None, "{cell}");
            assert_eq!(within(cell.as_bytes()), None, "within: {cell}");
        }
    }

    #[test]
    fn a_name_is_words_of_letters() {
        for cell in ["Ada Lovelace", "Lovelace, Ada", "ada lovelace", "Mary-Jane O'Neill", "Zoë van der Berg"] {
            assert!(is_name(cell.as_bytes(), false), "{cell}");
            assert_eq!(is_name(cell.as_bytes(), true), cell != "ada lovelace", "{cell}");
        }
        for cell in ["Lovelace", "SE13 6", "FH 12", "", ",", "A B", "one two three four five"] {
            assert!(!is_name(cell.as_bytes(), false), "{cell}");
        }
    }
}
