//! The pass over a submission: what reaches the sink, in what form, and what stops it.
#![cfg(test)]

use std::io::{self, Read, Write};

use hub_contract::{
    Compression, Encoding, Failure, Format, Limits, Op, Outcome, Settings, contract, door, neutral, open, validate,
};
use hub_domain::record::from_body;
use hub_domain::{Dataset, Mode, PlacementRow, VacancyRow};

const CHILD: &str = "c_engine_00000000000001";
const HEAD: &str = "child_ref,episode_start,birth_month,sex,ethnicity,uasc,reason_new_episode,legal_status,\
                    category_of_need,placement_type,placement_provider,placement_la,urn";

fn settings() -> Settings {
    Settings::full("E09000023".parse().unwrap(), "2026-07-21".parse().unwrap())
}

fn row(child: &str, start: &str) -> String {
    format!("{child},{start},2012-09,F,WBRI,false,S,C2,N1,U6,PR1,E09000023,SC012345")
}

/// What the sink was given, owned.
#[derive(Debug, PartialEq, Clone)]
struct Kept {
    row: u64,
    op: Op,
    key: String,
    fingerprint: [u8; 16],
    body: String,
}

fn run(dataset: Dataset, settings: &Settings, format: Format, text: &[u8]) -> Result<(Outcome, Vec<Kept>), Failure> {
    let mut kept = Vec::new();
    let outcome = validate(contract(dataset), settings, format, text, &mut |row| {
        let (key, body) = (row.key.to_owned(), row.body.to_owned());
        kept.push(Kept { row: row.row, op: row.op, key, fingerprint: row.fingerprint(), body });
        Ok(())
    })?;
    Ok((outcome, kept))
}

fn csv(text: &str) -> (Outcome, Vec<Kept>) {
    run(Dataset::Placements, &settings(), Format::Csv, text.as_bytes()).unwrap()
}

fn refusal(result: Result<impl Sized, Failure>) -> String {
    match result {
        Err(Failure::Refused(refusal)) => refusal.code.to_string(),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("not refused"),
    }
}

#[test]
fn an_accepted_row_is_a_record_body() {
    let (outcome, kept) = csv(&format!("{HEAD},weekly_cost,distance_miles\n{},1180.5,4\n", row(CHILD, "2026-03-02")));
    assert!(!outcome.report.has_findings(), "{}", outcome.report.render_text());
    let [only] = kept.as_slice() else { panic!("one row") };
    assert_eq!(
        only.body,
        format!(
            "[\"{CHILD}\",\"2026-03-02\",null,null,\"2012-09\",\"F\",\"WBRI\",false,\"S\",\"C2\",\"N1\",\"U6\",\"PR1\",null,null,null,\
             null,\"E09000023\",4.0,null,\"SC012345\",null,null,118050]"
        )
    );
    assert_eq!((only.row, only.op, only.key.as_str()), (1, Op::Upsert, format!("{CHILD}/2026-03-02").as_str()));
    // sha256sum of the body, first 16 bytes.
    let digest: [u8; 32] = <sha2::Sha256 as sha2::Digest>::digest(only.body.as_bytes()).into();
    assert_eq!(only.fingerprint, digest[..16]);
    let record: PlacementRow = from_body(&only.body).unwrap();
    assert_eq!((record.weekly_cost, record.distance_miles, record.sex.as_str()), (Some(118_050), Some(4.0), "F"));
    assert_eq!(record.episode_end, None);
}

#[test]
fn csv_and_ndjson_say_the_same() {
    let (_, from_csv) = csv(&format!("{HEAD}\n{}\n", row(CHILD, "2026-03-02")));
    let cells = row(CHILD, "2026-03-02");
    let fields: Vec<String> = HEAD
        .split(',')
        .zip(cells.split(','))
        .map(
            |(name, cell)| if cell == "false" { format!("\"{name}\":false") } else { format!("\"{name}\":\"{cell}\"") },
        )
        .collect();
    let line = format!("{{{},\"weekly_cost\":null}}\n", fields.join(","));
    let (_, from_json) = run(Dataset::Placements, &settings(), Format::Ndjson, line.as_bytes()).unwrap();
    assert_eq!(from_csv, from_json);
}

#[test]
fn column_order_line_ends_and_marks_change_nothing() {
    let plain = csv(&format!("{HEAD}\n{}\n", row(CHILD, "2026-03-02"))).1;
    let reversed = |line: &str| line.split(',').rev().collect::<Vec<_>>().join(",");
    let turned = csv(&format!("{}\r\n{}\r\n", reversed(HEAD), reversed(&row(CHILD, "2026-03-02")))).1;
    let marked = csv(&format!("\u{feff}{HEAD}\r\n{}", row(CHILD, "2026-03-02"))).1;
    let quoted = csv(&format!("{HEAD}\n\"{}\"\n", row(CHILD, "2026-03-02").replace(',', "\",\""))).1;
    assert_eq!([&turned, &marked, &quoted], [&plain, &plain, &plain]);
}

