//! The fold: believed records stream in, in any order, and a picture of the region comes out.

use std::collections::{BTreeSet, HashMap};

use hub_disclosure::Table;
use hub_domain::population::Vintage;
use hub_domain::timeliness::NoticeStart;
use hub_domain::{
    AuthorityCode, Date, FosteringRow, LeaverRow, PlacementRow, QualityRow, RegulatorRow, SearchRow, VacancyRow,
};
use jiff::Span;

use crate::asked::Asked;
use crate::board::Board;
use crate::confidence::{Past, Starts, judge};
use crate::episode::Children;
use crate::matching::Proof;
use crate::matching::grade::Grades;
use crate::quality::Events;
use crate::register::Register;
use crate::restriction::Restrictions;
use crate::rules::Rules;
use crate::search::{Notice, Search, Searches};
use crate::setting::{Bench, Disagreement, Reports, Setting};
use crate::{registry, timeliness};

/// Believed records, as they are read. Those of authorities that are not members count nowhere.
pub struct Region {
    as_at: Date,
    members: BTreeSet<AuthorityCode>,
    rules: Rules,
    children: Children,
    reports: Reports,
    searches: Searches,
    restrictions: Restrictions,
    grades: Grades,
    starts: Starts,
    past: Past,
    events: Events,
    notice_starts: Vec<NoticeStart>,
    others: Others,
}

/// What the datasets of decision 0022 and the population files say.
#[derive(Default)]
pub(crate) struct Others {
    pub(crate) register: Register,
    /// Fostering households by the authority whose service they are of.
    pub(crate) households: Vec<(AuthorityCode, FosteringRow)>,
    /// Young people around a birthday by the authority that answers for them.
    pub(crate) leavers: Vec<(AuthorityCode, LeaverRow)>,
    pub(crate) populations: Vec<Vintage>,
}

/// The region on a day, ready to be tabulated. Not protected: what leaves goes through the gate.
pub struct Picture {
    pub(crate) as_at: Date,
    /// The twelve months are the days after this one.
    pub(crate) window: Date,
    pub(crate) members: BTreeSet<AuthorityCode>,
    pub(crate) rules: Rules,
    pub(crate) children: Children,
    pub(crate) settings: Vec<Setting>,
    pub(crate) searches: Vec<Search>,
    pub(crate) no_offer: Vec<Search>,
    /// Searches opened in the twelve months.
    pub(crate) opened: Vec<(AuthorityCode, Notice)>,
    pub(crate) events: Events,
    /// Placements out of area of which notice was due.
    pub(crate) notice_starts: Vec<NoticeStart>,
    pub(crate) grades: Grades,
    pub(crate) others: Others,
    disagreements: Vec<Disagreement>,
}

impl std::fmt::Debug for Region {
    /// The day only: what streams in is about children.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Region").field("as_at", &self.as_at).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Picture {
    /// The day only, likewise.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture").field("as_at", &self.as_at).finish_non_exhaustive()
    }
}

impl Region {
    /// An empty region of these members on this day, under the default rules.
    pub fn new(as_at: Date, members: impl IntoIterator<Item = AuthorityCode>) -> Self {
        Self {
            as_at,
            members: members.into_iter().collect(),
            rules: Rules::default(),
            children: Children::new(as_at),
            reports: Reports::default(),
            searches: Searches::new(as_at, year_before(as_at)),
            restrictions: Restrictions::default(),
            grades: Grades::default(),
            starts: Starts::new(as_at),
            past: Past::new(as_at),
            events: Events::new(as_at, year_before(as_at)),
            notice_starts: Vec::new(),
            others: Others::default(),
        }
    }

    /// Under other rules.
    #[must_use]
    pub fn with_rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Takes an episode of care.
    pub fn placement(&mut self, authority: AuthorityCode, row: &PlacementRow) {
        if self.members.contains(&authority) {
            self.children.add(authority, row);
            self.starts.add(row);
        }
    }

    /// Takes stays begun lately, where the episodes themselves are not read: enough for [`Picture::board`].
    pub fn starts(&mut self, starts: &Starts) {
        self.starts.join(starts);
    }

    /// Takes what was said of vacancies before: what a reporter's word was worth.
    pub fn past(&mut self, past: &Past) {
        self.past.join(past);
    }

