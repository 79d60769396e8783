//! Promise S4, the part that is decided before anybody is asked.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up should stop")]

use hub_domain::AuthorityCode;
use hub_webhook::guard::{AddressKind, Allowance, Guard, NotAllowable, Refusal};

fn kent() -> AuthorityCode {
    "E10000016".parse().unwrap()
}

fn refusal(url: &str) -> Option<Refusal> {
    Guard::public().admit(kent(), url).err()
}

#[test]
fn public_https_is_admitted() {
    for url in [
        "https://hooks.kent.gov.uk/in",
        "https://hooks.kent.gov.uk:8443/",
        "https://8.8.8.8/",
        "https://[2606:4700::1]/",
    ] {
        assert_eq!(refusal(url), None, "{url}");
    }
}

#[test]
fn what_is_not_an_https_address_is_refused() {
    let long = format!("https://hooks.kent.gov.uk/{}", "x".repeat(2048));
    for (url, expected) in [
        ("http://hooks.kent.gov.uk/", Refusal::Scheme),
        ("ftp://hooks.kent.gov.uk/", Refusal::Scheme),
        ("file:///etc/passwd", Refusal::Scheme),
        ("hooks.kent.gov.uk", Refusal::NotAnAddress),
        ("https://", Refusal::NotAnAddress),
        ("https://user@hooks.kent.gov.uk/", Refusal::Credentials),
        ("https://:pass@hooks.kent.gov.uk/", Refusal::Credentials),
        ("https://hooks.kent.gov.uk:22/", Refusal::Port),
        ("https://hooks.kent.gov.uk:5432/", Refusal::Port),
        ("https://localhost/", Refusal::Host),
        ("https://LOCALHOST./", Refusal::Host),
        ("https://db/", Refusal::Host),
        ("https://metadata.google.internal/", Refusal::Host),
        ("https://printer.local/", Refusal::Host),
        (long.as_str(), Refusal::TooLong),
    ] {
        assert_eq!(refusal(url), Some(expected), "{url}");
    }
}

#[test]
fn literal_addresses_are_judged_in_every_spelling() {
    use AddressKind::{
        Benchmarking, CarrierShared, Documentation, Embedded, LinkLocal, Loopback, Multicast, Private, Reserved,
        Unspecified,
    };
    for (host, kind) in [
        ("127.0.0.1", Loopback),
        ("127.1", Loopback),
        ("2130706433", Loopback),
        ("0x7f000001", Loopback),
        ("0177.0.0.1", Loopback),
        ("１２７.0.0.1", Loopback),
        ("0.0.0.0", Unspecified),
        ("10.1.2.3", Private),
        ("172.16.0.1", Private),
        ("172.31.255.255", Private),
        ("192.168.1.1", Private),
        ("100.64.0.1", CarrierShared),
        ("100.127.255.255", CarrierShared),
        ("169.254.169.254", LinkLocal),
        ("192.0.0.8", Reserved),
        ("192.0.2.1", Documentation),
        ("198.51.100.1", Documentation),
        ("203.0.113.1", Documentation),
        ("198.18.0.1", Benchmarking),
        ("198.19.255.255", Benchmarking),
        ("192.88.99.1", Embedded),
        ("224.0.0.1", Multicast),
        ("239.255.255.255", Multicast),
        ("240.0.0.1", Reserved),
        ("255.255.255.255", Multicast),
        ("[::]", Unspecified),
        ("[::1]", Loopback),
        ("[::127.0.0.1]", Embedded),
        ("[::ffff:8.8.8.8]", Embedded),
        ("[::ffff:7f00:1]", Embedded),
        ("[64:ff9b::7f00:1]", Embedded),
        ("[64:ff9b:1::1]", Embedded),
        ("[2001::1]", Embedded),
        ("[2001:2::1]", Benchmarking),
        ("[2001:10::1]", Reserved),
        ("[2001:db8::1]", Documentation),
        ("[2002:7f00:1::]", Embedded),
        ("[3fff::1]", Documentation),
        ("[5f00::1]", Reserved),
        ("[100::1]", Reserved),
        ("[fc00::1]", Private),
        ("[fd12:3456::1]", Private),
        ("[fe80::1]", LinkLocal),
        ("[fec0::1]", Reserved),
        ("[ff02::1]", Multicast),
        ("[4000::1]", Reserved),
    ] {
        assert_eq!(refusal(&format!("https://{host}/")), Some(Refusal::Address(kind)), "{host}");
    }
}

#[test]
fn the_edges_of_the_ranges_are_public() {
    for host in [
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
    ] {
        assert_eq!(refusal(&format!("https://{host}/")), None, "{host}");
    }
}

#[test]
fn an_allowance_is_for_one_council_and_for_private_networks() {
    let guard = Guard::public().with_allowance(kent(), "10.20.0.0/16, fd00::/8".parse().unwrap());
    let croydon: AuthorityCode = "E09000008".parse().unwrap();
    assert!(guard.admit(kent(), "https://10.20.3.4/").is_ok());
    assert!(guard.admit(kent(), "https://[fd00::9]/").is_ok());
    assert!(guard.admit(kent(), "https://10.21.0.1/").is_err());
    assert!(guard.admit(kent(), "https://127.0.0.1/").is_err());
    assert!(guard.admit(croydon, "https://10.20.3.4/").is_err());
    for (text, expected) in [
        ("127.0.0.0/8", NotAllowable::NotPrivate),
        ("169.254.169.254/32", NotAllowable::NotPrivate),
        ("0.0.0.0/0", NotAllowable::NotPrivate),
        ("10.0.0.0/7", NotAllowable::NotPrivate),
        ("::/0", NotAllowable::NotPrivate),
        ("ten", NotAllowable::NotANetwork),
    ] {
        assert_eq!(text.parse::<Allowance>(), Err(expected), "{text}");
    }
}

#[test]
fn the_demonstration_admits_only_this_machine() {
    let guard = Guard::for_demonstration();
    for url in ["http://127.0.0.1:4000/", "http://[::1]:4000/", "http://kent.localhost:4000/", "https://127.0.0.1/"] {
        assert!(guard.admit(kent(), url).is_ok(), "{url}");
    }
    for url in ["http://10.0.0.1/", "https://8.8.8.8/", "https://hooks.kent.gov.uk/", "http://[::ffff:127.0.0.1]/"] {
        assert_eq!(guard.admit(kent(), url).err(), Some(Refusal::OnlyLoopback), "{url}");
    }
}

#[test]
fn no_refusal_repeats_the_address() {
    for url in ["https://user:hunter2@kent.gov.uk/", "https://10.66.77.88/hunter2", "hunter2"] {
        let refused = Guard::public().admit(kent(), url).unwrap_err();
        let said = format!("{refused} {refused:?} {}", refused.code());
        assert!(!said.contains("hunter2") && !said.contains("66.77"), "{said}");
    }
}
