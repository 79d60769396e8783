//! From a borough's files to feeds: joined, degraded, pseudonymised, explained.

#![expect(clippy::unwrap_used, reason = "the helpers of a test program")]

use std::io::Write;

use hub_agent::finding::Finding;
use hub_agent::{Input, Options, Preparation, PseudonymKey, prepare};
use hub_domain::{Dataset, Mode};

const EPISODE_HEADINGS: &str =
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n";
const HEADER: &str = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,1,03/02/2012,WBRI,A123456789012,,\nB2,2,14/11/2009,BCRB,B123456789012,1,01/01/2025\n";
const UASC: &str = "CHILD,SEX,DOB,DUC\nB2,2,14/11/2009,01/03/2026\n";

fn input(name: &str, text: &str) -> Input {
    Input { name: name.into(), bytes: text.into() }
}

fn options() -> Options {
    Options {
        authority: "E09000023".parse().unwrap(),
        as_at: jiff::civil::date(2026, 4, 7),
        mode: Mode::Full,
        covers_from: None,
        key: PseudonymKey::from_bytes([3; 32]),
        postcodes: None,
        mappings: Vec::new(),
    }
}

fn episodes(rows: &str) -> Input {
    input("episodes.csv", &format!("{EPISODE_HEADINGS}{rows}"))
}

fn rows(preparation: &Preparation, dataset: Dataset) -> Vec<csv::StringRecord> {
    let feed = preparation.feed(dataset).unwrap();
    csv::Reader::from_reader(feed.csv.as_slice()).into_records().map(Result::unwrap).collect()
}

fn cell(preparation: &Preparation, dataset: Dataset, row: usize, column: &str) -> String {
    let feed = preparation.feed(dataset).unwrap();
    let mut reader = csv::Reader::from_reader(feed.csv.as_slice());
    let at = reader.headers().unwrap().iter().position(|name| name == column).unwrap();
    rows(preparation, dataset).get(row).and_then(|cells| cells.get(at)).unwrap().to_owned()
}

fn told<'p>(preparation: &'p Preparation, rule: &str) -> Vec<&'p Finding> {
    let all = preparation.findings.iter().chain(preparation.feeds.iter().flat_map(|feed| &feed.findings));
    all.filter(|finding| finding.rule == rule).collect()
}

#[test]
fn a_child_is_joined_and_degraded() {
    let given = [
        input("h.csv", HEADER),
        episodes("A1,01/05/2025,S,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\n"),
        input("u.csv", UASC),
    ];
    let preparation = prepare(&given, &options()).unwrap();
    let of = |column| cell(&preparation, Dataset::Placements, 0, column);
    for (column, value) in [
        ("episode_start", "2025-05-01"),
        ("episode_end", ""),
        ("care_start", "2025-05-01"),
        ("birth_month", "2012-02"),
        ("sex", "M"),
        ("ethnicity", "WBRI"),
        ("uasc", "false"),
        ("placement_type", "U6"),
        ("home_sector", "SE13 6"),
        ("placement_sector", "SE6 4"),
        ("placement_la", ""),
    ] {
        assert_eq!(of(column), value, "{column}");
    }
    assert_eq!(of("child_ref"), options().key.child_ref(options().authority, "A1"));
    assert_eq!(of("setting_ref").len(), 40);
    let feed = preparation.feed(Dataset::Placements).unwrap();
    assert!(!feed.has_errors(), "{:?}", feed.findings);
    assert_eq!(told(&preparation, "agent-sex-codes").len(), 1);
}

#[test]
fn an_unaccompanied_child_is_one_until_that_ceases_and_has_no_distance() {
    let extract = input(
        "x.csv",
        "child,start,placement_la,distance_miles\nB2,01/05/2025,E09000006,4.2\nB2,02/03/2026,E09000006,4.2\n",
    );
    let given = [
        input("h.csv", HEADER),
        episodes(
            "B2,01/05/2025,S,V2,N8,U6,PR1,02/03/2026,X1,CARPL,,BR1 1AA,SC012345\nB2,02/03/2026,P,V2,N8,U6,PR1,,,,,BR1 2AA,SC012345\n",
        ),
        input("u.csv", UASC),
        extract,
    ];
    let preparation = prepare(&given, &options()).unwrap();
    let of = |row, column| cell(&preparation, Dataset::Placements, row, column);
    assert_eq!(
        (of(0, "uasc"), of(0, "distance_miles"), of(0, "placement_la")),
        ("true".into(), String::new(), "E09000006".into())
    );
    assert_eq!((of(1, "uasc"), of(1, "distance_miles")), ("false".into(), "4.2".into()));
}