#[test]
fn blanks_in_the_key_and_lists() {
    let text = "urn,setting_ref,provider_name,provision,sector,host_la,approved_places,occupied_places,available_places,\
                held_places,closed_places,age_min,age_max,sex_accepted,needs,languages,confirmed_at\n\
                ,st-1,\"Brook\nHouse, \"\"Ltd\"\"\",childrens_home,private,E09000023,4,4,0,0,0,10,17,any,solo;uasc,,2026-07-20T16:05:00.000Z\n";
    let (outcome, kept) = run(Dataset::Vacancies, &settings(), Format::Csv, text.as_bytes()).unwrap();
    assert_eq!(outcome.report.rules.len(), 1, "urn-blank only: {}", outcome.report.render_text());
    assert_eq!(kept[0].key, "/st-1");
    let home: VacancyRow = from_body(&kept[0].body).unwrap();
    assert_eq!((home.urn.as_str(), home.provider_name.as_deref()), ("", Some("Brook\nHouse, \"Ltd\"")));
    assert_eq!((home.needs, home.languages), (vec!["solo".to_owned(), "uasc".to_owned()], vec![]));
    assert_eq!(home.confirmed_at.unwrap().to_string(), "2026-07-20T16:05:00Z");
}

#[test]
fn old_numbers_for_sex_are_read_as_letters() {
    let (_, kept) = csv(&format!("{HEAD}\n{}\n", row(CHILD, "2023-03-02").replace(",F,", ",2,")));
    assert_eq!(from_body::<PlacementRow>(&kept[0].body).unwrap().sex, "F");
}

#[test]
fn the_first_of_two_rows_with_one_key_stands() {
    let text = format!(
        "{HEAD}\n{}\n{}\n{}\n",
        row(CHILD, "2026-03-02"),
        row("c_engine_00000000000002", "2026-03-02"),
        row(CHILD, "2026-03-02")
    );
    let (outcome, kept) = csv(&text);
    assert_eq!((kept.len(), outcome.excluded.as_slice()), (3, &[3][..]));
    assert_eq!((outcome.report.rows.accepted, outcome.report.rows.rejected), (2, 1));
    assert_eq!(outcome.report.rules[0].rule, "duplicate-key");
    assert_eq!(outcome.report.rules[0].first_rows, [3]);
}

#[test]
fn a_row_left_out_names_its_key_and_silences_its_neighbours() {
    let bad = row(CHILD, "2026-03-02").replace("U6", "Q9").replace(",S,", ",P,");
    let text = format!("{HEAD},episode_end,reason_ceased\n{},2026-03-02,X1\n{bad},,\n", row(CHILD, "2025-03-02"));
    let (outcome, kept) = csv(&text);
    assert_eq!((kept.len(), outcome.rejected_keys), (1, vec![format!("{CHILD}/2026-03-02")]));
    let rules: Vec<_> = outcome.report.rules.iter().map(|rule| rule.rule.as_str()).collect();
    assert_eq!(rules, ["903-146", "no-open-episode"], "nothing is said of the row before, which it follows");
}

#[test]
fn changes_delete_by_key_alone() {
    let settings = Settings { mode: Mode::Changes, ..settings() };
    let text = format!("{HEAD},_op\n{CHILD},2026-03-02,,,,,,,,,,,,delete\n{},\n", row(CHILD, "2026-04-02"));
    let (outcome, kept) = run(Dataset::Placements, &settings, Format::Csv, text.as_bytes()).unwrap();
    assert_eq!((kept[0].op, kept[0].body.as_str()), (Op::Delete, format!("[\"{CHILD}\",\"2026-03-02\"]").as_str()));
    assert_eq!((kept[1].op, outcome.report.rows.deletes, outcome.report.rows.accepted), (Op::Upsert, 1, 2));
    assert!(!outcome.report.has_findings(), "neighbours may be missing from changes");
}

#[test]
fn lines_and_rows_are_where_a_person_would_look() {
    for end in ["\n", "\r\n"] {
        let text = format!(
            "{HEAD},framework_ref{end}{},\"a{end}b\"{end}{end}{},{end}",
            row(CHILD, "2026-03-02"),
            row("c_engine_00000000000002", "x")
        );
        let (outcome, _) = csv(&text);
        let rows = outcome.report.findings.iter().filter(|finding| finding.row.is_some());
        let at: Vec<_> = rows.map(|finding| (finding.row, finding.line)).collect();
        assert_eq!(at, [(Some(1), Some(2)), (Some(2), Some(5))], "{end:?}");
        let cut = csv(text.trim_end()).0.report;
        assert_eq!(cut.findings.last().map(|finding| finding.line), Some(Some(5)), "without its last line end");
    }
}

