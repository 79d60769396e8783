use serde_json::json;

use crate::support::Desk;

#[test]
fn every_list_is_an_array_even_when_nothing_is_there() {
    let desk = Desk::migrated();
    for list in [
        "client list",
        "authority list",
        "submission list",
        "release list",
        "reconcile list",
        "register --authority kent",
        "register --authority lewisham --placed --as-of 2026-01-02 --as-known-on 2026-01-01",
        "schedule list",
        "schedule next",
        "feeds",
        "endpoint list",
        "delivery list",
        "reporting-key list",
    ] {
        let args: Vec<&str> = list.split(' ').chain(["--json"]).collect();
        let ran = desk.run(&args);
        assert_eq!((ran.code, ran.json()), (0, json!([])), "{list}");
        let plain: Vec<&str> = list.split(' ').collect();
        assert_eq!(desk.run(&plain).out, "Nothing.\n", "{list}");
    }
}

#[test]
fn authorities_join_by_name_or_code_with_their_feeds() {
    let desk = Desk::migrated();
    assert_eq!(desk.run(&["authority", "add", "Lewisham", "--joined", "2026-04-01"]).code, 0);
    assert_eq!(desk.run(&["authority", "add", "E10000016", "--joined", "2026-04-02", "--feeds", "none"]).code, 0);
    let expected = json!([
        {"code": "E09000023", "name": "Lewisham", "joined_on": "2026-04-01", "feeds": ["placements", "vacancies", "searches", "quality"]},
        {"code": "E10000016", "name": "Kent", "joined_on": "2026-04-02", "feeds": []},
    ]);
    assert_eq!(desk.run(&["authority", "list", "--json"]).json(), expected);
    let unknown = desk.run(&["authority", "add", "E09999999"]);
    assert!(unknown.code == 1 && unknown.err.contains("--known") && unknown.err.contains("--name"), "{unknown:?}");
    assert!(desk.run(&["authority", "list", "--known"]).out.contains("Croydon"));
}

#[test]
fn an_authority_beyond_the_registry_joins_with_what_is_known_of_it() {
    let desk = Desk::migrated();
    let refused = |args: &[&str], why: &str| {
        let ran = desk.run(&[&["authority", "add"], args].concat());
        assert!(ran.code == 1 && ran.err.contains(why), "{ran:?}");
    };
    refused(&["W06000015"], "--name");
    refused(&["X00000000", "--name", "Nobody"], "no authority");
    refused(&["kent", "--name", "Invicta"], "known by heart");
    refused(&["W06000015", "--name", "Cardiff", "--from", "2026-05-02", "--to", "2026-05-01"], "before --from");
    let feeds = ["--feeds", "none", "--joined", "2026-04-01"];
    let join = [
        "authority",
        "add",
        "W06000015",
        "--name",
        "Cardiff",
        "--from",
        "1996-04-01",
        "--adjoins",
        "bristol,E06000024",
    ];
    assert_eq!(desk.run(&[&join[..], &feeds].concat()).code, 0);
    // Joining again needs no name, and what was said of it stays.
    assert_eq!(desk.run(&[&["authority", "add", "W06000015", "--adjoins", "none"][..], &feeds].concat()).code, 0);
    let all = desk.run(&["authority", "list", "--json"]).json();
    assert_eq!(all, json!([{"code": "W06000015", "name": "Cardiff", "joined_on": "2026-04-01", "feeds": []}]));
}

