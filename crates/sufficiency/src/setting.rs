//! Homes as the region knows them: one report each, and who says otherwise.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, Date, Need, Provision, Timestamp, VacancyRow, london_date};
use serde::Serialize;

use crate::confidence::Confidence;
use crate::matching::grade::{Grade, Grades};
use crate::register::{Register, Standing as Registered};
use crate::restriction::{Restrictions, Standing};
use crate::rules::Rules;

/// A set of needs, a bit each in the order of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Needs(u32);

impl Needs {
    /// A word outside the vocabulary: nobody offers it, and an essential need of it is never met.
    const UNHEARD_OF: u32 = 1 << 31;

    pub(crate) fn of<T: AsRef<str>>(words: &[T]) -> Self {
        Self(words.iter().fold(0, |set, word| set | Self::bit(word.as_ref())))
    }

    fn bit(word: &str) -> u32 {
        let at = Need::ALL.iter().position(|need| need.as_str() == word).and_then(|at| u32::try_from(at).ok());
        at.and_then(|at| 1_u32.checked_shl(at)).unwrap_or(Self::UNHEARD_OF)
    }

    /// How many of these `offered` does not have.
    pub(crate) fn missing_from(self, offered: Self) -> u32 {
        (self.0 & !(offered.0 & !Self::UNHEARD_OF)).count_ones()
    }
}

/// A home or household by the report that counts.
#[derive(Clone)]
pub(crate) struct Setting {
    /// The report itself.
    pub(crate) row: VacancyRow,
    /// Who made it.
    pub(crate) reported_by: AuthorityCode,
    /// Who else reports this setting.
    pub(crate) also: Vec<AuthorityCode>,
    /// Whether any of them says otherwise.
    pub(crate) disputed: bool,
    /// `None` where the word is not in the vocabulary.
    pub(crate) provision: Option<Provision>,
    pub(crate) needs: Needs,
    /// Whole calendar days from the confirmation to the day; `None` when never confirmed.
    pub(crate) confirmed_days: Option<i32>,
    /// Days for which a confirmation counts.
    pub(crate) fresh_days: i32,
    /// What stands against it or its provider.
    pub(crate) standing: Standing,
    /// The latest judgement of its provider.
    pub(crate) grade: Grade,
    /// How its provider stands in the register; `None` where that has no registration of it, or none is loaded.
    pub(crate) registration: Option<Registered>,
    /// The regulator keeps new children, or all, from it.
    pub(crate) is_closed: bool,
    /// How far it can be believed.
    pub(crate) confidence: Confidence,
}

impl Setting {
    /// Nobody has looked for longer than the provision allows, or nobody ever did.
    pub(crate) fn is_stale(&self) -> bool {
        self.confirmed_days.is_none_or(|days| days > self.fresh_days)
    }

    /// Has room for so many children together. `sibling_places` is the largest group a setting
    /// takes; where it says nothing it takes none larger than one.
    pub(crate) fn holds(&self, together: i64) -> bool {
        let most = self.row.sibling_places.unwrap_or(1).max(1);
        self.row.available_places >= together && most >= together
    }

    /// Notes another's report; answers with the columns in which it differs.
    fn hear(&mut self, other: AuthorityCode, theirs: &VacancyRow) -> Vec<&'static str> {
        let columns = differing(&self.row, theirs);
        self.also.push(other);
        self.disputed |= !columns.is_empty();
        columns
    }
}

/// Two authorities report one setting differently; the later confirmation counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Disagreement {
    /// URN of the setting.
    pub urn: String,
    /// The setting.
    pub setting_ref: String,
    /// Whose report counts.
    pub kept: AuthorityCode,
    /// Whose does not.
    pub other: AuthorityCode,
    /// The columns that differ.
    pub columns: Vec<&'static str>,
}

/// Every report of every setting.
#[derive(Default)]
pub(crate) struct Reports(BTreeMap<(String, String), Vec<(AuthorityCode, VacancyRow)>>);

impl Reports {
    pub(crate) fn add(&mut self, authority: AuthorityCode, row: VacancyRow) {
        let key = (row.urn.trim().to_owned(), row.setting_ref.clone());
        self.0.entry(key).or_default().push((authority, row));
    }

    /// One setting each, in order of URN and reference, and what was disagreed about.
    pub(crate) fn settle(self, bench: Bench<'_>) -> (Vec<Setting>, Vec<Disagreement>) {
        let mut disagreements = Vec::new();
        let settings = self.0.into_iter().filter_map(|((urn, setting_ref), mut reports)| {
            // Latest confirmation first; of equals, the authority whose code sorts first.
            reports.sort_by_key(|(authority, row)| (Reverse(row.confirmed_at), *authority));
            let mut reports = reports.into_iter();
            let (kept, row) = reports.next()?;
            let mut setting = bench.describe(kept, row);
            let disputes = reports.map(|(other, theirs)| (other, setting.hear(other, &theirs)));
            disagreements.extend(disputes.filter(|(_, columns)| !columns.is_empty()).map(|(other, columns)| {
                let (urn, setting_ref) = (urn.clone(), setting_ref.clone());
                Disagreement { urn, setting_ref, kept, other, columns }
            }));
            Some(setting)
        });
        (settings.collect(), disagreements)
    }
}

/// What a report is read by.
#[derive(Clone, Copy)]
pub(crate) struct Bench<'a> {
    pub(crate) as_at: Date,
    pub(crate) rules: &'a Rules,
    pub(crate) restrictions: &'a Restrictions,
    pub(crate) grades: &'a Grades,
    pub(crate) register: &'a Register,
}

impl Bench<'_> {
    fn describe(self, reported_by: AuthorityCode, row: VacancyRow) -> Setting {
        let provision: Option<Provision> = row.provision.parse().ok();
        Setting {
            needs: Needs::of(&row.needs),
            confirmed_days: row.confirmed_at.map(|at| days_between(at, self.as_at)),
            fresh_days: provision.map_or(0, |provision| self.rules.fresh_days(provision)),
            standing: self.restrictions.standing(&row),
            grade: self.grades.of(&row.urn),
            registration: self.register.standing(&row.urn, self.as_at),
            is_closed: self.register.is_restricted(&row.urn),
            confidence: Confidence::default(),
            provision,
            row,
            reported_by,
            also: Vec::new(),
            disputed: false,
        }
    }
}

/// Whole calendar days in London from `at` to `as_at`; never negative.
fn days_between(at: Timestamp, as_at: Date) -> i32 {
    as_at.since(london_date(at)).map_or(0, |span| span.get_days()).max(0)
}

/// The columns in which two reports say different things about the same room.
fn differing(ours: &VacancyRow, theirs: &VacancyRow) -> Vec<&'static str> {
    let pairs = [
        ("provision", ours.provision != theirs.provision),
        ("host_la", ours.host_la != theirs.host_la),
        ("approved_places", ours.approved_places != theirs.approved_places),
        ("occupied_places", ours.occupied_places != theirs.occupied_places),
        ("available_places", ours.available_places != theirs.available_places),
        ("held_places", ours.held_places != theirs.held_places),
        ("closed_places", ours.closed_places != theirs.closed_places),
        ("available_from", ours.available_from != theirs.available_from),
        ("age_min", ours.age_min != theirs.age_min),
        ("age_max", ours.age_max != theirs.age_max),
        ("sex_accepted", ours.sex_accepted != theirs.sex_accepted),
        ("sibling_places", ours.sibling_places != theirs.sibling_places),
    ];
    pairs.into_iter().filter(|&(_, differs)| differs).map(|(column, _)| column).collect()
}
