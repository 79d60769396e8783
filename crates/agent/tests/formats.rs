//! The return as XML and as workbooks, of several years at once, and a borough's own spreadsheet by a mapping.

#![expect(clippy::unwrap_used, reason = "the helpers of a test program")]

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use hub_agent::finding::Finding;
use hub_agent::{Input, Mapping, Options, Preparation, PseudonymKey, prepare};
use hub_domain::{Dataset, Mode};
use zip::write::SimpleFileOptions;

const HEADER: &str = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,M,03/02/2012,WBRI,A123456789012,,\n";
const EPISODES: &str =
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n";

fn options() -> Options {
    Options {
        authority: "E09000023".parse().unwrap(),
        as_at: jiff::civil::date(2026, 3, 31),
        mode: Mode::Full,
        covers_from: None,
        key: PseudonymKey::from_bytes([3; 32]),
        postcodes: None,
        mappings: Vec::new(),
    }
}

fn input(name: &str, bytes: impl Into<Vec<u8>>) -> Input {
    Input { name: name.into(), bytes: bytes.into() }
}

fn cell(preparation: &Preparation, dataset: Dataset, row: usize, column: &str) -> String {
    let feed = preparation.feed(dataset).unwrap();
    let mut reader = csv::Reader::from_reader(feed.csv.as_slice());
    let at = reader.headers().unwrap().iter().position(|name| name == column).unwrap();
    reader.records().nth(row).unwrap().unwrap().get(at).unwrap().to_owned()
}

fn told<'p>(preparation: &'p Preparation, rule: &str) -> Vec<&'p Finding> {
    let all = preparation.findings.iter().chain(preparation.feeds.iter().flat_map(|feed| &feed.findings));
    all.filter(|finding| finding.rule == rule).collect()
}

/// A workbook of sheets; a cell beginning `#` is a number, `@` one shown as a day, `0` and a width one shown with zeros.
fn xlsx(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut container = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, text: &str| {
        container.start_file(name, SimpleFileOptions::default()).unwrap();
        container.write_all(text.as_bytes()).unwrap();
    };
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let packages = "http://schemas.openxmlformats.org/package/2006";
    put("[Content_Types].xml", &format!("<Types xmlns=\"{packages}/content-types\"/>"));
    put(
        "_rels/.rels",
        &format!(
            "<Relationships xmlns=\"{packages}/relationships\"><Relationship Id=\"r\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    );
    let (mut book, mut links) = (String::new(), String::new());
    for (nth, (name, _)) in sheets.iter().enumerate() {
        write!(book, "<sheet name=\"{name}\" sheetId=\"{}\" r:id=\"r{nth}\"/>", nth + 1).unwrap();
        write!(links, "<Relationship Id=\"r{nth}\" Type=\"{office}/worksheet\" Target=\"worksheets/s{nth}.xml\"/>")
            .unwrap();
    }
    write!(links, "<Relationship Id=\"st\" Type=\"{office}/styles\" Target=\"styles.xml\"/>").unwrap();
    put(
        "xl/workbook.xml",
        &format!("<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>{book}</sheets></workbook>"),
    );
    put(
        "xl/_rels/workbook.xml.rels",
        &format!("<Relationships xmlns=\"{packages}/relationships\">{links}</Relationships>"),
    );
    put(
        "xl/styles.xml",
        &format!(
            "<styleSheet xmlns=\"{main}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"0000000\"/></numFmts><fonts count=\"1\"><font/></fonts><fills count=\"1\"><fill/></fills><borders count=\"1\"><border/></borders><cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\" applyNumberFormat=\"1\"/><xf numFmtId=\"164\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
        ),
    );
    for (nth, (_, rows)) in sheets.iter().enumerate() {
        let mut data = String::new();
        for (row, cells) in rows.iter().enumerate() {
            write!(data, "<row r=\"{}\">", row + 1).unwrap();
            for (column, text) in cells.iter().enumerate() {
                let at = format!("{}{}", char::from(b'A' + u8::try_from(column).unwrap()), row + 1);
                let of = |style: u8, value: &str| format!("<c r=\"{at}\" s=\"{style}\"><v>{value}</v></c>");
                let shown = match (text.as_bytes().first(), text.get(1..)) {
                    (Some(b'#'), Some(value)) => of(0, value),
                    (Some(b'@'), Some(value)) => of(1, value),
                    (Some(b'~'), Some(value)) => of(2, value),
                    _ => format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
                };
                data.push_str(&shown);
            }
            data.push_str("</row>");
        }
        put(
            &format!("xl/worksheets/s{nth}.xml"),
            &format!("<worksheet xmlns=\"{main}\"><sheetData>{data}</sheetData></worksheet>"),
        );
    }
    container.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_of_the_return_is_read_as_its_csv_files_would_be() {
    let bytes = xlsx(&[
        ("Notes", &[&["Prepared for the hub"]]),
        ("Header", &[&["Return of 2025/26"], &["CHILD", "SEX", "DOB", "ETHNIC"], &["~123", "M", "@40942", "WBRI"]]),
        (
            "Episodes",
            &[
                &["CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "PL_POST", "URN"],
                &["~123", "#45778", "S", "V2", "N1", "U6", "PR1", "", "SE6 4RU", "~42"],
            ],
        ),
    ]);
    let preparation = prepare(&[input("return.xlsx", bytes)], &options()).unwrap();
    let of = |column| cell(&preparation, Dataset::Placements, 0, column);
    assert_eq!(
        of("child_ref"),
        options().key.child_ref(options().authority, "0000123"),
        "its zeros are part of a number"
    );
    assert_eq!(
        (of("birth_month"), of("episode_start"), of("urn")),
        ("2012-02".into(), "2025-05-01".into(), "0000042".into())
    );
    assert_eq!(told(&preparation, "agent-unknown-file").len(), 0, "a sheet without a table is passed over");
    let wrong = told(&preparation, "agent-no-column");
    assert!(wrong.iter().all(|finding| &*finding.place.file == "return.xlsx [Episodes]"));
}

#[test]
fn an_open_document_sheet_is_read_too() {
    let mut container = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let text = |cell: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>")
    };
    let row = |cells: &[&str]| {
        format!("<table:table-row>{}</table:table-row>", cells.iter().map(|cell| text(cell)).collect::<String>())
    };
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet><table:table table:name=\"Beds\">{}{}</table:table></office:spreadsheet></office:body></office:document-content>",
        row(&["urn", "setting_ref", "approved_places"]),
        row(&["SC012345", "st-1", "4"]),
    );
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest xmlns:manifest=\"m\"/>"),
        ("content.xml", content.as_str()),
    ] {
        container.start_file(name, stored).unwrap();
        container.write_all(text.as_bytes()).unwrap();
    }
    let bytes = container.finish().unwrap().into_inner();
    let preparation = prepare(&[input("beds.ods", bytes)], &options()).unwrap();
    assert_eq!(cell(&preparation, Dataset::Vacancies, 0, "approved_places"), "4");
}