#[test]
fn what_an_authority_settles_is_kept_shown_and_recorded() {
    let desk = Desk::migrated();
    let unknown = desk.run(&["authority", "set", "lewisham"]);
    assert!(unknown.code == 1 && unknown.err.contains("does not take part"), "{unknown:?}");
    let join = ["authority", "add", "lewisham", "--joined", "2026-04-01", "--feeds", "placements"];
    assert_eq!(desk.run(&join).code, 0);
    let settled = || desk.run(&["authority", "set", "lewisham", "--json"]).json();
    let default = json!({"own_carers": true, "own_parents": true, "adoption": true, "emergency_days": 5, "ending_days": 10, "match_days": 7});
    assert_eq!(settled(), default);
    assert_eq!(desk.run(&["authority", "set", "lewisham", "own_carers=false", "--by", "DCS"]).code, 0);
    assert_eq!(settled()["own_carers"], json!(false));
    assert_eq!(desk.run(&join).code, 0);
    assert_eq!(settled()["own_carers"], json!(false), "joining again keeps it");
    assert_eq!(desk.run(&["authority", "list", "--json"]).json()[0]["feeds"], json!(["placements"]));
    for wrong in ["own_carers", "own_carers=2", "emergency_days=0", "extra_hosts=[]", "provider_days=3"] {
        assert_eq!(desk.run(&["authority", "set", "lewisham", wrong]).code, 2, "{wrong}");
    }
}

#[test]
fn notices_of_nobody_are_an_empty_list() {
    let desk = Desk::migrated();
    let ran = desk.run(&["notice", "list", "--authority", "lewisham", "--json"]);
    assert_eq!((ran.code, ran.json()), (0, json!([])));
    let id = "01a2025e-929c-77d6-b913-8377aecf1370";
    let ran = desk.run(&["notice", "show", id, "--authority", "lewisham"]);
    assert!(ran.code == 1 && ran.err.contains("there is no"), "{ran:?}");
}

#[test]
fn a_feed_that_never_came_is_exit_1() {
    let desk = Desk::migrated();
    assert_eq!(desk.run(&["authority", "add", "lewisham", "--joined", "2024-04-01", "--feeds", "placements"]).code, 0);
    let ran = desk.run(&["feeds", "--json"]);
    assert_eq!((ran.code, &ran.json()[0]["arrival"]), (1, &"never".into()), "{ran:?}");
}

#[test]
fn a_release_of_nothing_can_be_published_and_is_listed() {
    let desk = Desk::migrated();
    let published = desk.run(&["release", "publish", "--reason", "a test", "--json"]).json();
    let listed = desk.run(&["release", "list", "--json"]).json();
    assert_eq!(
        (&listed[0]["digest"], &listed[0]["reason"], &listed[0]["number"]),
        (&published["digest"], &"a test".into(), &1.into())
    );
}

#[test]
fn what_is_not_there_is_exit_1() {
    let desk = Desk::migrated();
    let id = "01a2025e-929c-77d6-b913-8377aecf1370";
    for args in [
        &["submission", "show", id][..],
        &["submission", "withdraw", id],
        &["key", "retire", "no-such-key"],
        &["endpoint", "pause", id],
        &["endpoint", "resume", id],
        &["endpoint", "ping", id],
        &["delivery", "replay", id],
    ] {
        let ran = desk.run(args);
        assert!(ran.code == 1 && ran.err.contains("there is no"), "{args:?} {ran:?}");
    }
    assert_eq!(desk.run(&["submission", "show", "no-id"]).code, 2);
}

#[test]
fn keys_are_rotated_and_retired() {
    let desk = Desk::migrated();
    let kids = || -> Vec<String> {
        let all = desk.run(&["key", "list", "--json"]).json();
        all.as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    };
    let before = kids();
    assert_eq!(before.len(), 3, "one each for tokens, receipts and webhooks");
    let fresh = desk.run(&["key", "rotate", "webhook", "--json"]).json()["kid"].as_str().unwrap().to_owned();
    assert!(!before.contains(&fresh));
    let after = kids();
    assert!(after.contains(&fresh) && before.iter().all(|kid| after.contains(kid)), "the one before stays for a while");
    assert_eq!(desk.run(&["key", "retire", &fresh]).code, 0);
    assert!(!kids().contains(&fresh));
}

