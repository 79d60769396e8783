//! Parsed on a thread of its own, a submission is judged exactly as on one thread, to the row at which it fails.
#![cfg(test)]

use std::fmt::Write as _;
use std::io::{self, Read};

use hub_contract::{
    Accepted, Contract, Failure, Format, Outcome, Settings, contract, door, door_beside, validate, validate_beside,
};
use hub_domain::Dataset;

const HEAD: &str = "child_ref,episode_start,birth_month,sex,ethnicity,uasc,reason_new_episode,legal_status,\
                    category_of_need,placement_type,placement_provider,placement_la,urn\n";

/// Enough for many pages on both sides of the channel; every seventh is left out, every eleventh is blank.
fn rows(count: usize) -> String {
    let mut text = HEAD.to_owned();
    for n in 0..count {
        let sex = if n % 7 == 0 { "Q" } else { "F" };
        if n % 11 == 0 {
            text.push_str(",,,,,,,,,,,,\r\n");
            continue;
        }
        let (row, urn) = ("2026-01-05,2012-09", n % 90_000);
        let _ = writeln!(text, "c_beside_{n:015},{row},{sex},WBRI,false,S,C2,N1,U6,PR1,E09000023,\"SC0{urn:05}\"");
    }
    text
}

type Taken = Vec<(u64, String, String)>;
type Said = (Result<Outcome, String>, Taken);

/// What comes of a way to judge, and the rows it hands on.
fn said(
    judge: impl FnOnce(&Contract, &Settings, &mut dyn FnMut(Accepted<'_>) -> io::Result<()>) -> Result<Outcome, Failure>,
    stop: usize,
) -> Said {
    let settings = Settings::full("E09000023".parse().unwrap(), "2026-07-21".parse().unwrap());
    let mut taken = Taken::new();
    let done = judge(contract(Dataset::Placements), &settings, &mut |row| {
        if taken.len() == stop {
            return Err(io::ErrorKind::StorageFull.into());
        }
        taken.push((row.row, row.key.to_owned(), row.body.to_owned()));
        Ok(())
    });
    (done.map_err(|failure| format!("{failure:?}")), taken)
}

/// Both ways, which must agree; what they said.
fn both<R: Read + Send + Clone>(bytes: &R, stop: usize) -> Said {
    let alone = said(|contract, settings, sink| validate(contract, settings, Format::Csv, bytes.clone(), sink), stop);
    let beside =
        said(|contract, settings, sink| validate_beside(contract, settings, Format::Csv, bytes.clone(), sink), stop);
    let looked = format!("{:?}", door(contract(Dataset::Placements), Format::Csv, bytes.clone()));
    let looked_beside = format!("{:?}", door_beside(contract(Dataset::Placements), Format::Csv, bytes.clone()));
    assert_eq!(looked, looked_beside);
    assert!(alone == beside, "{:?} and {:?}, {} and {} rows", alone.0, beside.0, alone.1.len(), beside.1.len());
    alone
}

/// Bytes, and then a disk that fails.
#[derive(Clone)]
struct Torn<'a>(&'a [u8]);

impl Read for Torn<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.0.read(into) {
            Ok(0) => Err(io::ErrorKind::TimedOut.into()),
            read => read,
        }
    }
}

#[test]
fn any_number_of_rows_is_judged_the_same() {
    for count in [0, 1, 2_047, 2_048, 2_049, 30_000] {
        let (done, taken) = both(&rows(count).as_bytes(), usize::MAX);
        let report = done.unwrap().report;
        assert_eq!(report.rows.read + report.rows.blank, count as u64);
        assert_eq!(report.rows.accepted, taken.len() as u64);
    }
}

#[test]
fn what_stops_one_stops_the_other_at_the_same_row() {
    let text = rows(9_000);
    let (done, taken) = both(&text.as_bytes(), 4_000);
    assert!(done.unwrap_err().contains("Sink") && taken.len() == 4_000);
    let (done, _) = both(&Torn(text.as_bytes()), usize::MAX);
    assert!(done.unwrap_err().contains("Read"));
    for (bad, why) in [(&b"\xff\n"[..], "utf8"), (b"a\0b\n", "nul"), (b"a\rb\n", "return")] {
        let (done, taken) = both(&[text.as_bytes(), bad].concat().as_slice(), usize::MAX);
        assert!(done.unwrap_err().contains("Refused"), "{why}");
        assert!(taken.len() > 4_000, "{why}: rows before it were handed on");
    }
    assert!(both(&&b"nonsense,headings\n1,2\n"[..], usize::MAX).0.unwrap_err().contains("Refused"));
    assert!(both(&&b""[..], usize::MAX).0.is_err());
}

#[test]
fn lines_of_json_are_judged_too() {
    let line = r#"{"child_ref":"c_beside_000000000000001","episode_start":"2026-01-05"}"#;
    let alone = said(|c, s, sink| validate(c, s, Format::Ndjson, line.as_bytes(), sink), usize::MAX);
    let beside = said(|c, s, sink| validate_beside(c, s, Format::Ndjson, line.as_bytes(), sink), usize::MAX);
    assert!(alone == beside && alone.0.is_ok());
}
