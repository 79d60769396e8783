use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::{Fields, FromFields};
use crate::problem::Problem;

/// The query string, read by name; what is wrong with it is a problem that names each place.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: FromFields, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let text = parts.uri.query().unwrap_or_default();
        Fields::new("query", pairs(text)).read().map(Query)
    }
}

/// The pairs of a query string or a form body.
pub(crate) fn pairs(text: &str) -> impl Iterator<Item = (String, String)> + '_ {
    text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

/// Undoes percent-encoding and `+`. What is not UTF-8 becomes U+FFFD, which no value the hub takes contains.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                match (ahead.next().and_then(hex), ahead.next().and_then(hex)) {
                    (Some(high), Some(low)) => {
                        bytes.push(high << 4 | low);
                        rest = ahead;
                    }
                    _ => bytes.push(byte),
                }
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn percent_encoding_is_undone_and_broken_encoding_is_left() {
        let table = [("SE13+6", "SE13 6"), ("a%2Fb%2fc", "a/b/c"), ("100%", "100%"), ("%zz", "%zz"), ("%C3%A9", "é")];
        for (text, expected) in table {
            assert_eq!(decode(text), expected, "{text}");
        }
        assert_eq!(decode("%ff"), "\u{fffd}");
    }
}
