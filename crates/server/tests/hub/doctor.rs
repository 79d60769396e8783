use serde_json::Value;

use crate::support::{Desk, Ran};

fn state<'a>(checks: &'a Value, what: &str) -> Option<&'a str> {
    checks.as_array()?.iter().find(|check| check["what"] == what)?["state"].as_str()
}

#[test]
fn with_nothing_there_it_says_what_to_do_first() {
    let desk = Desk::new();
    let ran = desk.run(&["doctor"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("mend: run `hub migrate`"), "{ran:?}");
    let checks = desk.run(&["doctor", "--json"]).json();
    assert_eq!((state(&checks, "folder"), state(&checks, "database")), (Some("bad"), Some("bad")));
}

#[test]
fn a_new_hub_lacks_authorities_keys_schedules_and_a_release() {
    let desk = Desk::migrated();
    let ran = desk.run(&["doctor", "--json"]);
    let checks = ran.json();
    for what in
        ["folder", "database", "schema", "clock", "holidays", "jobs", "queue", "dead letters", "submissions", "feeds"]
    {
        assert_eq!(state(&checks, what), Some("good"), "{what}");
    }
    for what in ["authorities", "keys", "schedules", "release"] {
        assert_eq!(state(&checks, what), Some("look"), "{what}");
    }
    assert_eq!(ran.code, 1);
    let mended =
        |check: &Value| check["state"] == "good" || check["mend"].as_str().is_some_and(|mend| !mend.is_empty());
    assert!(checks.as_array().unwrap().iter().all(mended), "each complaint says how to mend it: {checks}");
}

#[test]
fn an_authority_for_which_nobody_may_send_is_a_complaint_until_somebody_may() {
    let desk = Desk::migrated();
    assert_eq!(desk.run(&["authority", "add", "lewisham"]).code, 0);
    let look = |desk: &Desk| -> Ran { desk.run(&["doctor", "--json"]) };
    let checks = look(&desk).json();
    assert_eq!(state(&checks, "clients"), Some("look"));
    assert_eq!(
        desk.run(&["client", "add", "agent", "--role", "borough", "--authority", "lewisham", "--secret"]).code,
        0
    );
    assert_eq!(state(&look(&desk).json(), "clients"), Some("good"));
    assert_eq!(desk.run(&["client", "revoke", "agent"]).code, 0);
    assert_eq!(state(&look(&desk).json(), "clients"), Some("look"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_can_look_into_is_a_complaint() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::migrated();
    std::fs::set_permissions(desk.path().join("hub-data"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let ran = desk.run(&["doctor"]);
    assert!(ran.out.contains("chmod 700 hub-data"), "{ran:?}");
}

/// What is broken, how, which check says so, and words of its advice.
const BROKEN: [(&str, &str, &str, &str); 10] = [
    (
        "a job died",
        "INSERT INTO job (authority, id, kind, payload, dedupe, state, run_at, attempt, error, created_at, finished_at) \
         VALUES ('E09000023', '0199ffff-ffff-7fff-bfff-000000000009', 'validate', 'null', 'd', 'failed', 1, 6, 'a cause', 1, 1)",
        "jobs",
        "mend the cause",
    ),
    (
        "nobody takes the jobs",
        "INSERT INTO job (authority, id, kind, payload, dedupe, state, run_at, attempt, created_at) \
         VALUES ('E09000023', '0199ffff-ffff-7fff-bfff-00000000000a', 'validate', 'null', 'd', 'ready', 1, 0, 1)",
        "queue",
        "start the hub",
    ),
    (
        "nothing beats",
        "INSERT INTO schedule (name, pattern, enabled, misfire, last_slot) VALUES ('sweep', '30 3 * * *', 1, 'latest', 1)",
        "heartbeat",
        "start it (`hub serve`)",
    ),
    (
        "a schedule is off",
        "INSERT INTO schedule (name, pattern, enabled, misfire, last_slot) VALUES ('chase', '0 0 30 2 *', 0, 'latest', 1)",
        "schedules",
        "switch them on again",
    ),
    (
        "a webhook was given up",
        "INSERT INTO delivery (authority, id, endpoint, event_id, event_type, placed_by, notice, state, attempt, earlier, next_at, \
         created_at, queued_at, finished_at, body) SELECT m.code, '0199ffff-ffff-7fff-bfff-00000000000b', '0199ffff-ffff-7fff-bfff-00000000000c', \
         '0199ffff-ffff-7fff-bfff-00000000000d', 'notice.raised', 'E09000006', '0199ffff-ffff-7fff-bfff-00000000000e', 'dead', 9, 0, 1, \
         1, 1, 1, '{}' FROM member AS m",
        "dead letters",
        "hub delivery replay",
    ),
    (
        "nobody sends what may be sent",
        "INSERT INTO delivery (authority, id, endpoint, event_id, event_type, placed_by, notice, state, attempt, earlier, next_at, \
         created_at, queued_at, body) SELECT e.authority, '0199ffff-ffff-7fff-bfff-000000000001', e.id, \
         '0199ffff-ffff-7fff-bfff-000000000002', 'notice.raised', 'E09000006', '0199ffff-ffff-7fff-bfff-000000000003', 'ready', 0, 0, 1, \
         1, 1, '{}' FROM endpoint AS e",
        "outbox",
        "start one (`hub serve`)",
    ),
    (
        "somebody wrote beside the hub",
        "INSERT INTO audit (authority, n, at, actor, action, subject, detail, link) \
         VALUES ('E09000023', 1, 1, 'somebody', 'child.erased', 'child/0', '{}', x'00')",
        "audit",
        "compare with a backup",
    ),
    (
        "the clock is behind",
        "INSERT INTO release (id, number, as_at, published_at, digest, reason, basis, summary, audience) VALUES \
         ('0199ffff-ffff-7fff-bfff-000000000004', 1, '2099-01-01', 4070908800000000, 'd', 'r', '{}', '{}', 'consortium')",
        "clock",
        "NTP",
    ),
    (
        "the release is old",
        "INSERT INTO release (id, number, as_at, published_at, digest, reason, basis, summary, audience) VALUES \
         ('0199ffff-ffff-7fff-bfff-000000000005', 1, '2020-01-01', 1577836800000000, 'd', 'r', '{}', '{}', 'consortium')",
        "release",
        "hub release publish",
    ),
    ("the schema is another's", "DROP TABLE forgotten", "schema", "hub migrate"),
];

/// A member who has an endpoint.
const PEOPLED: &str = "INSERT INTO endpoint (authority, id, url, scheme, state, created_at) \
    SELECT code, '0199ffff-ffff-7fff-bfff-000000000006', 'https://host.example', 'v1a', 'active', 1 FROM member";

#[test]
fn whatever_is_broken_is_named_with_what_to_do() {
    for (what, sql, check, advice) in BROKEN {
        let desk = Desk::migrated();
        assert_eq!(desk.run(&["authority", "add", "lewisham"]).code, 0);
        desk.sql(PEOPLED);
        let before = desk.run(&["doctor", "--json"]).json();
        desk.sql(sql);
        let ran = desk.run(&["doctor", "--json"]);
        assert_eq!(ran.code, 1, "{what}");
        let checks = ran.json();
        assert_ne!(state(&before, check).unwrap_or("good"), "bad", "{what}: it was broken before: {before}");
        assert!(matches!(state(&checks, check), Some("bad" | "look")), "{what}: {checks}");
        let mends = checks.as_array().unwrap().iter().filter(|one| one["what"] == check);
        let mends: Vec<_> = mends.filter_map(|one| one["mend"].as_str()).collect();
        assert!(mends.iter().any(|mend| mend.contains(advice)), "{what}: {mends:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_key_file_that_is_gone_or_open_and_a_disk_without_room_are_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::migrated();
    let says = |args: &[&str]| desk.run(&[&["doctor"], args].concat());
    assert_eq!(desk.run(&["key", "init", "hub.key"]).code, 0);
    assert!(says(&["--key-file", "hub.key"]).out.contains("hub.key is its owner's alone"));
    std::fs::set_permissions(desk.path().join("hub.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(says(&["--key-file", "hub.key"]).out.contains("run: chmod 600 hub.key"));
    let gone = says(&["--key-file", "lost.key"]);
    assert!(gone.code == 1 && gone.out.contains("docs/operations/lost-key.md"), "{gone:?}");
    let full = says(&["--free-mib", "10000000"]);
    assert!(full.code == 1 && full.out.contains("docs/operations/full-disk.md"), "{full:?}");
    for page in ["lost-key.md", "full-disk.md"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations").join(page);
        assert!(path.is_file(), "{page}");
    }
}

#[test]
fn a_health_check_asks_the_hub_itself() {
    let desk = Desk::new();
    let nobody = desk.run(&["doctor", "--ready", "--listen", "127.0.0.1:1", "--json"]);
    assert_eq!((nobody.code, nobody.json()["ready"].as_bool()), (1, Some(false)));
    assert_eq!(std::fs::read_dir(desk.path()).unwrap().count(), 0, "it opens no database");
}
