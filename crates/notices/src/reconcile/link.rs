//! Admissions, joined to stays and notices: by the notice they quote, else by one match alone.
//!
//! The host cannot know the placing authority's pseudonym. What both hold is who placed, which home, when, and the
//! child's birth month and sex. A match counts when it is the only one on both sides; anything else stays in doubt, for a
//! wrong join would show one authority another's child (decision 0011).

use std::collections::HashMap;

use hub_domain::AuthorityCode;
use uuid::Uuid;

use super::account::{Accounts, Filed, Told, Tolerance, day_number};
use super::breaks::{Breaks, Reading};
use super::join::{Group, Joined};
use super::words::Doubt;

/// A home as two accounts may both name it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Home<'a> {
    Urn(&'a str),
    Setting(&'a str),
}

/// Who, where, whose birth month, from which day. Who is the placing authority; where the home names none, the host.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key<'a> {
    placing: Option<AuthorityCode>,
    host: Option<AuthorityCode>,
    home: Home<'a>,
    /// Empty where nobody has told the hub.
    birth_month: &'a str,
    /// `None` where the feed shows it from its middle.
    day: Option<i64>,
}

/// Groups by what an admission may know of them.
struct Index<'a> {
    accounts: &'a Accounts,
    by_notice: HashMap<Uuid, usize>,
    by_key: HashMap<Key<'a>, Vec<usize>>,
}

/// Joins each admission to a group, gives it one of its own, or leaves it in doubt.
pub(super) fn link(joined: &mut Joined, accounts: &Accounts, tolerance: &Tolerance) {
    let index = Index::of(&joined.groups, accounts, &mut joined.work);
    let mut open = Vec::new();
    let mut quoting: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, filed) in accounts.admissions.iter().enumerate() {
        // The host's own children: reg 41 asks for no notice of them.
        if filed.told.placing == Some(filed.told.host) {
            continue;
        }
        match index.quoted(filed, &joined.groups) {
            Quoted::Group(group) => quoting.entry(group).or_default().push(at),
            Quoted::AnotherChild => open.push((at, true)),
            Quoted::Nothing => open.push((at, false)),
        }
    }
    for (group, admissions) in quoting {
        match admissions.as_slice() {
            [only] => joined.claim(group, *only),
            several => several.iter().for_each(|at| joined.doubt(*at, Doubt::Several, &[group])),
        }
    }
    let fits = fits(joined, &index, &open, tolerance);
    let alone = settle(joined, &fits);
    let breaks = Breaks::of(accounts);
    for admission in alone {
        let Some(filed) = accounts.admissions.get(admission) else { continue };
        match breaks.read(filed, tolerance, &mut joined.work) {
            Reading::Break(which) => joined.breaks.push((admission, which)),
            Reading::Doubt(candidates) => {
                let candidates = u32::try_from(candidates).unwrap_or(u32::MAX);
                joined.doubts.push((admission, Doubt::MayBeShortBreak, candidates));
            }
            Reading::Other(series) => {
                joined.groups.push(Group { admission: Some(admission), series, ..Group::default() });
            }
        }
    }
}

/// An admission that quotes no notice it can be joined by, and the groups it may be of.
struct Fits {
    admission: usize,
    /// It quotes a notice of another child.
    contradicted: bool,
    /// It names the placing authority.
    named: bool,
    /// One of the groups is of a child whose birth month the hub does not know.
    unconfirmed: bool,
    /// Groups without an admission.
    free: Vec<usize>,
    /// Groups that have one already.
    taken: Vec<usize>,
}

fn fits(joined: &mut Joined, index: &Index<'_>, open: &[(usize, bool)], tolerance: &Tolerance) -> Vec<Fits> {
    let mut fits = Vec::with_capacity(open.len());
    for &(admission, contradicted) in open {
        let Some(filed) = index.accounts.admissions.get(admission) else { continue };
        let found = index.fitting(filed, &joined.groups, tolerance, &mut joined.work);
        let is_free = |at: &usize| joined.groups.get(*at).is_some_and(|group| group.admission.is_none());
        let (free, taken): (Vec<usize>, Vec<usize>) = found.into_iter().partition(is_free);
        let unknown = |at: &usize| joined.groups.get(*at).is_some_and(|group| is_unknown(group, index.accounts));
        let unconfirmed = free.iter().any(unknown);
        fits.push(Fits { admission, contradicted, named: filed.told.placing.is_some(), unconfirmed, free, taken });
    }
    fits
}

/// Nobody has told the hub the child's birth month.
fn is_unknown(group: &Group, accounts: &Accounts) -> bool {
    group.placed(accounts).into_iter().flatten().all(|placed| placed.told.birth_month.is_empty())
}

