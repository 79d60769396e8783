//! Many keys in one bound value, for SQLite, which has no arrays.

use std::fmt::Write as _;

/// Keys as the members of one JSON object, `{"a":0,"b":0}`: `json_each` turns it into rows whose column `key` is the key
/// itself.
pub(super) fn members(keys: &[&str]) -> String {
    let room = keys.iter().map(|key| key.len() + 5).sum::<usize>();
    let mut text = String::with_capacity(room + 2);
    text.push('{');
    for (n, key) in keys.iter().enumerate() {
        if n > 0 {
            text.push(',');
        }
        quote(key, &mut text);
        text.push_str(":0");
    }
    text.push('}');
    text
}

/// A JSON string (RFC 8259 section 7).
fn quote(key: &str, text: &mut String) {
    text.push('"');
    for letter in key.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\0'..='\u{1f}' => {
                // Writing to a string does not fail.
                let _ = write!(text, "\\u{:04x}", u32::from(letter));
            }
            _ => text.push(letter),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::members;

    #[test]
    fn members_read_as_json_again() {
        let keys = ["plain", "quote\" back\\slash", "tab\t nul\0 del\u{7f}", "é 𝛑 \u{2028}", ""];
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&members(&keys)).unwrap();
        assert_eq!(object.len(), keys.len());
        assert!(keys.iter().all(|key| object.contains_key(*key)));
        assert_eq!(members(&[]), "{}");
    }
}
