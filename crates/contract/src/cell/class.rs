//! What a cell looks like, in words that repeat nothing of it.

/// Describes a cell: `blank`, `3 letters`, `date dd/mm/yyyy`, `text of 12 characters`. Never the value.
pub(crate) fn class_of(cell: &[u8]) -> String {
    if cell.is_empty() {
        return "blank".to_owned();
    }
    let Ok(text) = std::str::from_utf8(cell) else { return "bytes that are not text".to_owned() };
    if text.trim().is_empty() {
        return "spaces only".to_owned();
    }
    if let Some(form) = date_form(text) {
        return form.to_owned();
    }
    let count = text.trim().chars().count();
    let spaced = if text.trim() == text { "" } else { ", with spaces around it" };
    format!("{}{spaced}", describe(text.trim(), count))
}

fn describe(text: &str, count: usize) -> String {
    let all = |test: fn(char) -> bool| text.chars().all(test);
    let plural = |word: &str| if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") };
    if all(|c| c.is_ascii_digit()) {
        return plural("digit");
    }
    if all(|c| c.is_ascii_uppercase()) {
        return plural("letter");
    }
    if all(|c| c.is_ascii_lowercase()) {
        return plural("small letter");
    }
    if all(char::is_alphabetic) {
        return plural("letter");
    }
    let number = text.trim_start_matches(['-', '+', '£']).replace(',', "");
    if number.split_once('.').is_some_and(|(a, b)| [a, b].iter().all(|part| part.chars().all(|c| c.is_ascii_digit()))) {
        let places = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let word = if places == 1 { "decimal" } else { "decimals" };
        return format!("number with {places} {word}{}", marks(text));
    }
    if !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) {
        return format!("number{}", marks(text));
    }
    if all(|c| c.is_ascii_alphanumeric()) {
        return format!("{count} letters and digits");
    }
    format!("text of {count} characters")
}

/// What stands beside the digits of a number.
fn marks(text: &str) -> &'static str {
    match text.chars().next() {
        Some('-') => ", negative",
        Some('£') => ", with a currency sign",
        Some('+') => ", with a sign",
        _ if text.contains(',') => ", with commas",
        _ => "",
    }
}

fn date_form(text: &str) -> Option<&'static str> {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    Some(match shape.as_str() {
        "99/99/9999" | "9/9/9999" | "9/99/9999" | "99/9/9999" => "date dd/mm/yyyy",
        "99/99/99" => "date dd/mm/yy",
        "99-99-9999" => "date dd-mm-yyyy",
        "99.99.9999" => "date dd.mm.yyyy",
        "9999-99-99" => "date yyyy-mm-dd",
        "9999/99/99" => "date yyyy/mm/dd",
        "99/9999" => "month mm/yyyy",
        "9999-99" => "month yyyy-mm",
        "9999-99-99T99:99:99" | "9999-99-99 99:99:99" => "date and time without a zone",
        "9999-99-99T99:99:99Z" => "date and time",
        _ if shape.starts_with("99/99/9999 ") => "date dd/mm/yyyy with a time",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::class_of;

    #[test]
    fn says_what_a_cell_looks_like() {
        for (cell, class) in [
            ("", "blank"),
            ("  ", "spaces only"),
            ("WBR", "3 letters"),
            ("m", "1 small letter"),
            ("12/03/2025", "date dd/mm/yyyy"),
            ("2025-03-12", "date yyyy-mm-dd"),
            ("01/04/2025 00:00:00", "date dd/mm/yyyy with a time"),
            ("1234567", "7 digits"),
            ("£1,234.50", "number with 2 decimals, with a currency sign"),
            ("-5", "number, negative"),
            ("1,200", "number, with commas"),
            ("Z99", "3 letters and digits"),
            (" U6", "2 letters and digits, with spaces around it"),
            ("Not known", "text of 9 characters"),
        ] {
            assert_eq!(class_of(cell.as_bytes()), class, "{cell:?}");
        }
        assert_eq!(class_of(b"\xff\xfe"), "bytes that are not text");
    }
}
