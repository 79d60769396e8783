//! Whether a form was sent from this hub's own pages. Cookies are `SameSite=Lax` besides; this holds where a browser is
//! old, and against other hosts of the same site.

use axum::http::{HeaderMap, Method, header};

/// Whether the request changes nothing, or comes from a page of this hub. A browser says whence by `Sec-Fetch-Site`, an
/// older one by `Origin`; what says neither is no form of ours.
pub(crate) fn is_own(method: &Method, headers: &HeaderMap, base: &str) -> bool {
    if matches!(*method, Method::GET | Method::HEAD) {
        return true;
    }
    let said = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match (said("sec-fetch-site"), said(header::ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin == origin_of(base),
        (None, None) => false,
    }
}

/// Scheme, host and port of an address.
fn origin_of(base: &str) -> String {
    url::Url::parse(base).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    const BASE: &str = "https://hub.example/region";

    #[test]
    fn a_form_of_another_site_is_refused() {
        let table: [(&[(&'static str, &'static str)], bool); 9] = [
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "same-origin"), ("origin", "null")], true),
            (&[("sec-fetch-site", "same-site"), ("origin", "https://hub.example")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "https://hub.example")], true),
            (&[("origin", "https://hub.example.evil.example")], false),
            (&[("origin", "null")], false),
            (&[], false),
        ];
        for (said, own) in table {
            let pairs =
                said.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            let headers: HeaderMap = pairs.collect();
            assert_eq!(is_own(&Method::POST, &headers, BASE), own, "{said:?}");
            assert!(is_own(&Method::GET, &headers, BASE), "{said:?}");
        }
    }
}