/// What is left when the quoted notices are joined: one match on both sides, or none, or a doubt. The admissions that
/// nothing fits.
fn settle(joined: &mut Joined, fits: &[Fits]) -> Vec<usize> {
    let mut alone = Vec::new();
    let mut suitors: HashMap<usize, u32> = HashMap::new();
    for group in fits.iter().flat_map(|fits| &fits.free) {
        *suitors.entry(*group).or_default() += 1;
    }
    for fits in fits {
        match (fits.free.as_slice(), fits.taken.as_slice()) {
            ([], []) if fits.contradicted => joined.doubt(fits.admission, Doubt::ReferenceContradicted, &[]),
            ([], []) => alone.push(fits.admission),
            (free, taken) if !fits.named => {
                joined.doubt(fits.admission, Doubt::PlacingNotNamed, &[free, taken].concat());
            }
            (free, _) if fits.unconfirmed => joined.doubt(fits.admission, Doubt::Unconfirmed, free),
            ([only], _) if suitors.get(only) == Some(&1) => joined.claim(*only, fits.admission),
            (free, taken) => joined.doubt(fits.admission, Doubt::Several, &[free, taken].concat()),
        }
    }
    alone
}

/// What the quoted notice says.
enum Quoted {
    /// This group's.
    Group(usize),
    /// One of another placing authority, or of a child of another birth month or sex.
    AnotherChild,
    /// None is quoted, or none that the hub knows.
    Nothing,
}

impl<'a> Index<'a> {
    fn of(groups: &[Group], accounts: &'a Accounts, work: &mut u64) -> Self {
        let mut by_notice = HashMap::with_capacity(groups.len());
        let mut by_key: HashMap<Key<'a>, Vec<usize>> = HashMap::with_capacity(groups.len() * 2);
        let placed =
            groups.iter().enumerate().flat_map(|(at, group)| group.placed(accounts).map(|placed| (at, placed)));
        for (at, placed) in placed.filter_map(|(at, placed)| Some((at, placed?))) {
            by_notice.insert(placed.id, at);
            let day = placed.told.start_known.then(|| day_number(placed.told.start));
            for key in keys(&placed.told, &placed.told.birth_month, day) {
                *work += 1;
                by_key.entry(key).or_default().push(at);
            }
        }
        Self { accounts, by_notice, by_key }
    }

    fn quoted(&self, filed: &Filed, groups: &[Group]) -> Quoted {
        let at = filed.notice_ref.and_then(|id| self.by_notice.get(&id));
        let Some((at, group)) = at.and_then(|at| Some((*at, groups.get(*at)?))) else { return Quoted::Nothing };
        let concerns = |told: &Told| {
            let placed_by = filed.told.placing.is_none_or(|placing| told.placing == Some(placing));
            placed_by && told.may_be_same_child(&filed.told)
        };
        let mut placed = group.placed(self.accounts).into_iter().flatten();
        if placed.all(|placed| concerns(&placed.told)) { Quoted::Group(at) } else { Quoted::AnotherChild }
    }

    /// The groups that an admission may be of, each once.
    fn fitting(&self, filed: &Filed, groups: &[Group], tolerance: &Tolerance, work: &mut u64) -> Vec<usize> {
        let told = &filed.told;
        let start = day_number(told.start);
        let mut found = Vec::new();
        let near = start - tolerance.admission_days..=start + tolerance.admission_days;
        let days = near.map(Some).chain([None]);
        let asked = days.flat_map(|day| [(day, told.birth_month.as_str()), (day, "")]);
        let asked = asked.flat_map(|(day, month)| keys(told, month, day));
        for key in asked.filter(|key| key.host.is_none() == told.placing.is_some()) {
            *work += 1;
            found.extend(self.by_key.get(&key).into_iter().flatten().copied());
        }
        found.sort_unstable();
        found.dedup();
        *work += found.len() as u64;
        found.retain(|at| {
            groups.get(*at).is_some_and(|group| {
                let mut placed = group.placed(self.accounts).into_iter().flatten();
                placed.all(|placed| placed.told.may_be_same_child(told) && may_be_there(&placed.told, told))
            })
        });
        found
    }
}

/// What an account can be found by: each name of the home, under the placing authority and under the host.
fn keys<'a>(told: &'a Told, birth_month: &'a str, day: Option<i64>) -> impl Iterator<Item = Key<'a>> {
    let homes = [told.urn.as_deref().map(Home::Urn), told.setting_ref.as_deref().map(Home::Setting)];
    homes.into_iter().flatten().flat_map(move |home| {
        let key = Key { placing: told.placing, host: None, home, birth_month, day };
        [key, Key { placing: None, host: Some(told.host), ..key }]
    })
}

/// A stay that the feed shows from its middle began before; the child cannot have left before then.
fn may_be_there(placed: &Told, filed: &Told) -> bool {
    placed.start_known || (filed.start <= placed.start && filed.end.is_none_or(|end| end > placed.start))
}
