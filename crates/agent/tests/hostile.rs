//! Whatever a borough's file holds: never a panic, never a child's value in what is said of it (promise S6).
//!
//! A few hundred files of each kind on every change, each a good one that was damaged by a seeded generator. By hand,
//! `HUB_FUZZ_MINUTES=10 cargo test --release -p hub-agent --test hostile` for ten minutes of each; `HUB_FUZZ_SEED` for others.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "the helpers of a test program")]

use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

use hub_agent::mapping::{propose, render};
use hub_agent::{Input, Mapping, Options, PseudonymKey, prepare};
use hub_domain::{Dataset, Mode};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// Files of each kind on every change.
const CASES: u64 = 150;
/// What no message of ours holds.
const CANARY: &str = "QZXJQZXJ";

/// Choices, the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most.max(1)
    }

    /// Damages bytes in one to eight places: cut, doubled, moved, overwritten, or spliced with what parsers trip over.
    fn damage(&mut self, bytes: &mut Vec<u8>, tokens: &[&[u8]]) {
        for _ in 0..=self.below(8) {
            let from = self.below(bytes.len());
            let to = (from + self.below(40)).min(bytes.len());
            match self.below(7) {
                0 => bytes.truncate(from),
                1 => {
                    let part = bytes[from..to].to_vec();
                    bytes.splice(to..to, part);
                }
                2 => drop(bytes.drain(from..to)),
                3 if from < bytes.len() => bytes[from] = u8::try_from(self.below(256)).unwrap(),
                4 if from < bytes.len() => bytes[from] ^= 1 << self.below(8),
                _ => {
                    let token = tokens[self.below(tokens.len())];
                    bytes.splice(from..to, token.iter().copied());
                }
            }
        }
    }
}

fn setting(name: &str) -> Option<u64> {
    #[expect(clippy::disallowed_methods, reason = "a test program reads its own settings")]
    let text = std::env::var(name).ok()?;
    text.parse().ok()
}