#[test]
fn findings_are_all_counted_and_the_kept_are_capped_fairly() {
    let mut text = format!("{HEAD}\n");
    for n in 0..300 {
        text += &row(&format!("c_engine_{n:014}"), "2026-13-01");
        text += "\n";
    }
    text += &row(CHILD, "2026-03-02").replace("WBRI", "XXXX");
    let settings = Settings { finding_cap: 50, ..settings() };
    let (outcome, _) = run(Dataset::Placements, &settings, Format::Csv, text.as_bytes()).unwrap();
    let counts: Vec<_> = outcome.report.rules.iter().map(|rule| (rule.rule.as_str(), rule.count)).collect();
    assert_eq!(counts, [("903-141", 300), ("903-103", 1), ("no-open-episode", 1)]);
    assert_eq!(outcome.report.findings.len(), 52, "the cap, and the first of each other rule");
    assert_eq!(outcome.report.rules[0].first_rows, (1..=10).collect::<Vec<_>>());
}

#[test]
fn a_report_reads_back_and_exports_neutral_cells() {
    let (outcome, _) = csv(&format!("{HEAD}\n{}\n", row(CHILD, "02/03/2026")));
    let json = serde_json::to_string(&outcome.report).unwrap();
    assert_eq!(serde_json::from_str::<hub_contract::Report>(&json).unwrap(), outcome.report);
    let mut export = Vec::new();
    outcome.report.findings_csv(&mut export).unwrap();
    let export = String::from_utf8(export).unwrap();
    assert!(export.starts_with("severity,rule,row,line,other_row,column,value_class,message,fix\n"));
    assert!(export.contains("error,903-141,1,2,,episode_start,date dd/mm/yyyy,"));
    assert_eq!((neutral("=1+1".to_owned()), neutral("U6".to_owned())), ("'=1+1".to_owned(), "U6".to_owned()));
}

#[test]
fn a_sink_that_fails_stops_the_pass() {
    let text = format!("{HEAD}\n{}\n", row(CHILD, "2026-03-02"));
    let full = &mut |_: hub_contract::Accepted<'_>| Err(io::Error::from(io::ErrorKind::StorageFull));
    let result = validate(contract(Dataset::Placements), &settings(), Format::Csv, text.as_bytes(), full);
    assert!(matches!(result, Err(Failure::Sink(error)) if error.kind() == io::ErrorKind::StorageFull));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn opened(bytes: &[u8], compression: Option<Compression>, encoding: Encoding, limits: Limits) -> io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    open(bytes, compression, encoding, limits)?.read_to_end(&mut plain)?;
    Ok(plain)
}

#[test]
fn opens_what_is_declared_or_seen() {
    let text = format!("{HEAD}\n{}\n", row(CHILD, "2026-03-02")).into_bytes();
    let zstd = zstd::encode_all(text.as_slice(), 3).unwrap();
    for (bytes, compression) in [
        (text.clone(), None),
        (text.clone(), Some(Compression::None)),
        (gzip(&text), None),
        (gzip(&text), Some(Compression::Gzip)),
        ([gzip(&text[..100]), gzip(&text[100..])].concat(), None),
        (zstd.clone(), None),
        (zstd, Some(Compression::Zstd)),
    ] {
        assert_eq!(opened(&bytes, compression, Encoding::Utf8, Limits::default()).unwrap(), text);
    }
    let windows = opened(b"caf\xe9 \x80", None, Encoding::Windows1252, Limits::default()).unwrap();
    assert_eq!(String::from_utf8(windows).unwrap(), "café €");
    let long = "é".repeat(100_000);
    let latin: Vec<u8> = long.chars().map(|_| 0xe9).collect();
    assert_eq!(opened(&latin, None, Encoding::Windows1252, Limits::default()).unwrap(), long.as_bytes());
}

#[test]
fn limits_hold() {
    let code = |result: io::Result<Vec<u8>>| refusal(result.map_err(Failure::from));
    let zeros = vec![b'a'; 8 << 20];
    let small = Limits { max_bytes: 1_000, ratio: 100 };
    assert_eq!(code(opened(&zeros, None, Encoding::Utf8, small)), "too-large");
    assert_eq!(code(opened(&gzip(&zeros), None, Encoding::Utf8, small)), "too-large");
    assert_eq!(code(opened(&gzip(&zeros), None, Encoding::Utf8, Limits::default())), "compression-ratio");
    let packed = gzip(b"child_ref,episode_start");
    let cut = &packed[..packed.len() - 6];
    assert_eq!(code(opened(cut, None, Encoding::Utf8, Limits::default())), "compressed-data-broken");
    assert_eq!(
        code(opened(b"plain", Some(Compression::Zstd), Encoding::Utf8, Limits::default())),
        "compressed-data-broken"
    );
}