#[test]
fn xml_and_csv_of_one_return_make_the_same_feed() {
    let xml = "<EXPSSDA903><CHILD><HEADER><CHILDID>A1</CHILDID><UPN>A123456789012</UPN><SEX>M</SEX><DOB>03/02/2012</DOB>\
               <ETHNIC>WBRI</ETHNIC><UASC>0</UASC></HEADER><EPISODE><DECOM>01/05/2025</DECOM><RNE>S</RNE><LS>V2</LS><CIN>N1</CIN>\
               <PL>U6</PL><PL_POST>SE6 4RU</PL_POST><HOME_POST>SE13 6LT</HOME_POST><URN>SC012345</URN>\
               <PLACE_PROVIDER>PR1</PLACE_PROVIDER></EPISODE></CHILD></EXPSSDA903>";
    let csv = format!("{EPISODES}A1,01/05/2025,S,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\n");
    let by_csv =
        prepare(&[input("h.csv", HEADER), input("e.csv", csv), input("u.csv", "CHILD,SEX,DOB,DUC\n")], &options())
            .unwrap();
    let by_xml = prepare(&[input("r.xml", xml)], &options()).unwrap();
    let feed = |preparation: &Preparation| preparation.feed(Dataset::Placements).unwrap().csv.clone();
    assert_eq!(feed(&by_xml), feed(&by_csv));
    assert!(!by_xml.has_errors(), "{:?}", by_xml.findings);
}

#[test]
fn years_are_stitched_whatever_order_they_come_in() {
    let header = "CHILD,SEX,DOB,ETHNIC\nA1,1,03/02/2012,WBRI\nB2,1,03/02/2012,WBRI\nC3,1,03/02/2012,WBRI\n";
    let older = format!(
        "{EPISODES}A1,01/05/2023,S,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\nB2,01/06/2023,S,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\nC3,01/07/2023,S,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\n"
    );
    let newer = format!(
        "{EPISODES}A1,10/05/2024,P,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RV,SC012346\nB2,01/12/2024,S,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\n"
    );
    for order in [[0, 1], [1, 0]] {
        let years = [input("2024.csv", older.clone()), input("2025.csv", newer.clone())];
        let given = [input("h.csv", header), years[order[0]].clone(), years[order[1]].clone()];
        let preparation = prepare(&given, &Options { as_at: jiff::civil::date(2025, 3, 31), ..options() }).unwrap();
        let of = |row, column| cell(&preparation, Dataset::Placements, row, column);
        let ends: Vec<_> = (0..5).map(|row| (of(row, "episode_end"), of(row, "reason_ceased"))).collect();
        let expected = [("2024-05-10", "X1"), ("2024-03-31", "E8"), ("2024-03-31", "E8"), ("", ""), ("", "")];
        assert_eq!(ends, expected.map(|(end, reason)| (end.to_owned(), reason.to_owned())));
        assert_eq!((of(3, "care_start"), of(4, "care_start")), ("2023-05-01".into(), "2024-12-01".into()));
        let stitched: Vec<_> =
            told(&preparation, "agent-stitched").iter().map(|f| (&*f.place.file, f.place.line)).collect();
        assert_eq!(stitched, [("2024.csv", Some(2)), ("2024.csv", Some(3)), ("2024.csv", Some(4))]);
        assert_eq!(told(&preparation, "agent-year").len(), 2);
    }
}