#[test]
fn a_night_can_be_reconciled_by_hand_and_each_authoritys_list_read() {
    let desk = Desk::migrated();
    assert_eq!(desk.run(&["authority", "add", "lewisham", "--joined", "2026-04-01"]).code, 0);
    let made = desk.run(&["reconcile", "run", "--json"]).json();
    assert_eq!((&made["stays"], &made["found"], &made["authorities"]), (&0.into(), &json!({}), &1.into()));
    let listed = desk.run(&["reconcile", "list", "--json"]).json();
    assert_eq!((&listed[0]["authority"], &listed[0]["standing"]), (&"E09000023".into(), &0.into()));
    assert_eq!(desk.run(&["reconcile", "list", "--authority", "lewisham", "--json"]).json(), json!([]));
    let early = desk.run(&["reconcile", "list", "--authority", "lewisham", "--night", "2026-01-01"]);
    assert!(early.code == 1 && early.err.contains("nothing was reconciled"), "{early:?}");
    assert_eq!(desk.run(&["reconcile", "list", "--kind", "mismatch"]).code, 2, "of whom?");
}

#[test]
fn the_register_knows_no_day_to_come_and_wants_an_authority() {
    let desk = Desk::migrated();
    for wrong in [
        "register",
        "register --authority nowhere",
        "register --authority kent --as-of 2999-01-01",
        "register --authority kent --as-known-on 2999-01-01",
        "register --authority kent --as-of yesterday",
    ] {
        let args: Vec<&str> = wrong.split(' ').collect();
        assert_eq!(desk.run(&args).code, 2, "{wrong}");
    }
}

#[test]
fn a_holiday_is_proclaimed_listed_and_taken_back() {
    let desk = Desk::migrated();
    let of_2026 = || desk.run(&["holiday", "list", "--year", "2026", "--json"]).json();
    assert_eq!(of_2026().as_array().map(Vec::len), Some(8));
    let added = desk.run(&["holiday", "add", "2026-09-07", "--name", "Made up"]);
    assert_eq!((added.code, added.out.lines().next()), (0, Some("2026-09-07 is now a bank holiday.")), "{added:?}");
    let again = desk.run(&["holiday", "add", "2026-09-07", "--json"]).json();
    assert_eq!((&again["new"], &again["notices_to_move"]), (&json!([]), &json!(0)));
    let all = of_2026();
    let ours = all.as_array().unwrap().iter().find(|one| one["day"] == "2026-09-07").unwrap();
    assert_eq!((&ours["is_holiday"], &ours["known"], &ours["name"]), (&json!(true), &json!(false), &json!("Made up")));
    assert!(desk.run(&["holiday", "list"]).out.contains("Monday"));
    assert_eq!(desk.run(&["holiday", "remove", "2026-09-07"]).code, 0);
    assert_eq!(of_2026()[6]["is_holiday"], json!(false));
    for (args, code, why) in [
        (["holiday", "add", "2026-09-05"], 1, "Saturday"),
        (["holiday", "add", "2029-01-01"], 1, "eight at least"),
        (["holiday", "remove", "2026-09-08"], 1, "not known"),
        (["holiday", "remove", "2026-05-04"], 1, "before the old one"),
        (["holiday", "add", "7 September"], 2, "YYYY-MM-DD"),
    ] {
        let refused = desk.run(&args);
        assert!(refused.code == code && refused.err.contains(why), "{args:?}: {refused:?}");
    }
    // A file of a new year is there when a day is added to it, and then is not: the doctor says so.
    let of_2029: Vec<String> = (1..=8).map(|month| format!("2029-{month:02}-01\n")).collect();
    let file = desk.file("more.csv", &of_2029.concat());
    let with = [("HUB_HOLIDAYS", file.to_str().unwrap())];
    assert_eq!(desk.run_in(&["holiday", "add", "2029-06-15"], &with).code, 0);
    let doctor = desk.run(&["doctor", "--json"]).json();
    let check = doctor.as_array().unwrap().iter().find(|check| check["what"] == "holidays").unwrap();
    assert_eq!(check["state"], "bad", "{check}");
    assert_eq!(desk.run(&["holiday", "remove", "2029-06-15"]).code, 0, "and it can be mended");
    let doctor = desk.run(&["doctor", "--json"]).json();
    let check = doctor.as_array().unwrap().iter().find(|check| check["what"] == "holidays").unwrap();
    assert_ne!(check["state"], "bad", "{check}");
}
