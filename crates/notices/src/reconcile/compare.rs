//! From joined accounts to discrepancies.

use hub_domain::{AuthorityCode, Date, PlacementClass};

use super::Reconciled;
use super::account::{Accounts, Break, Filed, Placed, Told, Tolerance, day_number};
use super::discrepancy::{Discrepancy, Said};
use super::join::{Group, Joined};
use super::words::{Actor, DiscrepancyKind as Kind, Doubt, Field};
use crate::Notice;
use uuid::Uuid;

/// What each account says of one fact: episode, notice, admission.
type Values = [Option<String>; 3];

/// Everything that does not agree, in no order.
pub(super) fn compare(joined: &Joined, accounts: &Accounts, tolerance: &Tolerance) -> Reconciled {
    let judge = Judge { accounts, tolerance };
    let mut found = Reconciled::default();
    for group in &joined.groups {
        found.work += 1;
        note_admission(group, accounts, &mut found);
        if judge.is_history(group) {
            continue;
        }
        let before = found.discrepancies.len();
        judge.missing(group, &mut found.discrepancies);
        judge.mismatches(group, &mut found.discrepancies);
        if found.discrepancies.len() == before && group.stay.is_some() && group.notice.is_some() {
            found.agreed += 1;
        }
    }
    for &(at, doubt, candidates) in &joined.doubts {
        let Some(filed) = accounts.admissions.get(at) else { continue };
        if !judge.is_over(&filed.told) {
            found.discrepancies.push(in_doubt(filed, doubt, candidates));
        }
    }
    for &(at, which) in &joined.breaks {
        let Some(filed) = accounts.admissions.get(at) else { continue };
        found.breaks.push(at);
        if !judge.is_over(&filed.told) {
            found.discrepancies.push(short_break(filed, which.and_then(|which| accounts.breaks.get(which))));
        }
    }
    found
}

/// Which notice or stay an admission is of, or that it is of none.
fn note_admission(group: &Group, accounts: &Accounts, found: &mut Reconciled) {
    let Some(admission) = group.admission else { return };
    let [stay, notice] = group.placed(accounts);
    match notice.or(stay) {
        Some(placed) => found.joined.push((admission, placed.id)),
        None => found.alone.push(admission),
    }
}

struct Judge<'a> {
    accounts: &'a Accounts,
    tolerance: &'a Tolerance,
}