/// Tries damaged files for as long as it was asked to, and says how many.
fn again(name: &str, mut one: impl FnMut(&mut Chance)) {
    let minutes = setting("HUB_FUZZ_MINUTES").unwrap_or(0);
    let mut chance = Chance(setting("HUB_FUZZ_SEED").unwrap_or(7));
    let began = Instant::now();
    let mut tried = 0_u64;
    while tried < CASES || began.elapsed() < Duration::from_secs(minutes * 60) {
        one(&mut chance);
        tried += 1;
    }
    #[expect(clippy::print_stderr, reason = "for whoever tries by hand")]
    {
        eprintln!("{name}: {tried} files in {:?}: no fault", began.elapsed());
    }
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

/// Prepares the files and looks through everything that is said and sent.
fn judge(inputs: &[Input], options: &Options) {
    let preparation = prepare(inputs, options).unwrap();
    let mut said = format!("{preparation:?}{}", hub_agent::report::render_files(&preparation));
    for feed in &preparation.feeds {
        said += &hub_agent::report::render_feed(feed, hub_agent::report::Length::All);
        said += &serde_json::to_string(&feed.findings).unwrap();
        if feed.dataset == Dataset::Placements {
            assert!(!String::from_utf8_lossy(&feed.csv).contains(CANARY), "sent");
        }
    }
    assert!(!said.contains(CANARY), "said: {said}");
}

const HEADER: &str = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nQZXJQZXJ1,M,03/02/2012,WBRI,A123456789012,,\n";
const EPISODES: &str = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n\
    QZXJQZXJ1,01/05/2025,S,V2,N1,U6,PR1,02/03/2026,X1,CARPL,SE13 6LT,SE6 4RU,SC012345\n\
    QZXJQZXJ1,02/03/2026,P,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\n";
const OTHERS: [&str; 4] = [
    "CHILD,SEX,DOB,DUC\nQZXJQZXJ1,M,03/02/2012,\n",
    "CHILD,DOB,MISSING,MIS_START,MIS_END\nQZXJQZXJ1,03/02/2012,M,01/06/2025,\n",
    "CHILD,DOB,REVIEW,REVIEW_CODE\nQZXJQZXJ1,03/02/2012,01/06/2025,PN1\n",
    "CHILD,DOB,DOLO_START,DOLO_END\nQZXJQZXJ1,03/02/2012,01/06/2025,\n",
];
const CSV_TOKENS: &[&[u8]] = &[
    b"\"",
    b"\0",
    b"\n",
    b"\r",
    b",",
    b";;;;",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xc3",
    b"=1+1",
    b"",
    b"\t",
    b"NULL",
    b"31/02/2026",
    b"99999",
    b"00000",
    b"9999999999999999999999",
    b"CHILD,",
    b"DECOM",
    b"2025-13-45T99:99",
    b"\xe2\x80\xa8",
];
const XML: &str = "<?xml version='1.0'?>\n<EXPSSDA903><CHILD><HEADER><CHILDID>QZXJQZXJ1</CHILDID><SEX>1</SEX><DOB>03/02/2012</DOB>\
    <ETHNIC>WBRI</ETHNIC><UASC>1</UASC><DUC/><AREVIEW><REVIEW>27/09/2025</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>\
    <AMISSING><MISSING>M</MISSING><MIS_START>01/06/2025</MIS_START></AMISSING><OC2><SDQ_SCORE>7</SDQ_SCORE></OC2></HEADER>\
    <EPISODE><DECOM>01/05/2025</DECOM><RNE>S</RNE><LS>V2</LS><CIN>N1</CIN><PL>U6</PL><PL_POST>SE6 4RU</PL_POST></EPISODE>\
    </CHILD></EXPSSDA903>";
const XML_TOKENS: &[&[u8]] = &[
    b"<",
    b">",
    b"</",
    b"/>",
    b"&",
    b"&amp;",
    b"&#0;",
    b"&#x110000;",
    b"&#xD800;",
    b"&QZXJQZXJ;",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<?",
    b"?>",
    b"<CHILD>",
    b"</CHILD>",
    b"<HEADER>",
    b"</EPISODE>",
    b"xmlns:a='b'",
    b"\0",
    b"\xff",
    b"<a><a><a><a><a><a><a><a><a><a>",
    b"\"",
    b"'",
];

#[test]
fn csv_files() {
    again("CSV", |chance| {
        let mut files: Vec<Vec<u8>> =
            [HEADER, EPISODES].iter().chain(&OTHERS).map(|text| text.as_bytes().to_vec()).collect();
        for _ in 0..3 {
            let at = chance.below(files.len());
            chance.damage(&mut files[at], CSV_TOKENS);
        }
        let inputs: Vec<Input> = files.into_iter().map(|bytes| Input { name: "x.csv".into(), bytes }).collect();
        judge(&inputs, &options());
    });
}

#[test]
fn xml_documents() {
    again("XML", |chance| {
        let mut bytes = XML.as_bytes().to_vec();
        chance.damage(&mut bytes, XML_TOKENS);
        judge(&[Input { name: "x.xml".into(), bytes }], &options());
    });
}

/// The parts of a small workbook, each damaged before it is packed, so that the container itself is good.
fn pack(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut container = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in parts {
        container.start_file(*name, stored).unwrap();
        container.write_all(bytes).unwrap();
    }
    container.finish().unwrap().into_inner()
}

fn xlsx() -> Vec<(&'static str, Vec<u8>)> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let packages = "http://schemas.openxmlformats.org/package/2006";
    let cell = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let rows = format!(
        "<row r=\"1\">{}{}{}</row><row r=\"2\">{}<c r=\"B2\" s=\"1\"><v>45778</v></c><c r=\"C2\" t=\"s\"><v>0</v></c></row>",
        cell("A1", "CHILD"),
        cell("B1", "DOB"),
        cell("C1", "ETHNIC"),
        cell("A2", "QZXJQZXJ1")
    );
    [
        ("xl/workbook.xml", format!("<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><workbookPr date1904=\"0\"/><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r0\"/></sheets></workbook>")),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships xmlns=\"{packages}/relationships\"><Relationship Id=\"r0\" Type=\"{office}/worksheet\" Target=\"worksheets/s.xml\"/></Relationships>")),
        ("xl/styles.xml", format!("<styleSheet xmlns=\"{main}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"0000000\"/></numFmts><cellXfs count=\"2\"><xf numFmtId=\"164\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>")),
        ("xl/sharedStrings.xml", format!("<sst xmlns=\"{main}\" count=\"1\" uniqueCount=\"1\"><si><t>WBRI</t></si></sst>")),
        ("xl/worksheets/s.xml", format!("<worksheet xmlns=\"{main}\"><dimension ref=\"A1:C2\"/><sheetData>{rows}</sheetData></worksheet>")),
    ]
    .map(|(name, text)| (name, text.into_bytes()))
    .to_vec()
}

fn ods() -> Vec<(&'static str, Vec<u8>)> {
    let content = "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet><table:table table:name=\"A\">\
        <table:table-row><table:table-cell office:value-type=\"string\"><text:p>CHILD</text:p></table:table-cell><table:table-cell office:value-type=\"string\"><text:p>DUC</text:p></table:table-cell></table:table-row>\
        <table:table-row table:number-rows-repeated=\"2\"><table:table-cell office:value-type=\"string\"><text:p>QZXJQZXJ1</text:p></table:table-cell><table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"date\" office:date-value=\"2025-05-01\"/></table:table-row>\
        </table:table></office:spreadsheet></office:body></office:document-content>";
    [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest xmlns:manifest=\"m\"/>"),
        ("content.xml", content),
    ]
    .map(|(name, text)| (name, text.as_bytes().to_vec()))
    .to_vec()
}