#[test]
fn the_other_files_are_read_for_what_they_say_of_the_children_and_none_is_sent() {
    let episodes = format!("{EPISODES}A1,01/05/2025,S,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\n");
    let given = [
        input("h.csv", HEADER),
        input("e.csv", episodes),
        input("r.csv", "Child;dob;Review;review_code\nA1;03/02/2012;01/06/2025;PN1\nZ9;03/02/2012;01/06/2025;PN1\n"),
        input("o.csv", "CHILD,DOB,SDQ_SCORE\nA1,04/02/2012,17\nA1,03/02/2012,18\n"),
        input("d.csv", "CHILD,DOB,DOLO_START,DOLO_END\nA1,03/02/2012,01/07/2025,\n"),
        input("l.csv", "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\nA1,05/02/2012,YES,F2,U1\n"),
    ];
    let preparation = prepare(&given, &options()).unwrap();
    for (rule, file, lines) in [
        ("903-INT08", "r.csv", vec![3]),
        ("903-INT14", "o.csv", vec![2]),
        ("903-INT33", "o.csv", vec![3]),
        ("903-INT15", "l.csv", vec![2]),
    ] {
        let at: Vec<_> = told(&preparation, rule).iter().filter_map(|f| f.place.line).collect();
        assert_eq!((at, &*told(&preparation, rule)[0].place.file), (lines, file), "{rule}");
    }
    assert_eq!(cell(&preparation, Dataset::Placements, 0, "deprivation_of_liberty"), "true");
    let sent = String::from_utf8_lossy(&preparation.feed(Dataset::Placements).unwrap().csv).into_owned();
    assert!(!sent.contains("PN1") && !sent.contains("2025-07-01"));
}

#[test]
fn a_spreadsheet_of_vacancies_goes_by_its_mapping() {
    let mapping = Mapping::parse(
        "v.toml",
        "contract = \"vacancies\"\n[columns]\nurn = \"Ofsted\"\nsetting_ref = { setting_of = [\"Ofsted\", \"Postcode\"] }\nprovision = { from = \"Type\", codes = { \"Kids' home\" = \"childrens_home\" } }\nhost_la = { authority_of = \"Postcode\" }\noutcode = \"Postcode\"\napproved_places = \"Beds\"\nsector = { value = \"private\" }\n",
    )
    .unwrap();
    let mut directory = tempfile::NamedTempFile::new().unwrap();
    directory.write_all(b"pcds,lat,long,oslaua,oscty\nSE6 4RU,51.4615,-0.0119,E09000023,E99999999\n").unwrap();
    let vacancies = xlsx(&[(
        "Vacancies",
        &[
            &["Updated weekly"],
            &["Ofsted", "Type", "Postcode", "Beds", "Manager"],
            &["SC012345", "kids home", "se64ru", "#4", "Pat Smith"],
        ],
    )]);
    let episodes = format!("{EPISODES}A1,01/05/2025,S,V2,N1,K2,PR4,,,,SE13 6LT,SE6 4RU,SC012345\n");
    let given = [input("beds.xlsx", vacancies), input("h.csv", HEADER), input("e.csv", episodes)];
    let options = Options { postcodes: Some(directory.path().to_owned()), mappings: vec![mapping], ..options() };
    let preparation = prepare(&given, &options).unwrap();
    let of = |column| cell(&preparation, Dataset::Vacancies, 0, column);
    for (column, value) in [
        ("urn", "SC012345"),
        ("provision", "childrens_home"),
        ("host_la", "E09000023"),
        ("outcode", "SE6"),
        ("approved_places", "4"),
        ("sector", "private"),
    ] {
        assert_eq!(of(column), value, "{column}");
    }
    assert_eq!(of("setting_ref"), cell(&preparation, Dataset::Placements, 0, "setting_ref"), "one home, one token");
    let feed = preparation.feed(Dataset::Vacancies).unwrap();
    assert!(!String::from_utf8_lossy(&feed.csv).contains("Smith"));
    assert!(told(&preparation, "agent-unused-column")[0].message.ends_with(": Manager"));

    let without = prepare(&[input("h.csv", HEADER)], &options).unwrap();
    assert_eq!(told(&without, "agent-mapping").len(), 1, "a mapping that is laid over nothing is told");
}

#[test]
fn a_container_that_unpacks_without_end_is_not_unpacked() {
    let mut container = zip::ZipWriter::new(Cursor::new(Vec::new()));
    container.start_file("xl/workbook.xml", SimpleFileOptions::default()).unwrap();
    let megabyte = vec![b' '; 1 << 20];
    for _ in 0..520 {
        container.write_all(&megabyte).unwrap();
    }
    let bytes = container.finish().unwrap().into_inner();
    let preparation = prepare(&[input("a.xlsx", bytes)], &options()).unwrap();
    assert_eq!(told(&preparation, "agent-workbook-large").len(), 1);
}