#[test]
fn the_extract_adds_what_the_return_lacks() {
    let extract = "Child;Start;Host LA;Cost;Route;Emergency;Planned;Approved on;Approver role;Sibling group;Worker\n\
                   a1;2025-05-01;E09000006;\u{a3}1,234.5;In-house;N;Yes;30/04/2025;Nominated officer;F7;Pat Smith\n\
                   a1;02/05/2025;E09000006;;;;;;;;\n";
    let given = [
        input("h.csv", HEADER),
        episodes("A1,01/05/2025,S,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\n"),
        input("x.csv", extract),
    ];
    let preparation = prepare(&given, &options()).unwrap();
    let of = |column| cell(&preparation, Dataset::Placements, 0, column);
    for (column, value) in [
        ("placement_la", "E09000006"),
        ("weekly_cost", "1234.50"),
        ("route", "in_house"),
        ("emergency", "false"),
        ("planned", "true"),
        ("approved_on", "2025-04-30"),
        ("approver_role", "nominated_officer"),
    ] {
        assert_eq!(of(column), value, "{column}");
    }
    assert_eq!(of("sibling_group_ref").len(), 40);
    let unmatched = told(&preparation, "agent-extract-unmatched");
    assert_eq!(unmatched.iter().filter_map(|f| f.place.line).collect::<Vec<_>>(), [3]);
    assert!(told(&preparation, "agent-extract-unused")[0].message.ends_with(": Worker"));
    let feed = preparation.feed(Dataset::Placements).unwrap();
    assert!(!String::from_utf8_lossy(&feed.csv).contains("Smith"));
}

#[test]
fn host_authority_and_distance_come_from_the_directory() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"pcds,lat,long,oslaua,oscty\nSE13 6LT,51.4615,-0.0119,E09000023,E99999999\nTN1 1AA,51.1320,0.2630,E07000116,E10000016\n").unwrap();
    let given = [
        input("h.csv", HEADER),
        episodes(
            "A1,01/05/2025,S,V2,N1,U6,PR1,,,,SE13 6LT,TN1 1AA,SC012345\nB2,01/05/2025,S,V2,N1,U6,PR1,,,,SE13 6LT,ZZ1 1ZZ,SC012345\n",
        ),
    ];
    let preparation = prepare(&given, &Options { postcodes: Some(file.path().to_owned()), ..options() }).unwrap();
    assert_eq!(cell(&preparation, Dataset::Placements, 0, "placement_la"), "E10000016");
    assert_eq!(cell(&preparation, Dataset::Placements, 0, "distance_miles"), "25.7");
    let unknown = told(&preparation, "903-392c");
    assert_eq!(
        (unknown.len(), unknown[0].place.line, unknown[0].place.column.as_deref()),
        (1, Some(3), Some("PL_POST"))
    );
}

#[test]
fn an_end_that_cannot_be_read_keeps_the_row_out_and_is_told_once() {
    let given =
        [input("h.csv", HEADER), episodes("A1,01/05/2025,S,V2,N1,U6,PR1,31/02/2026,X1,,SE13 6LT,SE6 4RU,SC012345\n")];
    let preparation = prepare(&given, &options()).unwrap();
    assert_eq!(cell(&preparation, Dataset::Placements, 0, "episode_end"), "unreadable");
    let feed = preparation.feed(Dataset::Placements).unwrap();
    assert_eq!(feed.report.rows.rejected, 1);
    let about_dec: Vec<&str> = feed
        .findings
        .iter()
        .filter(|f| f.severity == hub_agent::finding::Severity::Error)
        .map(|f| f.rule.as_str())
        .collect();
    assert_eq!(about_dec, ["903-147"]);
}

#[test]
fn a_later_years_file_replaces_what_it_gives_again() {
    let last = format!("{EPISODE_HEADINGS}A1,01/05/2024,S,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\n");
    let now = format!(
        "{EPISODE_HEADINGS}A1,01/05/2024,S,V2,N1,U6,PR1,01/06/2025,X1,CARPL,SE13 6LT,SE6 4RU,SC012345\nA1,01/06/2025,P,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RV,SC012345\n"
    );
    let given = [input("h.csv", HEADER), input("2025.csv", &last), input("2026.csv", &now)];
    let preparation = prepare(&given, &options()).unwrap();
    assert_eq!(rows(&preparation, Dataset::Placements).len(), 2);
    assert_eq!(cell(&preparation, Dataset::Placements, 0, "episode_end"), "2025-06-01");
    assert_eq!(cell(&preparation, Dataset::Placements, 1, "care_start"), "2024-05-01");
    assert_eq!(told(&preparation, "agent-episode-again").len(), 1);
}

