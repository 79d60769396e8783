//! Telling the files apart.

use std::collections::HashSet;

use hub_domain::Dataset;

use super::FileNote;
use crate::finding::{Finding, Place, Severity};
use crate::mapping::{Mapping, With};
use crate::postcode::Postcode;
use crate::return903::{self, Files};
use crate::source::{FileKind, Input, Sheet, read_tables, recognise, show_headings};

/// The files by what they are.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    pub(super) notes: Vec<FileNote>,
    pub(super) findings: Vec<Finding>,
    pub(super) return903: Files,
    pub(super) feeds: Vec<(Dataset, Vec<Sheet>)>,
    /// Tables that a mapping is to be laid over: which one, the table, and its note.
    mapped: Vec<(usize, Sheet, usize)>,
}

/// Reads each file and puts its tables with their kinds.
pub(super) fn sort(inputs: &[Input], mappings: &[Mapping]) -> Sorted {
    let mut sorted = Sorted::default();
    for input in inputs {
        let sheets = read_tables(input, &mut sorted.findings);
        if sheets.is_empty() {
            sorted.notes.push(FileNote { name: input.name.clone(), kind: FileKind::Unknown, rows: 0, is_used: false });
        }
        // Of a workbook's sheets some are notes and sums; of the return's XML some tables have no row.
        let is_part = sheets.len() > 1;
        for sheet in sheets {
            match mappings.iter().position(|mapping| mapping.fits(&sheet)) {
                Some(mapping) => sorted.put_by(mapping, sheet),
                None => sorted.take(sheet, is_part),
            }
        }
    }
    for (at, mapping) in mappings.iter().enumerate() {
        if sorted.mapped.iter().all(|(used, ..)| *used != at) {
            sorted.findings.push(unlaid(mapping));
        }
    }
    sorted
}

impl Sorted {
    fn put_by(&mut self, mapping: usize, sheet: Sheet) {
        let rows = u64::try_from(sheet.records.len()).unwrap_or(u64::MAX);
        self.mapped.push((mapping, sheet, self.notes.len()));
        self.notes.push(FileNote { name: String::new(), kind: FileKind::Unknown, rows, is_used: false });
    }

    /// Every postcode that the directory will be asked about.
    pub(super) fn postcodes(&self, mappings: &[Mapping]) -> HashSet<Postcode> {
        let mut wanted = return903::postcodes(&self.return903);
        for (at, sheet, _) in &self.mapped {
            if let Some(mapping) = mappings.get(*at) {
                mapping.postcodes(sheet, &mut wanted);
            }
        }
        wanted
    }

    /// Lays the mappings over their tables, and says of every file what became of it.
    pub(super) fn map(&mut self, mappings: &[Mapping], with: With<'_>) {
        for (at, sheet, note) in std::mem::take(&mut self.mapped) {
            let Some(mapping) = mappings.get(at) else { continue };
            let sheet = mapping.apply(&sheet, with, &mut self.findings);
            let is_extract = mapping.dataset == Dataset::Placements && sheet.has("start");
            let kind = if is_extract { FileKind::Extract } else { FileKind::Feed(mapping.dataset) };
            if let Some(note) = self.notes.get_mut(note) {
                (note.name, note.kind) = (sheet.name.to_string(), kind);
            }
            if is_extract {
                self.return903.extracts.push(sheet);
            } else {
                self.add_feed(mapping.dataset, sheet);
            }
        }
        let has_episodes = !self.return903.episodes.is_empty();
        for note in &mut self.notes {
            let is_joined = matches!(note.kind, FileKind::Header | FileKind::Uasc | FileKind::Extract);
            let is_joined = is_joined || note.kind == FileKind::Other903("dolo");
            note.is_used = matches!(note.kind, FileKind::Episodes | FileKind::Feed(_)) || (is_joined && has_episodes);
        }
        self.note_lone_files(has_episodes);
    }

    fn take(&mut self, sheet: Sheet, is_part: bool) {
        let kind = recognise(&sheet);
        let rows = u64::try_from(sheet.records.len()).unwrap_or(u64::MAX);
        self.notes.push(FileNote { name: sheet.name.to_string(), kind, rows, is_used: false });
        if rows == 0 && kind != FileKind::Unknown && !is_part {
            let fix = "If that is right, nothing; otherwise export it again.";
            let message = "the file has headings and no rows";
            let place = Place::file(&sheet.name);
            self.findings.push(Finding::new("agent-no-rows", Severity::Warning, place, message, fix));
        }
        match kind {
            FileKind::Header => self.return903.headers.push(sheet),
            FileKind::Episodes => self.return903.episodes.push(sheet),
            FileKind::Uasc => self.return903.uasc.push(sheet),
            FileKind::Extract => self.return903.extracts.push(sheet),
            FileKind::Feed(dataset) => self.add_feed(dataset, sheet),
            FileKind::Other903(table) => self.return903.others.push((table, sheet)),
            FileKind::Unknown => self.findings.push(unknown(&sheet, is_part)),
        }
    }

    fn add_feed(&mut self, dataset: Dataset, sheet: Sheet) {
        match self.feeds.iter_mut().find(|(known, _)| *known == dataset) {
            Some((_, sheets)) => sheets.push(sheet),
            None => self.feeds.push((dataset, vec![sheet])),
        }
    }

    fn note_lone_files(&mut self, has_episodes: bool) {
        let lone = [&self.return903.headers, &self.return903.uasc, &self.return903.extracts];
        let Some(sheet) = lone.into_iter().flatten().next().filter(|_| !has_episodes) else { return };
        let fix = "Give the episodes file of the same return.";
        let message = "no episodes file was given, so no placements feed can be made";
        self.findings.push(Finding::new("agent-no-episodes", Severity::Error, Place::file(&sheet.name), message, fix));
    }
}

fn unknown(sheet: &Sheet, is_part: bool) -> Finding {
    let headings: Vec<&str> = sheet.headings.iter().map(String::as_str).collect();
    let message = format!("the headings are those of no file the agent knows: {}", show_headings(&headings));
    let fix = "Give the files of the return with their DfE headings in the first line, or a file with a contract's headings. \
               For a file of your own, `hub-agent map` proposes which column is which.";
    let severity = if is_part { Severity::Note } else { Severity::Warning };
    Finding::new("agent-unknown-file", severity, Place::file(&sheet.name), message, fix)
}

fn unlaid(mapping: &Mapping) -> Finding {
    let message =
        "no table has every heading that this mapping takes its columns from, so it is laid over none".to_owned();
    let fix = "Give the file it was made for; if its headings have changed, run `hub-agent map` on it again.";
    Finding::new("agent-mapping", Severity::Error, Place::file(&mapping.name.as_str().into()), message, fix)
}
