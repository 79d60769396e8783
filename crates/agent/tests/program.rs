//! `hub-agent` as a borough runs it.

#![expect(clippy::unwrap_used, reason = "the helpers of a test program")]

#[cfg(test)]
mod fake;

use std::path::Path;
use std::process::{Command, Output};

use fake::FakeHub;
use serde_json::Value;

const HEADER: &str = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,M,03/02/2012,WBRI,A123456789012,,\n";
const EPISODES: &str = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n\
                        A1,01/05/2025,S,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\n";
const UASC: &str = "CHILD,SEX,DOB,DUC\n";

fn agent(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hub-agent")).current_dir(folder).args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn borough(hub: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let made = agent(folder.path(), &["init", "--authority", "E09000023", "--hub", hub, "--client-id", "lewisham"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    for (name, content) in [("h.csv", HEADER), ("e.csv", EPISODES), ("u.csv", UASC)] {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

#[test]
fn init_overwrites_nothing_and_prints_a_key_that_is_public() {
    let folder = borough("https://hub.example");
    let again =
        agent(folder.path(), &["init", "--authority", "E09000023", "--hub", "https://x.example", "--client-id", "y"]);
    assert_eq!(again.status.code(), Some(2));
    let jwk: Value = serde_json::from_slice(&agent(folder.path(), &["jwk"]).stdout).unwrap();
    assert_eq!((&jwk["kty"], &jwk["crv"], jwk.get("d")), (&"OKP".into(), &"Ed25519".into(), None));
    let beside = std::fs::read(folder.path().join("client.jwk")).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&beside).unwrap(), jwk);
}

#[cfg(unix)]
#[test]
fn a_key_that_others_could_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = borough("https://hub.example");
    let key = folder.path().join("pseudonym.key");
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let told = agent(folder.path(), &["validate", "e.csv"]);
    assert_eq!(told.status.code(), Some(3));
    assert!(text(&told.stderr).contains("chmod 600"), "{}", text(&told.stderr));
}

#[test]
fn what_leaves_the_borough_names_no_child() {
    let folder = borough("https://hub.example");
    agent(folder.path(), &["validate", "h.csv", "e.csv", "u.csv", "--as-at", "2026-04-07", "--out", "out"]);
    let feed = std::fs::read_to_string(folder.path().join("out/placements.csv")).unwrap();
    for private in ["A1,", "03/02/2012", "2012-02-03", "A123456789012", "6LT", "4RU"] {
        assert!(!feed.contains(private), "{private}");
    }
    for kept in ["2012-02", "SE13 6", "SE6 4", "2025-05-01", "SC012345"] {
        assert!(feed.contains(kept), "{kept} in {feed}");
    }
}

#[test]
fn exit_codes_tell_usage_from_faults() {
    let folder = borough("https://hub.example");
    assert_eq!(agent(folder.path(), &["--help"]).status.code(), Some(0));
    assert_eq!(agent(folder.path(), &["validate"]).status.code(), Some(2));
    assert_eq!(agent(folder.path(), &["validate", "e.csv", "--as-at", "soon"]).status.code(), Some(2));
    assert_eq!(agent(folder.path(), &["validate", "absent.csv"]).status.code(), Some(2));
    let told = agent(folder.path(), &["push", "absent.csv", "--as-at", "2026-04-07"]);
    assert_eq!((told.status.code(), text(&told.stderr).contains("there is no file absent.csv")), (Some(2), true));
    let elsewhere = tempfile::tempdir().unwrap();
    let told = agent(elsewhere.path(), &["push", "x.csv", "--as-at", "2026-04-07"]);
    assert_eq!(told.status.code(), Some(3));
    assert!(text(&told.stderr).contains("hub-agent init"), "{}", text(&told.stderr));
}

