//! How fast a placements feed is scanned and validated, beside reading the same rows with the csv crate alone.
//!
//! `cargo run --release -p hub-contract --example validate_speed -- [rows]` — rows are made as they are read, so memory
//! is the validator's own. Times are of the processor; making the rows is timed alone and taken off each figure.
#![expect(clippy::print_stdout, reason = "a measurement for a person")]

use std::io::{self, Read};
use std::time::{Duration, Instant};

use hub_contract::{Format, Settings, contract, door, validate};
use hub_domain::Dataset;

const HEAD: &str = "child_ref,episode_start,episode_end,care_start,birth_month,sex,ethnicity,uasc,reason_new_episode,legal_status,category_of_need,placement_type,placement_provider,reason_ceased,reason_place_change,home_sector,placement_sector,placement_la,distance_miles,urn,setting_ref,weekly_cost,planned,emergency\n";

/// Rows made as they are read: each child has three episodes, one after another.
struct Made {
    row: u64,
    rows: u64,
    text: Vec<u8>,
    at: usize,
}

impl Made {
    fn rows(rows: u64) -> Self {
        Self { row: 0, rows, text: HEAD.as_bytes().to_vec(), at: 0 }
    }

    fn refill(&mut self) {
        use io::Write as _;
        self.text.clear();
        self.at = 0;
        while self.row < self.rows && self.text.len() < 1 << 16 {
            let (child, part) = (self.row / 3, self.row % 3);
            let code = (child.wrapping_mul(0x9e37_79b9_7f4a_7c15), child % 9 + 2008, child % 28 + 1);
            let (start, end, first) = match part {
                0 => (format!("2023-05-{:02}", code.2), format!("2024-06-{:02},", code.2), "S"),
                1 => (format!("2024-06-{:02}", code.2), format!("2025-02-{:02},", code.2), "P"),
                _ => (format!("2025-02-{:02}", code.2), ",".to_owned(), "P"),
            };
            let place = if part == 1 { "U4" } else { "U6" };
            let (ceased, why) = if part == 2 { ("", "") } else { ("X1", "CARPL") };
            // Writing to a Vec cannot fail.
            let _ = writeln!(
                self.text,
                "c_{:016x}{child:08},{start},{end}2023-05-{:02},{}-0{},F,WBRI,false,{first},C2,N1,{place},PR1,{ceased},{why},SE13 6,BR1 3,E09000023,{}.{},SC0{:05},st-{:x},450.00,true,false",
                code.0,
                code.2,
                code.1,
                child % 9 + 1,
                child % 40,
                part,
                child % 90_000,
                child % 7_000
            );
            self.row += 1;
        }
    }
}

impl Read for Made {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.text.len() {
            self.refill();
        }
        let mut rest = self.text.get(self.at..).unwrap_or(&[]);
        let read = rest.read(buffer)?;
        self.at += read;
        Ok(read)
    }
}

/// Processor time of this thread so far where the system tells it, else the time that has passed.
fn spent(began: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| began.elapsed(), Duration::from_nanos)
}

fn timed<T>(what: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let before = spent(began);
    let done = what();
    (spent(began).saturating_sub(before), done)
}

fn read_records(rows: u64) -> csv::Result<u64> {
    let mut reader = csv::Reader::from_reader(Made::rows(rows));
    let mut record = csv::ByteRecord::new();
    let mut count = 0;
    while reader.read_byte_record(&mut record)? {
        count += 1;
    }
    Ok(count)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rows = std::env::args().nth(1).map_or(Ok(1_000_000), |rows| rows.parse())?;
    let contract = contract(Dataset::Placements);
    let settings = Settings::full("E09000023".parse()?, "2026-07-21".parse()?);
    let (making, bytes) = timed(|| io::copy(&mut Made::rows(rows), &mut io::sink()));
    let (reading, count) = timed(|| read_records(rows));
    let (scanning, scanned) = timed(|| door(contract, Format::Csv, Made::rows(rows)));
    let (mut written, mut sum) = (0_usize, 0_u8);
    let (judging, outcome) = timed(|| {
        validate(contract, &settings, Format::Csv, Made::rows(rows), &mut |row| {
            written += row.body.len();
            sum ^= row.fingerprint()[0];
            Ok(())
        })
    });
    let outcome = outcome?;
    println!("{} rows, {} bytes; {} record bytes [{sum}]; {} scanned", count?, bytes?, written, scanned?.rows);
    println!(
        "accepted {}, findings {:?}",
        outcome.report.rows.accepted,
        outcome.report.rules.iter().map(|rule| (&rule.rule, rule.count)).collect::<Vec<_>>()
    );
    let net = |spent: Duration| spent.saturating_sub(making).as_secs_f64();
    println!("making the rows      {:>6.2} s (taken off the rest)", making.as_secs_f64());
    println!("csv byte records     {:>6.2} s", net(reading));
    println!(
        "door                 {:>6.2} s  {:.2} of csv's rows a second",
        net(scanning),
        net(reading) / net(scanning)
    );
    println!("validate, every rule {:>6.2} s  {:.2} of csv's rows a second", net(judging), net(reading) / net(judging));
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(peak) = status.lines().find(|line| line.starts_with("VmHWM")) {
        println!("peak memory {}", peak.trim_start_matches("VmHWM:").trim());
    }
    Ok(())
}
