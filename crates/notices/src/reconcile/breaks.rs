//! Admissions for a short break, told from those that nobody gave notice of.
//!
//! The return shows a short break (903 LS V3) or an agreement on a series of them (V4), and by its own rule 903-214 mostly
//! not where. So a home that says that it is one is believed; else the same home, child and days tell. Where the return
//! leaves the home out, one break of about that day makes a doubt, and an agreement no more than a hint: many children have
//! one, and a child whom nobody gave notice of must not hide behind it.

use std::collections::HashMap;

use hub_domain::AuthorityCode;

use super::account::{Accounts, Break, Filed, Tolerance, day_number, may_be_alike};

/// What an admission that nothing else speaks of may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// A short break; which of those that the return shows, where one alone fits.
    Break(Option<usize>),
    /// Of so many breaks about that day, whose home the return does not say.
    Doubt(usize),
    /// No short break that anybody tells of. There are so many agreements on a series that it may be under.
    Other(usize),
}

/// Short breaks by who agreed to them and the child's birth month.
pub(super) struct Breaks<'a> {
    accounts: &'a Accounts,
    by_child: HashMap<(AuthorityCode, &'a str), Vec<usize>>,
}

impl<'a> Breaks<'a> {
    pub(super) fn of(accounts: &'a Accounts) -> Self {
        let mut by_child: HashMap<_, Vec<usize>> = HashMap::with_capacity(accounts.breaks.len());
        for (at, one) in accounts.breaks.iter().enumerate() {
            by_child.entry((one.placing, one.birth_month.as_str())).or_default().push(at);
        }
        Self { accounts, by_child }
    }

    /// What `filed` is. Work grows by the breaks looked at.
    pub(super) fn read(&self, filed: &Filed, tolerance: &Tolerance, work: &mut u64) -> Reading {
        let told = &filed.told;
        let key = told.placing.map(|placing| (placing, told.birth_month.as_str()));
        let known = key.and_then(|key| self.by_child.get(&key)).map(Vec::as_slice).unwrap_or_default();
        *work += known.len() as u64;
        let fits = |at: &&usize| self.accounts.breaks.get(**at).is_some_and(|one| fits(one, filed, tolerance));
        let fitting: Vec<usize> = known.iter().filter(fits).copied().collect();
        let home = |at: &usize| self.accounts.breaks.get(*at).and_then(|one| is_same_home(one, filed));
        let here: Vec<usize> = fitting.iter().filter(|at| home(at) == Some(true)).copied().collect();
        let unsaid: Vec<usize> = fitting.iter().filter(|at| home(at).is_none()).copied().collect();
        if filed.short_break || !here.is_empty() {
            return Reading::Break(only(&here).or_else(|| only(&unsaid).filter(|_| here.is_empty())));
        }
        let is_series = |at: &usize| self.accounts.breaks.get(*at).is_some_and(|one| one.is_series);
        let series = unsaid.iter().filter(|at| is_series(at)).count();
        match unsaid.len() - series {
            0 => Reading::Other(series),
            single => Reading::Doubt(single),
        }
    }
}

/// The one there is, where there is one alone.
fn only(all: &[usize]) -> Option<usize> {
    if let [only] = all { Some(*only) } else { None }
}

/// No known sex contradicts it, and the admission falls into the agreement, or begins with the break.
fn fits(one: &Break, filed: &Filed, tolerance: &Tolerance) -> bool {
    let (admitted, start) = (day_number(filed.told.start), day_number(one.start));
    let apart = (admitted - start).abs() <= tolerance.admission_days;
    let within = admitted >= start && one.end.is_none_or(|end| filed.told.start < end);
    may_be_alike(&one.sex, &filed.told.sex) && (apart || (one.is_series && within))
}

/// Whether both name one home; `None` where they name it in no common way.
fn is_same_home(one: &Break, filed: &Filed) -> Option<bool> {
    let urns = one.urn.as_deref().zip(filed.told.urn.as_deref());
    let settings = one.setting_ref.as_deref().zip(filed.told.setting_ref.as_deref());
    let mut named = [urns, settings].into_iter().flatten().peekable();
    named.peek()?;
    Some(named.any(|(a, b)| a == b))
}
