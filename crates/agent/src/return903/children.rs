//! Who the children are: header joined with uasc, by case number.

use std::collections::{HashMap, HashSet};

use hub_domain::Date;
use jiff::civil::date as day;

use super::episodes::Episodes;
use super::{Files, UNREADABLE, child_number, code};
use crate::finding::{Finding, Place, Severity};
use crate::source::{self, Reading, Record, Sheet};

/// First day of the collection year in which SEX became M, F, U.
const NEW_SEX_CODES: Date = day(2024, 4, 1);

/// One child, as much as the feed may know.
pub(crate) struct Child {
    /// `YYYY-MM`, blank, or `unreadable`.
    pub(crate) birth_month: String,
    /// `M`, `F`, `U`, or what the file says when it is none of these.
    pub(crate) sex: String,
    /// 903 ETHNIC.
    pub(crate) ethnicity: String,
    /// The header row.
    pub(crate) place: Place,
    /// The uasc row, and when that status ceased.
    pub(crate) uasc: Option<(Place, Option<Date>)>,
    /// DOB, to compare other files with; it is never written.
    pub(super) born: Reading<Date>,
}

/// Children by case number. Private to this machine.
pub(crate) struct Children {
    by_number: HashMap<String, Child>,
    /// True when a header file was given at all.
    pub(crate) has_header: bool,
}

impl Children {
    /// Reads header and uasc files; a later file's row for a child replaces an earlier file's.
    pub(crate) fn read(files: &Files, as_at: Date, findings: &mut Vec<Finding>) -> Self {
        let mut children = Self { by_number: HashMap::new(), has_header: !files.headers.is_empty() };
        for sheet in &files.headers {
            children.read_header(sheet, as_at, findings);
        }
        for sheet in &files.uasc {
            children.read_uasc(sheet, findings);
        }
        note_missing_files(files, findings);
        children
    }

    /// The child with this case number.
    pub(crate) fn find(&self, number: &str) -> Option<&Child> {
        self.by_number.get(number)
    }

    /// DfE's EPI: a header child with no episode.
    pub(crate) fn note_without_episode(&self, episodes: &Episodes<'_>, findings: &mut Vec<Finding>) {
        let with: HashSet<&str> = episodes.iter().map(|episode| episode.child.as_str()).collect();
        let left = self.by_number.iter().filter(|(number, _)| !with.contains(number.as_str()));
        let mut without: Vec<&Place> = left.map(|(_, child)| &child.place).collect();
        without.sort_unstable();
        let fix = "If the child was looked after, export the episodes again; otherwise nothing: the hub hears only of episodes.";
        findings.extend(without.into_iter().map(|place| {
            let message = "the header has a child with no episode";
            Finding::new("903-EPI", Severity::Warning, place.clone().at("CHILD"), message, fix)
        }));
    }

    fn read_header(&mut self, sheet: &Sheet, as_at: Date, findings: &mut Vec<Finding>) {
        let mut old_codes = 0_usize;
        for record in &sheet.records {
            let number = child_number(sheet.cell(record, "CHILD"));
            let place = sheet.place(record);
            if number.is_empty() {
                findings.push(no_number(place));
                continue;
            }
            let child = Child::from_header(sheet, record, findings);
            old_codes += usize::from(matches!(sheet.cell(record, "SEX"), "1" | "2"));
            match self.by_number.get(&number) {
                Some(known) if known.place.file == place.file => findings.push(twice(&child, known)),
                _ => {
                    self.by_number.insert(number, child);
                }
            }
        }
        if old_codes > 0 && as_at >= NEW_SEX_CODES {
            let message = format!("{old_codes} rows use the SEX codes in force to 2023/24; 1 was read as M and 2 as F");
            let fix = "Nothing for now; returns from 2024/25 use M, F and U.";
            findings.push(Finding::new(
                "agent-sex-codes",
                Severity::Note,
                Place::file(&sheet.name).at("SEX"),
                message,
                fix,
            ));
        }
    }

    fn read_uasc(&mut self, sheet: &Sheet, findings: &mut Vec<Finding>) {
        for record in &sheet.records {
            let place = sheet.place(record);
            let number = child_number(sheet.cell(record, "CHILD"));
            let Some(child) = self.by_number.get_mut(&number) else {
                findings.extend(self.has_header.then(|| unknown_to_header(place)));
                continue;
            };
            child.compare(sheet, record, findings);
            let ceased = source::date(sheet.cell(record, "DUC"));
            if ceased == Reading::Unreadable {
                let message = "DUC cannot be read as a date; the child is taken to be unaccompanied still";
                let fix = "Write it as dd/mm/yyyy.";
                findings.push(Finding::new("agent-date", Severity::Warning, place.clone().at("DUC"), message, fix));
            }
            child.uasc = Some((place, ceased.value()));
        }
    }
}

