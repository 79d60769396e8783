//! Cookies: the session's, and the one that binds a sign-in under way to the browser that began it.
//!
//! Over TLS their names begin with `__Host-`, which browsers accept only with `Secure`, for this host alone and for every
//! path. Scripts cannot read them, and other sites' forms do not send them.

use axum::http::{HeaderMap, HeaderValue, header};

/// A cookie of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// The session.
    Session,
    /// A sign-in that was begun.
    Begun,
}

impl Cookie {
    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => "__Host-hub",
            (Self::Session, false) => "hub",
            (Self::Begun, true) => "__Host-hub-begun",
            (Self::Begun, false) => "hub-begun",
        }
    }

    /// What the browser sent of it. Two of one name are none: somebody else has set one of them.
    pub(crate) fn read(self, headers: &HeaderMap, secure: bool) -> Option<&str> {
        let name = self.name(secure);
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs.filter(|(own, _)| *own == name).map(|(_, value)| value);
        let value = values.next()?;
        values.next().is_none().then_some(value).filter(|value| !value.is_empty())
    }

    /// The header that keeps it in the browser until it is closed; the hub knows better when it ends. `value` is base64url.
    pub(crate) fn keep(self, value: &str, secure: bool) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("{}={value}; {}", self.name(secure), attributes(secure))).ok()
    }

    /// The header that takes it away.
    pub(crate) fn drop(self, secure: bool) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("{}=; Max-Age=0; {}", self.name(secure), attributes(secure))).ok()
    }
}

fn attributes(secure: bool) -> &'static str {
    if secure { "Path=/; HttpOnly; SameSite=Lax; Secure" } else { "Path=/; HttpOnly; SameSite=Lax" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(lines: &[&'static str]) -> HeaderMap {
        lines.iter().map(|line| (header::COOKIE, HeaderValue::from_static(line))).collect()
    }

    #[test]
    fn only_the_one_cookie_of_the_right_name_counts() {
        let table: [(&[&'static str], bool, Option<&str>); 7] = [
            (&["__Host-hub=abc"], true, Some("abc")),
            (&["a=b; __Host-hub=abc; c=d"], true, Some("abc")),
            (&["hub=abc"], true, None),
            (&["hub=abc"], false, Some("abc")),
            (&["__Host-hub=abc; __Host-hub=def"], true, None),
            (&["__Host-hub=abc", "__Host-hub=def"], true, None),
            (&["__Host-hub="], true, None),
        ];
        for (lines, secure, found) in table {
            assert_eq!(Cookie::Session.read(&sent(lines), secure), found, "{lines:?}");
        }
    }

    #[test]
    fn over_tls_a_cookie_is_bound_to_this_host() {
        let kept = Cookie::Session.keep("abc", true).unwrap();
        assert_eq!(kept.to_str().unwrap(), "__Host-hub=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert!(Cookie::Begun.drop(false).unwrap().to_str().unwrap().starts_with("hub-begun=; Max-Age=0;"));
    }
}
