use crate::support::Desk;

#[test]
fn wrong_usage_exits_2_and_says_what_is_wrong() {
    let desk = Desk::new();
    let table: [(&[&str], &str); 9] = [
        (&[], "Usage"),
        (&["bogus"], "unrecognized subcommand"),
        (&["client", "add", "a", "--role", "borough"], "--secret|--jwk"),
        (&["client", "add", "a", "--role", "king", "--secret"], "quality_lead"),
        (&["authority", "add", "nowhere"], "E09000023"),
        (&["serve", "--listen", "0.0.0.0:0"], "HUB_BASE_URL"),
        (&["serve", "--threshold", "4"], "5..=100"),
        (&["migrate", "--database-url", "mysql://db/hub"], "sqlite: or postgres:"),
        (&["validate", "no.csv", "--contract", "placements"], "no.csv"),
    ];
    for (args, said) in table {
        let ran = desk.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?} {ran:?}");
        assert!(ran.err.contains(said), "{args:?} {ran:?}");
    }
    assert_eq!(std::fs::read_dir(desk.path()).unwrap().count(), 0, "nothing is made on the way");
}

#[test]
fn a_slip_in_the_databases_name_makes_no_empty_hub() {
    let desk = Desk::new();
    for args in [&["client", "list"][..], &["authority", "list"], &["submission", "list"], &["migrate", "--check"]] {
        let ran = desk.run(args);
        assert_eq!(ran.code, 1, "{args:?}");
        assert!(ran.err.contains("hub migrate"), "{ran:?}");
    }
    assert_eq!(std::fs::read_dir(desk.path()).unwrap().count(), 0);
}

#[test]
fn the_database_is_named_by_flag_then_environment_then_default() {
    let desk = Desk::new();
    let url = desk.file("url", "sqlite:from-file/hub.sqlite\n");
    let made = |name: &str| desk.path().join(name).join("hub.sqlite").exists();
    let environment = [("HUB_DATABASE_URL", "sqlite:from-environment/hub.sqlite")];
    assert_eq!(desk.run_in(&["migrate", "--database-url", "sqlite:from-flag/hub.sqlite"], &environment).code, 0);
    assert_eq!((made("from-flag"), made("from-environment")), (true, false));
    assert_eq!(desk.run_in(&["migrate"], &environment).code, 0);
    assert_eq!((made("from-environment"), made("hub-data")), (true, false));
    assert_eq!(desk.run_in(&["migrate"], &[("HUB_DATABASE_URL_FILE", url.to_str().unwrap())]).code, 0);
    assert!(made("from-file"));
    assert_eq!(desk.run(&["migrate"]).code, 0);
    assert!(made("hub-data"));
}

#[test]
fn a_database_that_cannot_be_had_exits_3_and_keeps_its_password() {
    let desk = Desk::new();
    let ran = desk.run(&["authority", "list", "--database-url", "postgres://hub:canary@127.0.0.1:port/hub"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(!ran.err.contains("canary"), "{ran:?}");
}

#[test]
fn the_program_describes_itself() {
    let desk = Desk::new();
    let document = desk.run(&["openapi"]).json();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["paths"]["/v1/submissions"]["post"].is_object());
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let ran = desk.run(&["completions", shell]);
        assert!(ran.code == 0 && ran.out.contains("doctor"), "{shell}");
    }
    assert!(desk.run(&["--help"]).out.contains("HUB_DATABASE_URL"));
}
