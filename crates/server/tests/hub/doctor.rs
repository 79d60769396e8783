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