const SHEET_TOKENS: &[&[u8]] = &[
    b"r=\"XFD1048576\"",
    b"r=\"ZZZZZ9\"",
    b"r=\"A0\"",
    b"r=\"\"",
    b"t=\"s\"",
    b"t=\"e\"",
    b"t=\"d\"",
    b"<v>1e308</v>",
    b"<v>-1</v>",
    b"<v>99999999999</v>",
    b"<v>NaN</v>",
    b"s=\"4000000000\"",
    b"<c>",
    b"</c>",
    b"<row r=\"0\">",
    b"</row>",
    b"ref=\"A1:XFD1048576\"",
    b"count=\"4294967295\"",
    b"numFmtId=\"14\"",
    b"date1904=\"1\"",
    b"table:number-columns-repeated=\"16384\"",
    b"formatCode=\"yyyy\"",
    b"table:number-rows-repeated=\"99999\"",
    b"office:value-type=\"float\"",
    b"office:value=\"1e400\"",
    b"&#55;",
    b"<",
    b"/>",
    b"\0",
];

#[test]
fn workbooks() {
    again("XLSX and ODS", |chance| {
        let mut parts = if chance.below(2) == 0 { xlsx() } else { ods() };
        let at = chance.below(parts.len());
        chance.damage(&mut parts[at].1, SHEET_TOKENS);
        let mut bytes = pack(&parts);
        if chance.below(4) == 0 {
            chance.damage(&mut bytes, &[b"PK\x01\x02", b"PK\x05\x06", b"\xff\xff\xff\xff", b"\0\0\0\0"]);
        }
        judge(&[Input { name: "x.xlsx".into(), bytes }], &options());
    });
}

#[test]
fn old_workbooks() {
    again("XLS and what only looks like one", |chance| {
        let mut bytes = vec![0_u8; 1_536];
        bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
        for (at, value) in [(26, 3), (28, 0xFE), (29, 0xFF), (30, 9), (32, 6), (44, 1), (48, 1), (57, 16), (76, 0)] {
            bytes[at] = value;
        }
        bytes[512..516].copy_from_slice(&[0xFD, 0xFF, 0xFF, 0xFF]);
        chance.damage(
            &mut bytes,
            &[b"W\0o\0r\0k\0b\0o\0o\0k\0", b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff", b"\x09\x08\x10\0"],
        );
        judge(&[Input { name: "x.xls".into(), bytes }], &options());
    });
}

const MAPPING: &str = "contract = \"vacancies\"\n[columns]\nurn = \"URN\"\nsetting_ref = { setting_of = [\"URN\", \"Postcode\"] }\n\
    provision = { from = [\"Type\", \"Kind\"], codes = { \"Kids' home\" = \"childrens_home\" }, value = \"other\" }\n\
    host_la = { authority_of = \"Postcode\" }\napproved_places = \"Beds\"\n";

#[test]
fn mappings_and_the_tables_they_are_laid_over() {
    again("mappings", |chance| {
        let mut text = MAPPING.as_bytes().to_vec();
        chance.damage(
            &mut text,
            &[b"\"", b"=", b"{", b"}", b"[", b"]", b"[columns]", b"\n", b"'''", b"1e999", b"\\u0000", b"#", b"\xff"],
        );
        let mut table = b"URN,Type,Postcode,Beds,Kind\nSC012345,Kids home,SE6 4RU,4,\n".to_vec();
        if chance.below(2) == 0 {
            chance.damage(&mut table, CSV_TOKENS);
        }
        let inputs = [Input { name: "b.csv".into(), bytes: table }];
        match Mapping::parse("m.toml", &String::from_utf8_lossy(&text)) {
            Ok(mapping) => judge(&inputs, &Options { mappings: vec![mapping], ..options() }),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
        for proposal in propose(&inputs[0], Dataset::Vacancies, &mut Vec::new()) {
            let written = render(&proposal);
            let read = Mapping::parse("m.toml", &written).unwrap_or_else(|error| panic!("{error} in {written}"));
            judge(&inputs, &Options { mappings: vec![read], ..options() });
        }
    });
}

#[test]
fn contracts() {
    let files: Vec<&str> = Dataset::ALL.iter().map(|dataset| hub_contract::contract(*dataset).text.as_str()).collect();
    again("contract YAML", |chance| {
        let mut text = files[chance.below(files.len())].as_bytes().to_vec();
        chance.damage(&mut text, YAML_TOKENS);
        if let Err(error) = hub_contract::Contract::compile(&String::from_utf8_lossy(&text)) {
            assert!(!error.to_string().is_empty());
        }
    });
}

const YAML_TOKENS: &[&[u8]] = &[
    b": ",
    b"- ",
    b"\n",
    b"\t",
    b"[",
    b"]",
    b"{",
    b"}",
    b"&a",
    b"*a",
    b"<<: *a",
    b"!!binary",
    b"|",
    b">",
    b"'",
    b"\"",
    b"#",
    b"~",
    b"null",
    b"1e999",
    b"-1",
    b"99999999999999999999",
    b"name: name",
    b"values: []",
    b"---",
    b"...",
    b"\xff",
    b"\0",
    b"\xe2\x80\xa8",
];
