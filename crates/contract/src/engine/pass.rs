//! One pass: each row read, judged, written as a record and handed on.

use super::blanks::Blanks;
use super::read::read;
use super::value::{Context, Row, Value};
use super::{Accepted, Op, Outcome, Settings};
use crate::input::{Failure, Fault, Format, Refusal, Rows};
use crate::model::{Column, Contract, Severity};
use crate::report::{Detail, Report, Spot, Tally};
use crate::rules::{self, Broken, Judge, general};
use crate::sets::{self, Gather, Seen};

type Sink<'s> = dyn FnMut(Accepted<'_>) -> std::io::Result<()> + 's;

/// A breach found in the row at hand.
#[derive(Debug, Clone, Copy)]
struct Hit {
    rule: u16,
    column: Option<usize>,
    detail: Detail,
}

/// A pass under way. Buffers are used again for every row.
pub(super) struct Pass<'c> {
    contract: &'c Contract,
    context: Context,
    judge: Judge,
    /// The number in the contract of each rule that `judge` runs; one that the contract does not list says nothing.
    numbers: Vec<Option<u16>>,
    broken: Broken,
    /// Columns whose codes hold for part of the years only.
    dated: Vec<usize>,
    tally: Tally<'c>,
    report: Report,
    set: Box<dyn Gather>,
    values: Vec<Value>,
    hits: Vec<Hit>,
    blanks: Blanks,
    body: Vec<u8>,
    key: Vec<u8>,
    rejected_keys: Vec<String>,
}

impl<'c> Pass<'c> {
    pub(super) fn new(contract: &'c Contract, settings: &Settings, format: Format) -> Self {
        let (ids, judge) = contract.dataset.map_or((Vec::new(), rules::no_rules as Judge), rules::row_rules);
        let number = |id: &str| (0..).zip(&contract.rules).find(|(_, rule)| rule.id == id).map(|(number, _)| number);
        let dated = |column: &Column| column.codes.as_ref().is_some_and(crate::model::code::CodeList::is_dated);
        Self {
            contract,
            context: settings.context(),
            judge,
            numbers: ids.into_iter().map(number).collect(),
            broken: Broken::default(),
            dated: contract.columns.iter().enumerate().filter(|(_, column)| dated(column)).map(|(at, _)| at).collect(),
            tally: Tally::new(contract, settings.finding_cap),
            report: Report::blank(contract, settings, format),
            set: sets::gather(contract),
            values: vec![Value::Blank; contract.columns.len()],
            hits: Vec::new(),
            blanks: Blanks::of(contract),
            body: Vec::new(),
            key: Vec::new(),
            rejected_keys: Vec::new(),
        }
    }

    /// Runs to the end of the rows.
    pub(super) fn run(mut self, mut rows: impl Rows, sink: &mut Sink<'_>) -> Result<Outcome, Failure> {
        let mut row = 0_u64;
        while rows.advance()? {
            row += 1;
            if rows.has_op() && !self.context.is_changes {
                return Err(unexpected_op().into());
            }
            if rows.is_blank() {
                self.report.rows.blank += 1;
                let spot = Spot { row: Some(row), line: Some(rows.line()), ..Spot::default() };
                self.tally.record(general::BLANK_ROW, spot, Detail::None);
                continue;
            }
            self.take(row, &rows, sink)?;
        }
        let absent = self.contract.columns.iter().enumerate().filter(|(at, _)| !rows.has_column(*at));
        self.report.columns_absent = absent.map(|(_, column)| column.name.clone()).collect();
        Ok(self.finish())
    }

    fn take(&mut self, row: u64, rows: &impl Rows, sink: &mut Sink<'_>) -> Result<(), Failure> {
        self.report.rows.read += 1;
        self.hits.clear();
        let op = self.read_op(rows.op());
        self.read_faults(rows.faults());
        self.read_cells(rows, op);
        self.judge_codes();
        if op == Op::Upsert {
            self.judge_row();
        }
        let rejected = self.record_hits(row, rows);
        let key_read = self.write_key(rows);
        let facts = Row { values: &self.values, context: &self.context };
        let number = u32::try_from(row).unwrap_or(u32::MAX);
        let line = u32::try_from(rows.line()).unwrap_or(u32::MAX);
        if key_read {
            self.set.take(
                &facts,
                Seen { row: number, line, rejected, deletes: op == Op::Delete, key: super::hash(&self.key) },
            );
        }
        if rejected {
            self.report.rows.rejected += 1;
            if key_read {
                self.rejected_keys.push(String::from_utf8_lossy(&self.key).into_owned());
            }
            return Ok(());
        }
        self.hand_on(row, op, sink)
    }

    fn read_op(&mut self, cell: &[u8]) -> Op {
        match cell {
            b"" | b"upsert" => Op::Upsert,
            b"delete" => Op::Delete,
            _ => {
                self.hits.push(Hit { rule: general::OPERATION, column: None, detail: Detail::None });
                Op::Upsert
            }
        }
    }

    fn read_faults(&mut self, faults: &[Fault]) {
        self.hits.extend(faults.iter().map(|fault| match *fault {
            Fault::CellCount => Hit { rule: general::CELL_COUNT, column: None, detail: Detail::None },
            Fault::JsonType(column) => Hit { rule: general::FIELD_TYPE, column: Some(column), detail: Detail::None },
            Fault::FieldTwice(column) => Hit { rule: general::FIELD_TWICE, column: Some(column), detail: Detail::None },
        }));
    }

