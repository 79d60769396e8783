//! Text as JSON, appended to a buffer that is used again for the next row.

/// Appends `text` as a JSON string. Bytes are copied as they are: the caller has checked the UTF-8.
pub(crate) fn write_string(text: &[u8], into: &mut Vec<u8>) {
    into.push(b'"');
    let mut from = 0;
    for (at, byte) in text.iter().enumerate() {
        if *byte >= 0x20 && *byte != b'"' && *byte != b'\\' {
            continue;
        }
        into.extend_from_slice(text.get(from..at).unwrap_or(&[]));
        from = at + 1;
        match byte {
            b'"' => into.extend_from_slice(b"\\\""),
            b'\\' => into.extend_from_slice(b"\\\\"),
            b'\n' => into.extend_from_slice(b"\\n"),
            b'\r' => into.extend_from_slice(b"\\r"),
            b'\t' => into.extend_from_slice(b"\\t"),
            other => into.extend_from_slice(format!("\\u{other:04x}").as_bytes()),
        }
    }
    into.extend_from_slice(text.get(from..).unwrap_or(&[]));
    into.push(b'"');
}

/// Appends text that has nothing to escape.
pub(crate) fn write_plain(text: &[u8], into: &mut Vec<u8>) {
    into.reserve(text.len() + 2);
    into.push(b'"');
    into.extend_from_slice(text);
    into.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_as_serde_does() {
        for text in ["", "plain", "a\"b\\c", "tab\tnew\nline\r", "\u{1}\u{1f}", "é→😀"] {
            let mut ours = Vec::new();
            write_string(text.as_bytes(), &mut ours);
            assert_eq!(String::from_utf8(ours).unwrap(), serde_json::to_string(text).unwrap());
        }
    }
}
