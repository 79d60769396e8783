//! One pass over every table, child by child.

use super::child::{Child, Rows};
use super::frame::Frame;
use super::rule::{Check, ReturnRule, Say};
use super::rules;
use super::table::{Return, Table, TableName, ad, dl, ep, mi, pp, re, sb, sw};
use super::verdict::{NotRun, ReturnFinding, Verdict};

/// Judges a return by every rule that can be asked of it. `last` is the return of the year before, if there is one.
pub fn judge(this: &Return, last: Option<&Return>, frame: Frame) -> Verdict {
    let mut verdict = Verdict::default();
    for rule in rules::all() {
        match lacks(rule, this, last) {
            None => verdict.ran.push(rule),
            Some(not) => verdict.not_run.push(not),
        }
    }
    let now = Sorted::of(Some(this));
    let before = Sorted::of(last);
    let (whole, by_child): (Vec<&'static ReturnRule>, Vec<_>) =
        verdict.ran.iter().partition(|rule| matches!(rule.check, Check::Whole(_)));
    for rule in whole {
        if let (Check::Whole(test), Some(table)) = (rule.check, this.given(rule.table)) {
            test(table, &mut Say { rule, findings: &mut verdict.findings });
        }
    }
    let mut cursor = Cursor::new(&now);
    let mut behind = Cursor::new(&before);
    while let Some(number) = cursor.next_child() {
        let tables = cursor.take(number);
        let last = behind.take(number);
        let mut child = Child { frame, tables: &tables, last: &last, continuous: false };
        child.continuous = child.is_continuous();
        for rule in &by_child {
            ask(rule, &child, &mut verdict.findings);
        }
    }
    verdict.findings.sort_by_key(|finding| (finding.table, finding.row));
    verdict
}

/// What a rule cannot do without and was not given.
fn lacks(rule: &'static ReturnRule, this: &Return, last: Option<&Return>) -> Option<NotRun> {
    let not = |table: TableName, last_year: bool| NotRun { rule, table, heading: None, last_year };
    let mut wanted = std::iter::once(&rule.table).chain(rule.needs);
    if let Some(name) = wanted.find(|name| this.given(**name).is_none()) {
        return Some(not(*name, false));
    }
    let mut before = rule.last.iter().filter(|name| last.is_none_or(|last| last.given(**name).is_none()));
    if let Some(name) = before.next() {
        return Some(not(*name, true));
    }
    let columnless = this.given(rule.table).is_some_and(|table| !table.has(rule.column));
    columnless.then(|| NotRun { heading: Some(rule.heading()), ..not(rule.table, false) })
}

fn ask(rule: &'static ReturnRule, child: &Child<'_>, findings: &mut Vec<ReturnFinding>) {
    let mut say = Say { rule, findings };
    match rule.check {
        Check::Each(test) => {
            for row in child.rows(rule.table).iter() {
                if test(row, child) {
                    say.row(row);
                }
            }
        }
        Check::Child(test) => test(child, &mut say),
        Check::Whole(_) => {}
    }
}

/// The rows of every table, by child and date.
struct Sorted<'r> {
    tables: Vec<(Option<&'r Table>, Vec<u32>)>,
}

impl<'r> Sorted<'r> {
    fn of(given: Option<&'r Return>) -> Self {
        let tables = TableName::ALL.iter().map(|name| given.and_then(|given| given.given(*name)));
        Self { tables: tables.map(|table| (table, table.map_or_else(Vec::new, order))).collect() }
    }
}

/// A row without a date comes after those that have one, as nothing says when it was.
fn order(table: &Table) -> Vec<u32> {
    let date = match table.name() {
        TableName::Episodes => ep::DECOM,
        TableName::Ad1 => ad::DATE_INT,
        TableName::ShouldBePlaced => sb::DATE_PLACED,
        TableName::PreviousPermanence => pp::DATE_PERM,
        TableName::Missing => mi::MIS_START,
        TableName::Reviews => re::REVIEW,
        TableName::SocialWorkers => sw::SW_DECOM,
        TableName::Liberty => dl::DOLO_START,
        // One row for each child: as they stand.
        TableName::Header | TableName::Uasc | TableName::Oc2 | TableName::Oc3 => usize::MAX,
    };
    let key = |row: u32| (table.child(row as usize), table.row(row).day(date).unwrap_or(i32::MAX), row);
    let mut rows: Vec<(u64, i32, u32)> = (0..table.len()).filter_map(|row| u32::try_from(row).ok()).map(key).collect();
    rows.sort_unstable();
    rows.into_iter().map(|(.., row)| row).collect()
}

/// How far each table has been read.
struct Cursor<'s, 'r> {
    sorted: &'s Sorted<'r>,
    at: Vec<usize>,
}

impl<'s, 'r> Cursor<'s, 'r> {
    fn new(sorted: &'s Sorted<'r>) -> Self {
        Self { sorted, at: vec![0; sorted.tables.len()] }
    }

    /// The lowest child not yet taken.
    fn next_child(&self) -> Option<u64> {
        let next = |((table, order), at): (&(Option<&Table>, Vec<u32>), &usize)| {
            let row = order.get(*at)?;
            table.map(|table| table.child(*row as usize))
        };
        self.sorted.tables.iter().zip(&self.at).filter_map(next).min()
    }

    /// Its rows of every table; those of lower children are passed over.
    fn take(&mut self, child: u64) -> Vec<Rows<'s>>
    where
        'r: 's,
    {
        let mut all = Vec::with_capacity(self.at.len());
        for ((table, order), at) in self.sorted.tables.iter().zip(&mut self.at) {
            let number = |row: &u32| table.map_or(0, |table| table.child(*row as usize));
            let rest = order.get(*at..).unwrap_or_default();
            let below = rest.iter().take_while(|row| number(row) < child).count();
            let rest = rest.get(below..).unwrap_or_default();
            let own = rest.iter().take_while(|row| number(row) == child).count();
            *at += below + own;
            all.push(Rows { table: *table, order: rest.get(..own).unwrap_or_default() });
        }
        all
    }
}