    /// Reads every cell into `values` and writes the record body. A deleting row needs its key only.
    fn read_cells(&mut self, rows: &impl Rows, op: Op) {
        self.context.sent = rows.sent();
        self.body.clear();
        self.body.push(b'[');
        let mut written = 0;
        for ((at, column), slot) in self.contract.columns.iter().enumerate().zip(&mut self.values) {
            let wanted = op == Op::Upsert || self.contract.key.contains(&at);
            let cell = if wanted { rows.cell(at) } else { b"" };
            if !rows.faults().is_empty() && rows.faults().contains(&Fault::JsonType(at)) {
                *slot = Value::Bad;
                continue;
            }
            *slot = Value::Blank;
            let missed = match cell {
                b"" if wanted && column.required => Some((general::REQUIRED, Detail::Form)),
                b"" => None,
                filled => {
                    self.body.extend_from_slice(self.blanks.between(written, at));
                    written = at + 1;
                    read(column, filled, &mut self.body, slot).err().map(|miss| miss.told())
                }
            };
            if let Some((rule, detail)) = missed {
                self.hits.push(Hit { rule, column: Some(at), detail });
            }
        }
        self.body.extend_from_slice(self.blanks.to_the_last(written));
        self.body.push(b']');
    }

    /// Codes that hold for some years only must hold on a day of the episode, and still hold while it is open.
    fn judge_codes(&mut self) {
        let Some((from, until)) = self.contract.period else { return };
        let row = Row { values: &self.values, context: &self.context };
        let Some(start) = row.day(from) else { return };
        let end = row.day(until);
        let last = end.map_or(self.context.as_at, |end| end - 1).max(start);
        for &at in &self.dated {
            let Some(column) = self.contract.columns.get(at) else { continue };
            let Some(entry) = column.codes.as_ref().and_then(|codes| codes.at(row.place(at))) else { continue };
            if entry.first > last || entry.last < start {
                let detail = Detail::Say("it is of other collection years than the episode's");
                self.hits.push(Hit { rule: column.rule, column: Some(at), detail });
            } else if row.is_blank(until) && entry.last < self.context.as_at {
                self.hits.push(Hit { rule: general::CODE_LAPSED, column: Some(at), detail: Detail::None });
            }
        }
    }

    fn judge_row(&mut self) {
        let row = Row { values: &self.values, context: &self.context };
        (self.judge)(&row, &mut self.broken);
        let before = self.hits.len();
        for (rule, column) in self.broken.drain() {
            if let Some(rule) = self.numbers.get(rule).copied().flatten() {
                self.hits.push(Hit { rule, column: Some(column), detail: Detail::None });
            }
        }
        // In the order of the contract: findings beyond the cap are those that come last.
        self.hits.get_mut(before..).unwrap_or_default().sort_by_key(|hit| hit.rule);
    }

    /// Counts the row's findings. `true` when one of them is an error.
    fn record_hits(&mut self, row: u64, rows: &impl Rows) -> bool {
        let mut rejected = false;
        for hit in &self.hits {
            let severity = self.contract.rules.get(usize::from(hit.rule)).map(|rule| rule.severity);
            rejected |= severity == Some(Severity::Error);
            let cell = hit.column.map(|column| rows.cell(column)).filter(|_| hit.rule != general::FIELD_TYPE);
            let spot = Spot { row: Some(row), line: Some(rows.line()), column: hit.column, cell };
            self.tally.record(hit.rule, spot, hit.detail);
        }
        rejected
    }

    /// Writes the key from its cells. `false` when one of them could not be read.
    fn write_key(&mut self, rows: &impl Rows) -> bool {
        self.key.clear();
        for (at, &column) in self.contract.key.iter().enumerate() {
            if at > 0 {
                self.key.push(b'/');
            }
            let required = self.contract.columns.get(column).is_some_and(|column| column.required);
            match self.values.get(column) {
                Some(Value::Bad) | None => return false,
                Some(Value::Blank) if required => return false,
                Some(_) => self.key.extend_from_slice(rows.cell(column)),
            }
        }
        true
    }

    fn hand_on(&mut self, row: u64, op: Op, sink: &mut Sink<'_>) -> Result<(), Failure> {
        let not_text = |_| Failure::Read(std::io::ErrorKind::InvalidData.into());
        let key = std::str::from_utf8(&self.key).map_err(not_text)?;
        let body = std::str::from_utf8(&self.body).map_err(not_text)?;
        self.report.rows.accepted += 1;
        self.report.rows.deletes += u64::from(op == Op::Delete);
        sink(Accepted { row, op, key, body }).map_err(Failure::Sink)
    }

    fn finish(mut self) -> Outcome {
        let mut excluded = self.set.finish(self.contract, &self.context, &mut self.tally);
        excluded.sort_unstable();
        excluded.dedup();
        let count = u64::try_from(excluded.len()).unwrap_or(0);
        self.report.rows.accepted -= count;
        self.report.rows.rejected += count;
        (self.report.rules, self.report.findings) = self.tally.finish();
        self.rejected_keys.sort_unstable();
        self.rejected_keys.dedup();
        Outcome { report: self.report, excluded, rejected_keys: self.rejected_keys }
    }
}

fn unexpected_op() -> Refusal {
    let detail = "The submission has an _op column, but its mode is not changes.";
    let fix = "Send it with mode=changes, or leave the column out.";
    Refusal::new("unexpected-op", "_op outside mode=changes", detail, fix).in_column("_op")
}