impl Judge<'_> {
    /// Every account says that it ended long ago.
    fn is_history(&self, group: &Group) -> bool {
        group.told(self.accounts).into_iter().flatten().all(|told| self.is_over(told))
    }

    fn is_over(&self, told: &Told) -> bool {
        let (Some(end), Some(as_at)) = (told.end, self.accounts.as_at) else { return false };
        day_number(end) + self.tolerance.history_days < day_number(as_at)
    }

    fn missing(&self, group: &Group, found: &mut Vec<Discrepancy>) {
        let [stay, notice, admission] = group.told(self.accounts);
        let kind = match (stay, notice) {
            (Some(stay), None) if stay.owed.notice => Some((Kind::MissingNotice, Actor::Placing)),
            (None, Some(notice)) if notice.owed.episode && self.should_show(notice) => {
                Some((Kind::MissingEpisode, Actor::Placing))
            }
            (None, None) => {
                let named = admission.is_some_and(|admission| admission.placing.is_some());
                Some((Kind::ProviderOnly, if named { Actor::Placing } else { Actor::Host }))
            }
            _ => None,
        };
        found.extend(kind.and_then(|(kind, act)| self.found(group, kind, None, (starts(group, self.accounts), act))));
        let silent = admission.is_none() && !group.doubted;
        if silent && stay.or(notice).is_some_and(|told| self.should_be_filed(told)) {
            let said = (starts(group, self.accounts), Actor::Provider);
            found.extend(self.found(group, Kind::MissingAdmission, None, said));
        }
    }

    /// The placing authority's episodes reach the start of what its notice tells.
    fn should_show(&self, notice: &Told) -> bool {
        let heard = notice.placing.and_then(|placing| self.accounts.heard.placements.get(&placing));
        heard.is_some_and(|to| day_number(*to) >= day_number(notice.start) + self.tolerance.grace_days)
    }

    /// The host files what homes tell it, and has filed past the start.
    fn should_be_filed(&self, told: &Told) -> bool {
        let heard = self.accounts.heard.admissions.get(&told.host);
        told.owed.admission
            && heard.is_some_and(|(from, to)| {
                told.start >= *from && day_number(*to) >= day_number(told.start) + self.tolerance.grace_days
            })
    }

    fn mismatches(&self, group: &Group, found: &mut Vec<Discrepancy>) {
        for field in Field::ALL {
            let values = match field {
                Field::End => self.ends(group),
                Field::Start => self.starts(group),
                Field::Host | Field::Sector | Field::Urn | Field::Class => {
                    group.told(self.accounts).map(|told| told.and_then(|told| value(told, *field)))
                }
            };
            if differ(&values) {
                let act = actor(*field, &values);
                found.extend(self.found(group, Kind::Mismatch, Some(*field), (values, act)));
            }
        }
    }

    /// The starts. The first day that the feed happens to show is none, and a register entry made of it neither.
    fn starts(&self, group: &Group) -> Values {
        let told = group.told(self.accounts);
        let shown = told[0].filter(|stay| !stay.start_known).map(|stay| stay.start);
        told.map(|told| {
            told.map(|told| told.start).filter(|start| Some(*start) != shown).map(|start| start.to_string())
        })
    }

    /// The ends, where one account tells of an end and another has come far enough to tell of it too.
    fn ends(&self, group: &Group) -> Values {
        let told = group.told(self.accounts);
        let Some(first) = told.into_iter().flatten().filter_map(|told| told.end).min() else {
            return Values::default();
        };
        let reached = [self.episodes_to(told[0]), self.notices_to(), self.admissions_to(told[2])];
        let mut values = Values::default();
        for ((value, told), reached) in values.iter_mut().zip(told).zip(reached) {
            *value = told.and_then(|told| match told.end {
                Some(end) => Some(end.to_string()),
                None => (reached? >= day_number(first)).then(|| OPEN.to_owned()),
            });
        }
        values
    }

    fn episodes_to(&self, stay: Option<&Told>) -> Option<i64> {
        let to = self.accounts.heard.placements.get(&stay?.placing?)?;
        Some(day_number(*to) - self.tolerance.grace_days)
    }

    fn notices_to(&self) -> Option<i64> {
        Some(day_number(self.accounts.as_at?) - self.tolerance.ending_days)
    }

    fn admissions_to(&self, admission: Option<&Told>) -> Option<i64> {
        let (_, to) = self.accounts.heard.admissions.get(&admission?.host)?;
        Some(day_number(*to) - self.tolerance.grace_days)
    }

    fn found(
        &self,
        group: &Group,
        kind: Kind,
        field: Option<Field>,
        ([episode, notice, admission], act): (Values, Actor),
    ) -> Option<Discrepancy> {
        let [stay, given] = group.placed(self.accounts);
        let placed: Option<&Placed> = given.or(stay);
        let filed: Option<&Filed> = group.admission.and_then(|at| self.accounts.admissions.get(at));
        let told = group.told(self.accounts);
        let series = Some(group.series).filter(|series| kind == Kind::ProviderOnly && *series > 0);
        let subject = placed.map(|placed| placed.id.to_string()).or_else(|| filed.map(subject_of))?;
        Some(Discrepancy {
            id: Discrepancy::id_of(kind, field, &subject),
            kind,
            field,
            doubt: series.map(|_| Doubt::MayBeShortBreak),
            candidates: series.map(|series| u32::try_from(series).unwrap_or(u32::MAX)),
            placing: told.into_iter().flatten().find_map(|told| told.placing),
            hosts: hosts(told),
            child_ref: placed.map(|placed| placed.child_ref.clone()),
            notice: placed.map(|placed| placed.id).or_else(|| filed.and_then(shell_of)),
            admission_ref: filed.map(|filed| filed.admission_ref.clone()),
            said: Said { episode, notice, admission },
            act,
            since: since(told, field)?,
        })
    }
}

