//! Money, miles and whole numbers, kept exactly.

/// Why a number was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unread {
    /// Not a number of the expected form.
    Form,
    /// More decimals than the column keeps; the nearest value it can keep, halves up.
    Finer(i64),
}

/// Reads pounds with at most two decimals as pence.
pub(crate) fn read_pence(cell: &[u8]) -> Result<i64, Unread> {
    read_decimal(cell, 2)
}

/// Reads miles with at most one decimal as tenths.
pub(crate) fn read_tenths(cell: &[u8]) -> Result<i64, Unread> {
    read_decimal(cell, 1)
}

/// Reads a non-negative decimal of at most nine whole digits as units of ten to the minus `places`.
fn read_decimal(cell: &[u8], places: usize) -> Result<i64, Unread> {
    let point = cell.iter().position(|byte| *byte == b'.').unwrap_or(cell.len());
    let (whole, rest) = cell.split_at(point);
    let decimals = rest.get(1..).unwrap_or(&[]);
    if whole.is_empty() || whole.len() > 9 || (!rest.is_empty() && decimals.is_empty()) || decimals.len() > 18 {
        return Err(Unread::Form);
    }
    let mut units = digits(whole).ok_or(Unread::Form)?;
    for place in 0..places {
        let digit = decimals.get(place).copied().unwrap_or(b'0');
        units = units * 10 + digits(&[digit]).ok_or(Unread::Form)?;
    }
    let finer = decimals.get(places..).unwrap_or(&[]);
    if !finer.iter().all(u8::is_ascii_digit) {
        return Err(Unread::Form);
    }
    // 12.50 is 12.5: zeros beyond the last place say nothing more.
    if finer.iter().all(|digit| *digit == b'0') {
        return Ok(units);
    }
    Err(Unread::Finer(units + i64::from(finer.first().is_some_and(|digit| *digit >= b'5'))))
}

/// Reads a whole number, with a sign or without.
pub(crate) fn read_integer(cell: &[u8]) -> Option<i64> {
    match cell {
        [b'-', rest @ ..] => digits(rest).map(|value| -value),
        all => digits(all),
    }
}

fn digits(text: &[u8]) -> Option<i64> {
    if text.is_empty() || text.len() > 12 {
        return None;
    }
    text.iter().try_fold(0_i64, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))
}

/// Writes a whole number in decimal.
pub(crate) fn write_integer(value: i64, into: &mut Vec<u8>) {
    let mut text = [0_u8; 20];
    let mut rest = value.unsigned_abs();
    let mut at = text.len();
    for slot in text.iter_mut().rev() {
        *slot = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        at -= 1;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        into.push(b'-');
    }
    into.extend_from_slice(text.get(at..).unwrap_or(&[]));
}

/// Writes tenths as a number with one decimal.
pub(crate) fn write_tenths(tenths: i64, into: &mut Vec<u8>) {
    write_integer(tenths / 10, into);
    into.push(b'.');
    write_integer(tenths % 10, into);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_money_to_the_penny() {
        for (text, pence) in
            [("0", 0), ("450", 45_000), ("450.5", 45_050), ("17993.00", 1_799_300), ("0.01", 1), ("1.500", 150)]
        {
            assert_eq!(read_pence(text.as_bytes()), Ok(pence), "{text}");
        }
        for text in ["", "-1", "£450", "4,500.00", "4.", ".5", "1e3", "+4", " 4", "NaN", "4.5.5", "9999999999"] {
            assert_eq!(read_pence(text.as_bytes()), Err(Unread::Form), "{text}");
        }
        assert_eq!(read_pence(b"4.505"), Err(Unread::Finer(451)));
        assert_eq!(read_tenths(b"12.34"), Err(Unread::Finer(123)));
    }

    #[test]
    fn writes_what_it_read() {
        for value in [0, 7, 10, 1_799_300, -42, i64::MAX, i64::MIN] {
            let mut text = Vec::new();
            write_integer(value, &mut text);
            assert_eq!(String::from_utf8(text).unwrap(), value.to_string());
        }
        let mut miles = Vec::new();
        write_tenths(123, &mut miles);
        assert_eq!(miles, b"12.3");
        assert_eq!(read_integer(b"-3"), Some(-3));
        assert_eq!(read_integer(b"3.0"), None);
    }
}
