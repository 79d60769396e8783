//! Telling the files apart.

use hub_domain::Dataset;

use super::FileNote;
use crate::finding::{Finding, Place, Severity};
use crate::return903::Files;
use crate::source::{FileKind, Input, Sheet, recognise, show_headings};

/// The files by what they are.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    pub(super) notes: Vec<FileNote>,
    pub(super) findings: Vec<Finding>,
    pub(super) return903: Files,
    pub(super) feeds: Vec<(Dataset, Vec<Sheet>)>,
}

/// Reads each file and puts it with its kind.
pub(super) fn sort(inputs: &[Input]) -> Sorted {
    let mut sorted = Sorted::default();
    for input in inputs {
        if let Some(sheet) = Sheet::read(input, &mut sorted.findings) {
            sorted.take(sheet);
        } else {
            sorted.notes.push(FileNote { name: input.name.clone(), kind: FileKind::Unknown, rows: 0, is_used: false });
        }
    }
    let has_episodes = !sorted.return903.episodes.is_empty();
    for note in &mut sorted.notes {
        let is_joined = matches!(note.kind, FileKind::Header | FileKind::Uasc | FileKind::Extract);
        note.is_used = matches!(note.kind, FileKind::Episodes | FileKind::Feed(_)) || (is_joined && has_episodes);
    }
    sorted.note_lone_files(has_episodes);
    sorted
}

impl Sorted {
    fn take(&mut self, sheet: Sheet) {
        let kind = recognise(&sheet);
        let rows = u64::try_from(sheet.records.len()).unwrap_or(u64::MAX);
        self.notes.push(FileNote { name: sheet.name.to_string(), kind, rows, is_used: false });
        let place = Place::file(&sheet.name);
        if rows == 0 && kind != FileKind::Unknown {
            let fix = "If that is right, nothing; otherwise export it again.";
            self.findings.push(Finding::new(
                "agent-no-rows",
                Severity::Warning,
                place.clone(),
                "the file has headings and no rows",
                fix,
            ));
        }
        match kind {
            FileKind::Header => self.return903.headers.push(sheet),
            FileKind::Episodes => self.return903.episodes.push(sheet),
            FileKind::Uasc => self.return903.uasc.push(sheet),
            FileKind::Extract => self.return903.extracts.push(sheet),
            FileKind::Feed(dataset) => self.add_feed(dataset, sheet),
            FileKind::Other903(_) => {}
            FileKind::Unknown => {
                let headings: Vec<&str> = sheet.headings.iter().map(String::as_str).collect();
                let message =
                    format!("the headings are those of no file the agent knows: {}", show_headings(&headings));
                let fix = "Give the CSV files of the return (header, episodes, uasc) with their DfE headings in the first line, \
                           or a file with a contract's headings.";
                self.findings.push(Finding::new("agent-unknown-file", Severity::Warning, place, message, fix));
            }
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