/// An account that says nothing of an end, though it has come far enough.
const OPEN: &str = "open";

fn starts(group: &Group, accounts: &Accounts) -> Values {
    group.told(accounts).map(|told| told.map(|told| told.start.to_string()))
}

fn value(told: &Told, field: Field) -> Option<String> {
    match field {
        Field::Start | Field::End => None,
        Field::Host => Some(told.host.to_string()),
        Field::Sector => told.sector.clone(),
        Field::Urn => told.urn.clone(),
        Field::Class => told.class.filter(|class| *class != PlacementClass::Unknown).map(|class| class.to_string()),
    }
}

/// Two accounts say something, and not the same.
fn differ(values: &Values) -> bool {
    let mut said = values.iter().flatten();
    said.next().is_some_and(|first| said.any(|other| other != first))
}

/// The home, where the placing authority's own accounts agree and only the home's differs; else the placing authority. In
/// whose area it stands a home knows, so a host told in error is always the placing authority's to mend.
fn actor(field: Field, [episode, notice, admission]: &Values) -> Actor {
    let differs_alone = admission.is_some() && episode.is_some() && episode == notice;
    if field != Field::Host && differs_alone { Actor::Provider } else { Actor::Placing }
}

fn hosts(told: [Option<&Told>; 3]) -> Vec<AuthorityCode> {
    let mut hosts: Vec<AuthorityCode> = told.into_iter().flatten().map(|told| told.host).collect();
    hosts.sort_unstable();
    hosts.dedup();
    hosts
}

/// An end is in dispute from the first day that anybody says it ended, anything else from the first that began.
fn since(told: [Option<&Told>; 3], field: Option<Field>) -> Option<Date> {
    let told = told.into_iter().flatten();
    if field == Some(Field::End) { told.filter_map(|told| told.end).min() } else { told.map(|told| told.start).min() }
}

fn subject_of(filed: &Filed) -> String {
    format!("{}/{}", filed.told.host, filed.admission_ref)
}

/// The notice that the hub opens of an admission that nothing else speaks of.
fn shell_of(filed: &Filed) -> Option<Uuid> {
    let Told { placing, start, host, .. } = filed.told;
    Some(Notice::id_of(placing?, &filed.child_ref(), start, host))
}

/// Of which nobody owes anybody word: listed as what it is.
fn short_break(filed: &Filed, shown: Option<&Break>) -> Discrepancy {
    let episode = shown.map(|one| one.start.to_string());
    Discrepancy {
        id: Discrepancy::id_of(Kind::ShortBreak, None, &subject_of(filed)),
        kind: Kind::ShortBreak,
        doubt: None,
        candidates: None,
        child_ref: shown.map(|one| one.child_ref.clone()),
        said: Said { episode, notice: None, admission: Some(filed.told.start.to_string()) },
        act: Actor::Nobody,
        ..in_doubt(filed, Doubt::MayBeShortBreak, 0)
    }
}

fn in_doubt(filed: &Filed, doubt: Doubt, candidates: u32) -> Discrepancy {
    Discrepancy {
        id: Discrepancy::id_of(Kind::Ambiguous, None, &subject_of(filed)),
        kind: Kind::Ambiguous,
        field: None,
        doubt: Some(doubt),
        candidates: Some(candidates),
        placing: filed.told.placing,
        hosts: vec![filed.told.host],
        child_ref: None,
        notice: None,
        admission_ref: Some(filed.admission_ref.clone()),
        said: Said { admission: Some(filed.told.start.to_string()), ..Said::default() },
        act: Actor::Host,
        since: filed.told.start,
    }
}