/// A reader that breaks off as a lost connection does.
struct Lost<'a>(&'a [u8]);

impl Read for Lost<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::Error::other("connection lost")),
            read => Ok(read),
        }
    }
}

#[test]
fn a_fault_of_reading_is_not_the_senders() {
    let packed = gzip(format!("{HEAD}\n").as_bytes());
    for bytes in [packed.as_slice(), b"child_ref,".as_slice()] {
        let plain = open(Lost(&bytes[..bytes.len() - 4]), None, Encoding::Utf8, Limits::default()).unwrap();
        assert!(matches!(door(contract(Dataset::Placements), Format::Csv, plain), Err(Failure::Read(_))));
    }
}

#[test]
fn a_quotation_that_never_closes_is_bounded() {
    let mut text = format!("{HEAD}\n\"");
    text += &"x,".repeat(1 << 20);
    assert_eq!(refusal(door(contract(Dataset::Placements), Format::Csv, text.as_bytes())), "row-too-long");
    let json = format!("{{\"child_ref\":\"{}", "x".repeat(2 << 20));
    assert_eq!(refusal(door(contract(Dataset::Placements), Format::Ndjson, json.as_bytes())), "row-too-long");
}

#[test]
fn carriage_returns_inside_quotes_are_the_cells_own() {
    let text = format!("{HEAD},framework_ref\r\n{},\"a\rb\"\r\n", row(CHILD, "2026-03-02"));
    assert_eq!(door(contract(Dataset::Placements), Format::Csv, text.as_bytes()).unwrap().rows, 1);
    assert_eq!(csv(&text).0.report.rules[0].rule, "control-character");
}

#[test]
fn the_door_counts_rows_and_looks_beyond_the_headings() {
    let good = format!("{HEAD}\n{}\n,,\n{}\n", row(CHILD, "2026-03-02"), row(CHILD, "2026-04-02"));
    assert_eq!(door(contract(Dataset::Placements), Format::Csv, good.as_bytes()).unwrap().rows, 2);
    let stray = format!("{HEAD}\n{},born 12/03/2011\n", row(CHILD, "2026-03-02"));
    assert_eq!(refusal(door(contract(Dataset::Placements), Format::Csv, stray.as_bytes())), "date-of-birth");
    let escaped = "{\"child_ref\":\"a\\u0000b\"}\n";
    assert_eq!(refusal(door(contract(Dataset::Placements), Format::Ndjson, escaped.as_bytes())), "nul-byte");
}

#[test]
fn the_door_looks_into_every_kind_of_column() {
    for (column, cell, code) in [
        ("birth_month", "20120914", "date-of-birth"),
        ("birth_month", "2012-09-14 00:00:00", "date-of-birth"),
        ("setting_ref", "house at SE13 6XX", "full-postcode"),
        ("planned", "Sample Child", "personal-name"),
        ("episode_start", "H801200001001", "unique-pupil-number"),
        ("weekly_cost", "999 000 0018", "nhs-number"),
        ("route", "12/03/2011", "date-of-birth"),
    ] {
        let text = format!("{HEAD},{column}\n{},{cell}\n", row(CHILD, "2026-03-02"));
        let names: Vec<&str> = HEAD.split(',').collect();
        let text = match names.iter().position(|name| *name == column) {
            None => text,
            Some(at) => {
                let full = row(CHILD, "2026-03-02");
                let mut cells: Vec<&str> = full.split(',').collect();
                cells[at] = cell;
                format!("{HEAD}\n{}\n", cells.join(","))
            }
        };
        assert_eq!(
            refusal(door(contract(Dataset::Placements), Format::Csv, text.as_bytes())),
            code,
            "{column}: {cell}"
        );
    }
    let lists = "search_ref,child_ref,opened_on,age,sex,needs_essential\nsr-1,c_engine_00000000000001,2026-07-01,11,F,solo;SE13 6XX\n";
    assert_eq!(refusal(door(contract(Dataset::Searches), Format::Csv, lists.as_bytes())), "full-postcode");
    let changes = format!("{HEAD},_op\n{},born 12/03/2011\n", row(CHILD, "2026-03-02"));
    assert_eq!(refusal(door(contract(Dataset::Placements), Format::Csv, changes.as_bytes())), "date-of-birth");
}
