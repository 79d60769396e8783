//! `contract lint`: a contract file, and the samples beside it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};

use clap::Args;
use hub_contract::{Contract, Remark, RuleKind, Settings, Severity, lint};
use hub_domain::{AuthorityCode, Date, Mode};
use serde::Serialize;

use super::{Stop, read};
use crate::command::office::{parse_authority, parse_date, today};
use crate::command::validate::{format_of, judge};
use crate::screen::Answer;

/// What `contract lint` is told.
#[derive(Debug, Args)]
pub(in crate::command) struct Look {
    /// Contract files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The day that the samples describe; today when not given.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    as_at: Option<Date>,
    /// Whose feed the samples are; rules about borders need to know.
    #[arg(long, value_name = "CODE", value_parser = parse_authority)]
    authority: Option<AuthorityCode>,
}

/// A file that was looked at.
#[derive(Debug, Serialize)]
struct Looked {
    file: String,
    samples: usize,
    remarks: Vec<Remark>,
}

pub(super) fn run(asked: &Look) -> Result<Answer, Stop> {
    let mut all = Vec::new();
    for file in &asked.files {
        let text = read(file)?;
        let mut remarks = lint(&text);
        let mut samples = 0;
        if let Ok(contract) = Contract::compile(&text) {
            samples = judge_samples(&contract, file, asked, &mut remarks)?;
        }
        remarks.sort_by_key(|remark| remark.severity);
        all.push(Looked { file: file.display().to_string(), samples, remarks });
    }
    let errors = all.iter().flat_map(|looked| &looked.remarks).any(|remark| remark.severity == Severity::Error);
    let text: String = all.iter().map(told).collect();
    Ok(Answer::new(text, &all)?.judged(!errors))
}

fn told(looked: &Looked) -> String {
    let samples = match looked.samples {
        0 => "no sample beside it".to_owned(),
        1 => "1 sample beside it".to_owned(),
        more => format!("{more} samples beside it"),
    };
    let mut text = match looked.remarks.len() {
        0 => format!("{}: good, {samples}.\n", looked.file),
        _ => format!("{}: {samples}.\n", looked.file),
    };
    for Remark { severity, at, what, fix } in &looked.remarks {
        let _ = writeln!(text, "  {}  {at}: {what}\n      {fix}", severity.as_str().to_uppercase());
    }
    text
}

/// Judges the samples beside a contract: accepted ones say nothing, rejected ones something, and every rule of the dataset's
/// own is broken by one. How many there were.
fn judge_samples(contract: &Contract, file: &Path, asked: &Look, out: &mut Vec<Remark>) -> Result<usize, Stop> {
    let folder = file.with_file_name("samples");
    let mut broken = BTreeSet::new();
    let mut count = 0;
    for kind in ["accepted", "rejected"] {
        for path in files(&folder.join(kind)) {
            count += 1;
            let report = judge(contract, &settings(&path, asked), format_of(&path), File::open(&path)?)?;
            let name = format!("sample {kind}/{}", path.file_name().unwrap_or_default().to_string_lossy());
            if kind == "accepted" && report.has_findings() {
                let fix = "Mend the sample, or the contract; `hub validate` shows the findings.";
                out.push(Remark { severity: Severity::Error, at: name, what: "something was found in it".into(), fix });
            } else if kind == "rejected" && !report.has_findings() {
                let fix = "Break something in it, or keep it among the accepted.";
                out.push(Remark { severity: Severity::Error, at: name, what: "nothing was found in it".into(), fix });
            }
            broken.extend(report.rules.into_iter().map(|rule| rule.rule));
        }
    }
    if count == 0 {
        let (at, what) = ("samples".to_owned(), "there are none beside the contract".to_owned());
        let fix =
            "Keep some in samples/accepted and samples/rejected: they are how senders and tests learn the contract.";
        out.push(Remark { severity: Severity::Warning, at, what, fix });
        return Ok(0);
    }
    for rule in &contract.rules {
        let is_own = !rule.source.starts_with("The hub's rules of form") && rule.kind != RuleKind::Held;
        if is_own && !broken.contains(&rule.id) {
            let (at, what) = (format!("rule {}", rule.id), "no rejected sample breaks it".to_owned());
            let fix = "Add a row that does: a rule that nothing breaks may never run.";
            out.push(Remark { severity: Severity::Warning, at, what, fix });
        }
    }
    Ok(count)
}

/// As the sample's name says: `.changes.` and `.window.` are sent in that mode, a window of the month.
fn settings(path: &Path, asked: &Look) -> Settings {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let as_at = asked.as_at.unwrap_or_else(today);
    let mut settings = Settings::full(asked.authority.unwrap_or_default(), as_at);
    if name.contains(".changes.") {
        settings.mode = Mode::Changes;
    }
    if name.contains(".window.") {
        settings.mode = Mode::Window;
        settings.covers_from = Some(as_at.first_of_month());
    }
    settings
}

/// The samples of a folder, by name; the findings written beside them are none.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending != "json"));
    files.sort();
    files
}
