//! Bytes to text: byte-order marks, Windows-1252, line ends.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};

/// Why bytes are not a table of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotText {
    /// A zip container: an Excel workbook, or a compressed file.
    Workbook,
    /// Markup: the XML form of the return, most likely.
    Markup,
    /// Something with NULs in it.
    Binary,
    /// Nothing at all.
    Empty,
}

/// Text with `\n` line ends, and the encoding it was in when that is worth telling.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Decoded<'b> {
    pub(crate) text: Cow<'b, str>,
    pub(crate) encoding: Option<&'static str>,
}

/// Decodes a file as Excel and case systems write them: UTF-8 with or without a mark, UTF-16 with
/// one, otherwise Windows-1252 (which every byte sequence is).
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, NotText> {
    let decoded = decode_markup(bytes)?;
    if decoded.text.trim_start().starts_with('<') {
        return Err(NotText::Markup);
    }
    Ok(Decoded { text: unify_line_ends(decoded.text), ..decoded })
}

/// The same of a file that may be markup, with its line ends as they are.
pub(crate) fn decode_markup(bytes: &[u8]) -> Result<Decoded<'_>, NotText> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(NotText::Workbook);
    }
    let (text, encoding) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => {
            let text = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0;
            let told = (encoding != encoding_rs::UTF_8).then_some(encoding.name());
            (text, told)
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => (Cow::Borrowed(text), None),
            Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0, Some("windows-1252")),
        },
    };
    if text.trim().is_empty() {
        return Err(NotText::Empty);
    }
    if text.as_bytes().contains(&0) {
        return Err(NotText::Binary);
    }
    Ok(Decoded { text, encoding })
}

/// `\r\n` and lone `\r` to `\n`, so that a line number is what an editor shows.
fn unify_line_ends(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.as_bytes().contains(&b'\r') {
        return text;
    }
    let mut unified = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some((line, after)) = rest.split_once('\r') {
        unified.push_str(line);
        unified.push('\n');
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    unified.push_str(rest);
    Cow::Owned(unified)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_a_borough_sends_becomes_the_same_text() {
        let utf16: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain("é,b\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for (bytes, encoding) in [
            ("é,b\n".as_bytes().to_vec(), None),
            ("\u{feff}é,b\r\n".as_bytes().to_vec(), None),
            (b"\xE9,b\r".to_vec(), Some("windows-1252")),
            (utf16, Some("UTF-16LE")),
            ("é,b".as_bytes().to_vec(), None),
        ] {
            let decoded = decode(&bytes).ok().unwrap();
            assert_eq!((decoded.text.trim_end(), decoded.encoding), ("é,b", encoding));
        }
    }

    #[test]
    fn what_is_not_a_table_is_named() {
        assert_eq!(decode(b"PK\x03\x04rest").err(), Some(NotText::Workbook));
        assert_eq!(decode(b"  <EXPSSDA903>").err(), Some(NotText::Markup));
        assert_eq!(decode(b"a\0b").err(), Some(NotText::Binary));
        assert_eq!(decode(b" \r\n").err(), Some(NotText::Empty));
    }
}