#[test]
fn header_faults_are_told_by_line() {
    let header = format!("{HEADER}A1,2,03/02/2012,WBRI,,,\nC3,F,yesterday,WBRI,,,\n,F,03/02/2012,WBRI,,,\n");
    let given = [
        input("h.csv", &header),
        episodes(
            "C3,01/05/2025,S,V2,N1,U6,PR1,,,,,SE6 4RU,SC012345\nA1,01/05/2025,S,V2,N1,U6,PR1,,,,,SE6 4RU,SC012345\n",
        ),
    ];
    let preparation = prepare(&given, &options()).unwrap();
    let line = |rule: &str| told(&preparation, rule).iter().filter_map(|f| f.place.line).collect::<Vec<_>>();
    assert_eq!(
        (line("903-INT32"), line("903-102"), line("agent-no-child"), line("903-EPI")),
        (vec![4], vec![5], vec![6], vec![3])
    );
    assert_eq!(cell(&preparation, Dataset::Placements, 0, "birth_month"), "unreadable");
    assert_eq!(cell(&preparation, Dataset::Placements, 1, "sex"), "M");
}

#[test]
fn searches_go_out_under_pseudonyms_that_match_the_placements() {
    let searches = "search_ref,child,opened_on,age,sex,provision_sought,sibling_group,emergency,Worker name\n\
                    S-0001,a1,01/04/2026,14,M,\"foster_household, Children's home\",F7,Y,Pat Smith\n";
    let preparation = prepare(&[input("s.csv", searches)], &options()).unwrap();
    let of = |column| cell(&preparation, Dataset::Searches, 0, column);
    assert_eq!(of("child_ref"), options().key.child_ref(options().authority, "A1"));
    assert_eq!(
        (of("opened_on"), of("emergency"), of("sibling_group_ref").len()),
        ("2026-04-01".into(), "true".into(), 40)
    );
    assert!(told(&preparation, "agent-unused-column")[0].message.ends_with(": Worker name"));
    assert!(!String::from_utf8_lossy(&preparation.feed(Dataset::Searches).unwrap().csv).contains("Smith"));
}

#[test]
fn files_that_cannot_be_used_say_why() {
    let given = [
        input("a.xlsx", "PK\u{3}\u{4}rest"),
        input("b.csv", "Name,Phone\nx,1\n"),
        input("c.csv", "12345,03/02/2012\n"),
        input("d.csv", "CHILD,DOB,SDQ_SCORE\n1,03/02/2012,4\n"),
        input("h.csv", HEADER),
    ];
    let preparation = prepare(&given, &options()).unwrap();
    assert_eq!(preparation.feeds.len(), 0);
    for (rule, count) in [("agent-workbook", 1), ("agent-unknown-file", 2), ("agent-no-episodes", 1)] {
        assert_eq!(told(&preparation, rule).len(), count, "{rule}");
    }
    assert!(preparation.has_errors());
    assert!(!format!("{:?}", preparation.findings).contains("12345"), "a first row of data is not repeated");
}

/// A small generator, so that the damage is the same each time.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 40).unwrap()
}

#[test]
fn damaged_files_are_judged_and_never_repeated() {
    let searches = "search_ref,child,opened_on,age,sex,provision_sought,needed_by\nS-0001,CANARY1,01/04/2026,14,M,foster_household,\n";
    let rows = "CANARY1,01/05/2025,S,V2,N1,U6,PR1,02/03/2026,X1,CARPL,SE13 6LT,SE6 4RU,SC012345\n".repeat(3);
    let header = HEADER.replace("A1", "CANARY1");
    let whole = [header.as_str(), &format!("{EPISODE_HEADINGS}{rows}"), UASC, searches];
    let damage = [b"\"".as_slice(), b"\0", b"\n", b"\r", b",", b"\xff\xfe", b"\xc3", b"=1+1", b"", b";;;;"];
    let mut state = 7;
    for _ in 0..400 {
        let mut files: Vec<Vec<u8>> = whole.iter().map(|text| text.as_bytes().to_vec()).collect();
        for _ in 0..3 {
            let at = next(&mut state) % files.len();
            let file = files.get_mut(at).unwrap();
            let from = next(&mut state) % file.len();
            let to = (from + next(&mut state) % 9).min(file.len());
            file.splice(from..to, damage.get(next(&mut state) % damage.len()).unwrap().iter().copied());
        }
        let inputs: Vec<Input> = files.into_iter().map(|bytes| Input { name: "x.csv".into(), bytes }).collect();
        let preparation = prepare(&inputs, &options()).unwrap();
        let told = format!(
            "{preparation:?}{}",
            serde_json::to_string(&preparation.feeds.iter().map(|f| &f.findings).collect::<Vec<_>>()).unwrap()
        );
        for private in ["CANARY1", "A123456789012", "13 6LT", "6 4RU"] {
            assert!(!told.contains(private), "{private} in {told}");
            // A reference of the borough's own, such as search_ref, goes out as it stands; the return has none.
            let sent = preparation
                .feed(Dataset::Placements)
                .is_some_and(|feed| String::from_utf8_lossy(&feed.csv).contains(private));
            assert!(!sent, "{private} sent");
        }
    }
}

