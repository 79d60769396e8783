//! Judges the CSV files of a return by every DfE rule and writes one line for each finding: rule, table, row.
//!
//! `cargo run --release -p hub-contract --example judge_return -- YEAR FOLDER [LAST YEAR'S FOLDER]`. Rows are counted from 0, as
//! the sector's validator counts them; on the error output stand the counts and how long it took. `examples/agreement` sets the
//! two side by side.

#![expect(clippy::print_stderr, reason = "a measurement for a person")]

use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use hub_contract::{Frame, Return, TableName, judge};

type Failed = Box<dyn std::error::Error>;

fn main() -> Result<(), Failed> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [year, folder, rest @ ..] = args.as_slice() else {
        return Err("give a collection year, such as 2018, and a folder of CSV files".into());
    };
    let begun = Instant::now();
    let this = read(Path::new(folder))?;
    let last = rest.first().map(|folder| read(Path::new(folder))).transpose()?;
    let read_in = begun.elapsed();
    let verdict = judge(&this, last.as_ref(), Frame::of_year(year.parse()?));
    let judged_in = begun.elapsed().saturating_sub(read_in);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    writeln!(out, "rule,table,row")?;
    for rule in &verdict.ran {
        writeln!(out, "{},,", rule.id)?;
    }
    for finding in &verdict.findings {
        writeln!(out, "{},{},{}", finding.rule.id, finding.table, finding.row)?;
    }
    let (ran, not_run, found) = (verdict.ran.len(), verdict.not_run.len(), verdict.findings.len());
    eprintln!("{ran} rules ran, {not_run} did not; {found} findings; read in {read_in:.0?}, judged in {judged_in:.0?}");
    Ok(())
}

fn read(folder: &Path) -> Result<Return, Failed> {
    let mut given = Return::default();
    let mut paths: Vec<_> = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "csv")) {
        let bytes = std::fs::read(path)?;
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(text);
        let headings = rows.headers()?.clone();
        let Some(name) = TableName::told_by(headings.iter()) else { continue };
        // Two samples of one table are two returns, not one.
        if given.given(name).is_some() {
            eprintln!("{} is left out: another file is {name}", path.display());
            continue;
        }
        let table = given.table(name);
        table.begin(&path.to_string_lossy(), headings.iter());
        let mut line = 1;
        for row in rows.records() {
            let row = row?;
            line += 1;
            table.push(line, &row.iter().collect::<Vec<_>>());
        }
    }
    Ok(given)
}