    /// Takes a home or household.
    pub fn vacancy(&mut self, authority: AuthorityCode, row: VacancyRow) {
        if self.members.contains(&authority) {
            self.reports.add(authority, row);
        }
    }

    /// Takes a search.
    pub fn search(&mut self, authority: AuthorityCode, row: &SearchRow) {
        if self.members.contains(&authority) {
            self.searches.add(authority, row, &self.rules);
        }
    }

    /// Takes a visit, concern or restriction.
    pub fn quality(&mut self, authority: AuthorityCode, row: &QualityRow) {
        if self.members.contains(&authority) {
            self.restrictions.add(authority, row, self.as_at);
            self.grades.add(row, self.as_at);
            self.events.add(authority, row);
        }
    }

    /// Takes an entry of the regulator's register.
    pub fn regulator(&mut self, row: RegulatorRow) {
        self.others.register.add(row, self.as_at);
    }

    /// Takes a fostering household.
    pub fn fostering(&mut self, authority: AuthorityCode, row: FosteringRow) {
        if self.members.contains(&authority) {
            self.others.households.push((authority, row));
        }
    }

    /// Takes a young person who was looked after, around a birthday.
    pub fn leaver(&mut self, authority: AuthorityCode, row: LeaverRow) {
        if self.members.contains(&authority) {
            self.others.leavers.push((authority, row));
        }
    }

    /// Takes estimates of how many children live where. Without any, no rate is made.
    pub fn populations(&mut self, vintages: Vec<Vintage>) {
        self.others.populations = vintages;
    }

    /// Takes a placement out of area of which notice was due.
    pub fn notice(&mut self, start: NoticeStart) {
        let counts = start.on <= self.as_at && start.on >= timeliness::first_month(self.as_at);
        if counts && self.members.contains(&start.placing) {
            self.notice_starts.push(start);
        }
    }

    /// All records have been read.
    pub fn finish(self) -> Picture {
        let (mut settings, disagreements) = self.reports.settle(Bench {
            as_at: self.as_at,
            rules: &self.rules,
            restrictions: &self.restrictions,
            grades: &self.grades,
            register: &self.others.register,
        });
        judge(&mut settings, &self.starts, &self.past);
        let (searches, no_offer, opened) = self.searches.settle();
        Picture {
            as_at: self.as_at,
            window: year_before(self.as_at),
            members: self.members,
            rules: self.rules,
            children: self.children,
            settings,
            searches,
            no_offer,
            opened,
            events: self.events,
            notice_starts: self.notice_starts,
            grades: self.grades,
            others: self.others,
            disagreements,
        }
    }
}

impl Picture {
    /// Every table of a release, unprotected, in the order they are listed.
    pub fn tables(&self) -> Vec<Table> {
        registry::tables(&Asked::of(self), None)
    }

    /// One table by any version of its definition, unprotected likewise: to hold two versions side by side. `None` where no
    /// version of that number is defined, or it is no table of a release.
    pub fn table(&self, id: &str, version: u32) -> Option<Table> {
        registry::table(&Asked::of(self), id, version)
    }

    /// How far the assignment behind the market gaps is proved.
    pub fn proof(&self) -> Proof {
        Asked::of(self).matching().proof
    }

    /// Every vacancy, for authorised brokers.
    pub fn board(&self) -> Board {
        Board::of(self)
    }

    /// Settings that several authorities report differently.
    pub fn disagreements(&self) -> &[Disagreement] {
        &self.disagreements
    }

    /// The day the picture shows.
    pub fn as_at(&self) -> Date {
        self.as_at
    }

    /// The rules vacancies were judged by.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// How many children each URN holds today.
    pub(crate) fn children_by_urn(&self) -> HashMap<&str, u64> {
        let names = self.children.names.by_number();
        let mut held = HashMap::new();
        for episode in self.children.by_child.values().filter_map(|child| child.now.as_ref()) {
            if let Some(&urn) = episode.urn.and_then(|urn| names.get(&urn)) {
                *held.entry(urn).or_default() += 1;
            }
        }
        held
    }
}

fn year_before(day: Date) -> Date {
    day.checked_sub(Span::new().months(12)).unwrap_or(Date::MIN)
}