impl Child {
    fn from_header(sheet: &Sheet, record: &Record, findings: &mut Vec<Finding>) -> Self {
        let born = source::date(sheet.cell(record, "DOB"));
        let birth_month = match born {
            Reading::Blank => String::new(),
            Reading::Unreadable => UNREADABLE.to_owned(),
            Reading::Is(date) => format!("{:04}-{:02}", date.year(), date.month()),
        };
        if born == Reading::Unreadable {
            let fix = "Write it as dd/mm/yyyy.";
            let place = sheet.place(record).at("DOB");
            findings.push(Finding::new("903-102", Severity::Error, place, "DOB cannot be read as a date", fix));
        }
        let sex = match sheet.cell(record, "SEX") {
            "1" => "M".to_owned(),
            "2" => "F".to_owned(),
            other => code(other),
        };
        let ethnicity = code(sheet.cell(record, "ETHNIC"));
        Self { birth_month, sex, ethnicity, place: sheet.place(record), uasc: None, born }
    }

    /// True when the child counted as unaccompanied in an episode that began on `start`.
    pub(crate) fn was_unaccompanied(&self, start: Option<Date>) -> bool {
        match (&self.uasc, start) {
            (None, _) => false,
            (Some((_, Some(ceased))), Some(start)) => start < *ceased,
            (Some(_), _) => true,
        }
    }

    /// DfE's INT11–18 and 21: what uasc says against what the header says.
    fn compare(&self, sheet: &Sheet, record: &Record, findings: &mut Vec<Finding>) {
        let born = source::date(sheet.cell(record, "DOB"));
        let fix = "Make the two files agree; the header's is used until then.";
        if born != Reading::Blank && born != self.born {
            let place = sheet.place(record).at("DOB");
            let message = "DOB disagrees with the header";
            findings.push(Finding::new("903-INT18", Severity::Warning, place, message, fix));
        }
        let sex = match sheet.cell(record, "SEX") {
            "1" => "M",
            "2" => "F",
            other => other,
        };
        if !sex.is_empty() && !sex.eq_ignore_ascii_case(&self.sex) {
            let place = sheet.place(record).at("SEX");
            let message = "SEX disagrees with the header";
            findings.push(Finding::new("903-INT21", Severity::Warning, place, message, fix));
        }
    }
}

fn no_number(place: Place) -> Finding {
    let fix = "Fill in the case number, or take the row out.";
    Finding::new("agent-no-child", Severity::Warning, place.at("CHILD"), "CHILD is blank", fix)
}

fn unknown_to_header(place: Place) -> Finding {
    let message = "the uasc file has a child that the header does not";
    let fix = "Add the child to the header, or take the row out of uasc.";
    Finding::new("903-INT09", Severity::Warning, place.at("CHILD"), message, fix)
}

/// DfE's INT32.
fn twice(child: &Child, known: &Child) -> Finding {
    let same = child.born == known.born && child.sex == known.sex && child.ethnicity == known.ethnicity;
    let message = if same {
        "the child is in the header more than once, with the same details"
    } else {
        "the child is in the header more than once, with different details; the first row is used"
    };
    let place = child.place.clone().at("CHILD");
    Finding::new("903-INT32", Severity::Warning, place, message, "Keep the row that is right.")
}

fn note_missing_files(files: &Files, findings: &mut Vec<Finding>) {
    let Some(episodes) = files.episodes.first() else { return };
    let place = Place::file(&episodes.name);
    if files.headers.is_empty() {
        let message = "no header file was given, so no episode has a birth month, sex or ethnicity";
        let fix = "Give the header file of the same return beside this one.";
        findings.push(Finding::new("agent-no-header", Severity::Error, place.clone(), message, fix));
    }
    if files.uasc.is_empty() {
        let message = "no uasc file was given, so every child goes as not unaccompanied";
        let fix = "Give the uasc file too, unless the authority looks after none.";
        findings.push(Finding::new("agent-no-uasc", Severity::Warning, place, message, fix));
    }
}