#[test]
fn an_episode_without_a_header_row_is_an_error_with_its_line() {
    let folder = borough("https://hub.example");
    let more = format!("{EPISODES}\r\nB2,02/06/2025,S,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\r\n,,,,\r\n");
    std::fs::write(folder.path().join("e.csv"), more).unwrap();
    let told = agent(folder.path(), &["validate", "h.csv", "e.csv", "u.csv", "--as-at", "2026-04-07", "--json"]);
    assert_eq!(told.status.code(), Some(1));
    let document: Value = serde_json::from_slice(&told.stdout).unwrap();
    let findings = document["feeds"][0]["findings"].as_array().unwrap();
    let errors: Vec<&Value> = findings.iter().filter(|finding| finding["severity"] == "error").collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!((&errors[0]["rule"], &errors[0]["place"]["file"]), (&"903-INT03".into(), &"e.csv".into()));
    assert_eq!((errors[0]["place"]["line"].as_u64(), errors[0]["feed_row"].as_u64()), (Some(4), Some(2)));
    assert!(!text(&told.stdout).contains("B2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn push_prints_what_became_of_the_feed() {
    let metadata = ("200 OK", r#"{"issuer":"https://hub.example"}"#);
    let token = ("200 OK", r#"{"access_token":"t","expires_in":600}"#);
    let received = ("202 Accepted", r#"{"id":"0190-aa","state":"received","receipt":"a.b.c"}"#);
    let held = ("200 OK", r#"{"id":"0190-aa","state":"decided","verdict":"held","held_reason":"Too many would end."}"#);
    let findings = (
        "200 OK",
        r#"{"findings":[{"rule":"history-gap","severity":"warning","row":1,"line":2,"column":"episode_start",
        "value_class":null,"message":"episode_start leaves a gap","fix":"Check."}]}"#,
    );
    let hub = FakeHub::answering(&[metadata, token, received, held, findings]).await;
    let folder = borough(&hub.address);
    let pushed = || hub.requests().into_iter().find(|request| request.line.starts_with("POST /v1/submissions"));
    assert!(pushed().is_none());
    let args = ["push", "h.csv", "e.csv", "u.csv", "--as-at", "07/04/2026"];
    let told = tokio::task::spawn_blocking(move || agent(folder.path(), &args)).await.unwrap();
    let said = text(&told.stdout);
    let sent = pushed().unwrap();
    assert!(!sent.header("idempotency-key").is_empty() && !sent.body.is_empty());
    assert_eq!(told.status.code(), Some(1), "{said}{}", text(&told.stderr));
    for part in [
        "HELD",
        "Too many would end.",
        "hub-agent confirm 0190-aa",
        "e.csv, line 2, DECOM",
        "episode_start leaves a gap",
    ] {
        let renamed = part.replace("episode_start", "DECOM");
        assert!(said.contains(&renamed), "{renamed} in {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn confirm_waits_until_it_is_applied() {
    let metadata = ("200 OK", r#"{"issuer":"https://hub.example"}"#);
    let token = ("200 OK", r#"{"access_token":"t","expires_in":600}"#);
    let confirmed =
        ("202 Accepted", r#"{"id":"0190-aa","state":"confirmed","verdict":"held","held_reason":"Too many."}"#);
    let still = ("200 OK", confirmed.1);
    let applied = ("200 OK", r#"{"id":"0190-aa","state":"decided","verdict":"accepted","counts":{"closed":9}}"#);
    let hub = FakeHub::answering(&[metadata, token, confirmed, still, applied]).await;
    let folder = borough(&hub.address);
    let told = tokio::task::spawn_blocking(move || agent(folder.path(), &["confirm", "0190-aa"])).await.unwrap();
    let said = text(&told.stdout);
    assert_eq!(told.status.code(), Some(0), "{said}{}", text(&told.stderr));
    assert!(said.contains("accepted") && said.contains("9 ended") && !said.contains("HELD"), "{said}");
    let lines: Vec<String> = hub.requests().into_iter().skip(2).map(|request| request.line).collect();
    assert_eq!(
        lines,
        [
            "POST /v1/submissions/0190-aa/confirm",
            "GET /v1/submissions/0190-aa?wait=20",
            "GET /v1/submissions/0190-aa?wait=20"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_held_cannot_be_confirmed() {
    let metadata = ("200 OK", r#"{"issuer":"https://hub.example"}"#);
    let token = ("200 OK", r#"{"access_token":"t","expires_in":600}"#);
    let refused =
        ("409 Conflict", r#"{"status":409,"code":"not-held","title":"Only a held submission can be confirmed"}"#);
    let hub = FakeHub::answering(&[metadata, token, refused]).await;
    let folder = borough(&hub.address);
    let told = tokio::task::spawn_blocking(move || agent(folder.path(), &["confirm", "0190-aa"])).await.unwrap();
    assert_eq!(told.status.code(), Some(3));
    assert!(text(&told.stderr).contains("not-held"), "{}", text(&told.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_proxy_is_the_way_out_and_some_hosts_need_none() {
    let proxy = FakeHub::answering(&[("200 OK", r#"{"issuer":"https://hub.example"}"#)]).await;
    // Nothing listens at the hub's own address.
    let folder = borough("http://127.0.0.1:9");
    let (by, past) = (proxy.address.clone(), proxy.address.clone());
    let told = tokio::task::spawn_blocking(move || {
        let by = agent(folder.path(), &["doctor", "--json", "--proxy", &by]);
        let past = agent(folder.path(), &["doctor", "--json", "--proxy", &past, "--no-proxy", "127.0.0.1"]);
        [by, past].map(|output| serde_json::from_slice::<Value>(&output.stdout).unwrap())
    });
    let standing = |checks: &Value, name: &str| {
        let check = checks.as_array().unwrap().iter().find(|check| check["name"] == name).cloned();
        check.map_or_else(String::new, |check| check["standing"].as_str().unwrap().to_owned())
    };
    let [by, past] = told.await.unwrap();
    assert_eq!((standing(&by, "hub"), standing(&past, "hub")), ("good".into(), "wrong".into()));
    assert!(
        proxy.requests()[0].line.starts_with("GET http://127.0.0.1:9/.well-known/"),
        "{:?}",
        proxy.requests()[0].line
    );
    assert_eq!((standing(&by, "pseudonym key"), standing(&by, "postcodes")), ("good".into(), "doubtful".into()));
}

#[test]
fn a_doctor_without_settings_says_how_to_make_them() {
    let folder = tempfile::tempdir().unwrap();
    let told = agent(folder.path(), &["doctor"]);
    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told.stdout).contains("hub-agent init"), "{}", text(&told.stdout));
}

#[test]
fn certificates_that_are_none_are_told_before_anything_is_sent() {
    let folder = borough("https://hub.example");
    std::fs::write(folder.path().join("ca.pem"), "not a certificate").unwrap();
    let told = agent(folder.path(), &["doctor", "--ca", "ca.pem"]);
    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told.stdout).contains("ca.pem holds none"), "{}", text(&told.stdout));
}

#[test]
fn a_mapping_is_proposed_and_overwrites_nothing() {
    let folder = borough("https://hub.example");
    let beds = "Ofsted number,Type,Beds,Postcode\nSC012345,Children's home,4,SE6 4RU\n";
    std::fs::write(folder.path().join("beds.csv"), beds).unwrap();
    let args = ["map", "beds.csv", "--contract", "vacancies", "--out", "beds.toml"];
    let made = agent(folder.path(), &args);
    assert!(
        made.status.success() && text(&made.stdout).contains("not found, and asked for: sector"),
        "{}",
        text(&made.stdout)
    );
    assert_eq!(agent(folder.path(), &args).status.code(), Some(2));
    let none = agent(folder.path(), &["map", "h.csv", "--contract", "quality"]);
    assert_eq!(none.status.code(), Some(1), "{}", text(&none.stdout));
    std::fs::write(folder.path().join("beds.toml"), "contract = \"beds\"").unwrap();
    let told = agent(folder.path(), &["validate", "beds.csv", "--mapping", "beds.toml"]);
    assert_eq!((told.status.code(), text(&told.stderr).contains("beds.toml is not right")), (Some(2), true));
}
