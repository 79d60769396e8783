//! One child's rows of every table, and what several rules ask of them.

use super::frame::Frame;
use super::table::{Row, Table, TableName, ep, hd};
use crate::model::code::Code;
use crate::rules::placements::codes::is_short_break;

/// One child's rows of one table, in the order of their dates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) table: Option<&'a Table>,
    pub(super) order: &'a [u32],
}

impl<'a> Rows<'a> {
    pub(super) fn iter(self) -> impl DoubleEndedIterator<Item = Row<'a>> + Clone {
        let Self { table, order } = self;
        order.iter().filter_map(move |row| table.map(|table| table.row(*row)))
    }

    pub(super) fn first(self) -> Option<Row<'a>> {
        self.iter().next()
    }

    pub(super) fn last(self) -> Option<Row<'a>> {
        self.iter().next_back()
    }

    pub(super) const fn is_empty(self) -> bool {
        self.order.is_empty()
    }

    /// Each row with the one before it.
    pub(super) fn pairs(self) -> impl Iterator<Item = (Row<'a>, Row<'a>)> {
        self.iter().zip(self.iter().skip(1))
    }
}

/// A time looked after without a break, agreed short breaks apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Period {
    pub(super) begins: i32,
    /// `None` while it goes on.
    pub(super) ends: Option<i32>,
}

/// Everything of one child, this year's and last year's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Child<'a> {
    pub(super) frame: Frame,
    pub(super) tables: &'a [Rows<'a>],
    pub(super) last: &'a [Rows<'a>],
    /// Begin of the period that reaches back twelve months from the last day known, if there is one.
    pub(super) continuous: bool,
}

fn of<'a>(tables: &'a [Rows<'a>], name: TableName) -> Rows<'a> {
    let at = TableName::ALL.iter().position(|known| *known == name);
    at.and_then(|at| tables.get(at)).copied().unwrap_or(Rows { table: None, order: &[] })
}

impl<'a> Child<'a> {
    pub(super) fn rows(&self, name: TableName) -> Rows<'a> {
        of(self.tables, name)
    }

    /// Last year's.
    pub(super) fn last(&self, name: TableName) -> Rows<'a> {
        of(self.last, name)
    }

    pub(super) fn episodes(&self) -> impl DoubleEndedIterator<Item = Row<'a>> + Clone {
        self.rows(TableName::Episodes).iter()
    }

    pub(super) fn header(&self) -> Option<Row<'a>> {
        self.rows(TableName::Header).first()
    }

    /// The day of birth, as the header has it.
    pub(super) fn born(&self) -> Option<i32> {
        self.header()?.day(hd::DOB)
    }

    pub(super) fn sex(&self) -> Code {
        self.header().map_or(NOTHING, |row| row.code(hd::SEX))
    }

    /// The times looked after, oldest first, of the episodes whose start can be read; agreed short breaks apart.
    pub(super) fn periods(&self) -> Vec<Period> {
        self.joined(|episode| !is_short_break(episode.code(ep::LS)))
    }

    /// As [`periods`](Self::periods), short breaks among them.
    pub(super) fn spells(&self) -> Vec<Period> {
        self.joined(|_| true)
    }

    fn joined(&self, counts: fn(Row<'_>) -> bool) -> Vec<Period> {
        let mut periods: Vec<Period> = Vec::new();
        for episode in self.episodes().filter(|episode| counts(*episode)) {
            let Some(begins) = episode.day(ep::DECOM) else { continue };
            let ends = episode.day(ep::DEC);
            match periods.last_mut() {
                Some(last) if last.ends.is_none_or(|ended| begins <= ended) => last.ends = ends,
                _ => periods.push(Period { begins, ends }),
            }
        }
        periods
    }

    /// Looked after on the last day known.
    pub(super) fn is_open(&self) -> bool {
        self.periods().last().is_some_and(|period| period.ends.is_none_or(|ended| ended > self.frame.until))
    }

    /// Looked after for the twelve months that end on the last day known.
    pub(super) fn is_continuous(&self) -> bool {
        let back = self.frame.year_back();
        self.periods()
            .iter()
            .any(|period| period.begins <= back && period.ends.is_none_or(|ended| ended > self.frame.until))
    }
}

/// The code of a blank cell.
pub(super) const NOTHING: Code = Code(0);
