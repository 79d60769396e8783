use crate::support::Desk;

#[test]
fn a_clients_secret_is_shown_once_and_ends_with_it() {
    let desk = Desk::migrated();
    let added = desk
        .run(&["client", "add", "people", "--role", "borough,host", "--authority", "lewisham", "--secret", "--json"])
        .json();
    let secret = added["client_secret"].as_str().unwrap().to_owned();
    assert!(secret.len() >= 40);
    let listed = desk.run(&["client", "list", "--json"]);
    assert!(!listed.out.contains(&secret));
    let client = &listed.json()[0];
    assert_eq!(
        (&client["id"], &client["state"], &client["proof"]),
        (&"people".into(), &"active".into(), &"secret".into())
    );
    assert_eq!(client["roles"], serde_json::json!(["borough", "host"]));
    let rotated = desk.run(&["client", "rotate", "people", "--secret", "--json"]).json();
    assert_ne!(rotated["client_secret"], added["client_secret"]);
    assert_eq!(desk.run(&["client", "revoke", "people"]).code, 0);
    assert_eq!(desk.run(&["client", "list", "--json"]).json()[0]["state"], "revoked");
    for args in [
        &["client", "revoke", "people"][..],
        &["client", "rotate", "people", "--secret"],
        &["client", "revoke", "nobody"],
    ] {
        assert_eq!(desk.run(args).code, 1, "{args:?}");
    }
    let again = desk.run(&["client", "add", "people", "--role", "operator", "--secret"]);
    assert!(again.code == 1 && again.err.contains("already"), "ids are never used again: {again:?}");
}

#[test]
fn a_client_may_have_its_own_key_and_only_a_public_one() {
    let desk = Desk::migrated();
    let key = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let file = desk.file("key.json", key);
    let add = |id: &str, file: &std::path::Path| {
        desk.run(&[
            "client",
            "add",
            id,
            "--role",
            "borough",
            "--authority",
            "E09000023",
            "--jwk",
            file.to_str().unwrap(),
        ])
    };
    assert_eq!(add("agent", &file).code, 0);
    assert_eq!(desk.run(&["client", "list", "--json"]).json()[0]["proof"], "key");
    let private =
        desk.file("private.json", &key.replace('}', r#","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#));
    let nonsense = desk.file("nonsense.json", "not a key");
    for file in [private, nonsense, desk.path().join("absent.json")] {
        let ran = add("other", &file);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(!ran.err.contains("nWGx"), "{ran:?}");
    }
    let nobody = desk.run(&["client", "add", "third", "--role", "borough", "--secret"]);
    assert!(nobody.code == 2 && nobody.err.contains("authority"), "{nobody:?}");
}

#[test]
fn the_line_that_the_agent_prints_for_the_operator_registers_it() {
    let desk = Desk::migrated();
    let words = [
        "hub-agent",
        "init",
        "--authority",
        "E09000023",
        "--hub",
        "https://hub.example",
        "--client-id",
        "lewisham",
        "--dir",
    ];
    let folder = desk.path().to_str().unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    hub_agent::command::run(words.into_iter().chain([folder]).map(Into::into), &mut out, &mut err);
    let said = String::from_utf8(out).unwrap();
    let line = said.lines().find_map(|line| line.trim_start().strip_prefix("hub client add")).unwrap();
    let typed: Vec<&str> = ["client", "add"].into_iter().chain(line.split_whitespace()).collect();
    let ran = desk.run(&typed);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{typed:?} {ran:?} {}", String::from_utf8_lossy(&err));
    let listed = &desk.run(&["client", "list", "--json"]).json()[0];
    assert_eq!((&listed["roles"], &listed["proof"]), (&serde_json::json!(["borough"]), &"key".into()));
    assert_eq!(listed["authorities"], serde_json::json!(["E09000023"]));
}

#[test]
fn a_reporting_key_is_shown_once_listed_and_ends() {
    let desk = Desk::migrated();
    let added =
        desk.run(&["reporting-key", "add", "croydon-bi", "--name", "Croydon's Power BI", "--days", "30", "--json"]);
    let added = added.json();
    let secret = added["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("hubkey_") && secret.len() == 50, "{} letters", secret.len());
    let listed = desk.run(&["reporting-key", "list", "--json"]);
    assert!(!listed.out.contains(&secret));
    let key = &listed.json()[0];
    assert_eq!((&key["id"], &key["state"], &key["used_at"]), (&"croydon-bi".into(), &"active".into(), &().into()));
    assert_eq!(key["expires_at"], added["expires_at"]);
    assert_eq!(desk.run(&["reporting-key", "revoke", "croydon-bi"]).code, 0);
    assert_eq!(desk.run(&["reporting-key", "list", "--json"]).json()[0]["state"], "revoked");
    let again = desk.run(&["reporting-key", "add", "croydon-bi"]);
    assert!(again.code == 1 && again.err.contains("already"), "ids are never used again: {again:?}");
    let table = [
        (&["reporting-key", "revoke", "croydon-bi"][..], 1),
        (&["reporting-key", "revoke", "nobody"], 1),
        (&["reporting-key", "add", "a:b"], 2),
        (&["reporting-key", "add", "old", "--until", "2020-01-01"], 2),
        (&["reporting-key", "add", "eternal", "--until", "2999-12-31"], 2),
        (&["reporting-key", "add", "both", "--until", "2027-01-01", "--days", "3"], 2),
    ];
    for (args, code) in table {
        assert_eq!(desk.run(args).code, code, "{args:?}");
    }
}
