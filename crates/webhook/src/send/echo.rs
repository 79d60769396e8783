//! Whether an answer gives back what was asked for.

use serde::Deserialize;

/// Longest answer that is looked at, bytes: a token and little around it.
pub(super) const LONGEST: usize = 4 * 1024;

#[derive(Deserialize)]
struct Answer {
    challenge: String,
}

/// Whether `answer` is the token, alone or as the member `challenge` of a JSON object.
pub(super) fn gives_back(token: &str, answer: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(answer) else { return false };
    let text = text.trim();
    let member = serde_json::from_str::<Answer>(text).ok();
    member.is_some_and(|answer| is_same(&answer.challenge, token)) || is_same(text, token)
}

/// Compared in constant time.
fn is_same(one: &str, other: &str) -> bool {
    !other.is_empty() && aws_lc_rs::constant_time::verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::gives_back;

    #[test]
    fn a_token_is_given_back_alone_or_in_json() {
        for answer in ["t0k3n", " t0k3n\r\n", r#"{"challenge":"t0k3n"}"#, r#"{ "ok": true, "challenge": "t0k3n" }"#] {
            assert!(gives_back("t0k3n", answer.as_bytes()), "{answer}");
        }
        for answer in
            ["", "t0k3", "t0k3n!", r#""t0k3n""#, r#"{"challenge":""}"#, r#"{"token":"t0k3n"}"#, "<p>t0k3n</p>"]
        {
            assert!(!gives_back("t0k3n", answer.as_bytes()), "{answer}");
        }
        assert!(!gives_back("", b""), "no token is given back by nothing");
        assert!(!gives_back("t0k3n", &[0xff, 0xfe]));
    }
}