#[test]
fn a_file_already_as_the_contract_wants_it_is_judged_as_it_stands() {
    let contracts = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    for (dataset, name, mode) in [
        (Dataset::Placements, "placements/samples/accepted/full.csv", Mode::Full),
        (Dataset::Placements, "placements/samples/accepted/partial.changes.csv", Mode::Changes),
        (Dataset::Vacancies, "vacancies/samples/accepted/full.csv", Mode::Full),
        (Dataset::Searches, "searches/samples/accepted/full.csv", Mode::Full),
        (Dataset::Quality, "quality/samples/accepted/full.csv", Mode::Full),
        (Dataset::Admissions, "admissions/samples/accepted/full.csv", Mode::Full),
        (Dataset::Regulator, "regulator/samples/accepted/full.csv", Mode::Full),
        (Dataset::Fostering, "fostering/samples/accepted/full.csv", Mode::Full),
        (Dataset::CareLeavers, "care_leavers/samples/accepted/full.csv", Mode::Full),
    ] {
        let given = Input::read(&contracts.join(name)).unwrap();
        let options = Options { mode, ..options() };
        let mut settings = hub_contract::Settings::full(options.authority, options.as_at);
        settings.mode = mode;
        let contract = hub_contract::contract(dataset);
        let format = hub_contract::Format::Csv;
        let as_it_stands = hub_contract::validate(contract, &settings, format, given.bytes.as_slice(), &mut |_| Ok(()))
            .unwrap()
            .report;
        let preparation = prepare(&[given], &options).unwrap();
        let feed = preparation.feed(dataset).unwrap();
        assert_eq!(feed.report.rules, as_it_stands.rules, "{name}");
        assert_eq!(feed.report.rows, as_it_stands.rows, "{name}");
        assert_eq!(feed.report.refusal, None, "{name}");
    }
}

#[test]
fn admissions_go_out_without_a_birthday_a_postcode_or_a_number() {
    let notices = "Admission_Ref,URN,Notified_Under,Placing_LA,Child,DOB,Postcode,Admitted_On,Home name\n\
                   ad-1,sc012345,Reg 41,e09000008,a1,03/02/2012,SE13 6LT,02/03/2026,Harbour House\n\
                   ad-2,SC012345,REG_41,E09000008,A1,2012-02-03,SE136LT,09/03/2026,Harbour House\n";
    let preparation = prepare(&[input("reg41.csv", notices)], &options()).unwrap();
    let of = |row, column| cell(&preparation, Dataset::Admissions, row, column);
    assert_eq!((of(0, "birth_month"), of(0, "setting_sector")), ("2012-02".into(), "SE13 6".into()));
    assert_eq!((of(0, "notified_under"), of(0, "admitted_on")), ("reg_41".into(), "2026-03-02".into()));
    assert_eq!(of(0, "child_link"), of(1, "child_link"), "one child's admissions are tied together");
    assert_ne!(of(0, "child_link"), options().key.child_ref(options().authority, "A1"), "and to nothing else");
    let sent = String::from_utf8_lossy(&preparation.feed(Dataset::Admissions).unwrap().csv).into_owned();
    for private in ["Harbour", "2012-02-03", "03/02/2012", "6LT", ",a1,", ",A1,"] {
        assert!(!sent.contains(private), "{private} in {sent}");
    }
    assert_eq!(preparation.feed(Dataset::Admissions).unwrap().report.rows.accepted, 2);
}

#[test]
fn the_returns_care_leavers_go_out_as_the_placements_children_they_were() {
    let oc3 = "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\na1,03/02/2007,yes,f2,u1\nb2,2005-11-30,REFU,0,0\n";
    let preparation = prepare(&[input("oc3.csv", oc3)], &options()).unwrap();
    let of = |row, column| cell(&preparation, Dataset::CareLeavers, row, column);
    assert_eq!(of(0, "person_ref"), options().key.child_ref(options().authority, "A1"));
    let row = ["birth_month", "in_touch", "activity", "accommodation"].map(|column| of(0, column));
    assert_eq!(row, ["2007-02", "YES", "F2", "U1"]);
    assert_eq!([of(0, "age"), of(1, "age")], ["19", "20"]);
    let sent = String::from_utf8_lossy(&preparation.feed(Dataset::CareLeavers).unwrap().csv).into_owned();
    for private in ["2007-02-03", "03/02/2007", "2005-11-30", "a1,", "A1,"] {
        assert!(!sent.contains(private), "{private} in {sent}");
    }
    assert_eq!(preparation.feed(Dataset::CareLeavers).unwrap().report.rows.accepted, 2);
}
