//! Reads the embedded lists once and keeps them where a look-up is a few comparisons of integers.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{Code, CodeList, PlacementGroup};
use crate::table;

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let codes = table::rows::<Row>(include_str!("../../data/codes.csv")).into_iter().map(Code::from).collect();
    Lists::of(codes)
});

#[derive(Deserialize)]
struct Row {
    list: CodeList,
    code: String,
    meaning: String,
    first_year: Option<i16>,
    last_year: Option<i16>,
    tolerated_to: Option<i16>,
    group: Option<PlacementGroup>,
    note: Option<String>,
}

/// Codes in published order, with an index of packed keys.
#[derive(Debug)]
pub(super) struct Lists {
    codes: Vec<Code>,
    keys: Vec<u64>,
    order: Vec<usize>,
}

pub(super) fn lists() -> &'static Lists {
    &LISTS
}

impl Lists {
    fn of(codes: Vec<Code>) -> Self {
        let mut packed: Vec<(u64, usize)> =
            codes.iter().enumerate().filter_map(|(at, code)| Some((pack(code.list, &code.code)?, at))).collect();
        packed.sort_unstable();
        let (keys, order) = packed.into_iter().unzip();
        Self { codes, keys, order }
    }

    pub(super) fn find(&self, list: CodeList, code: &str) -> Option<&Code> {
        let at = self.keys.binary_search(&pack(list, code)?).ok()?;
        self.codes.get(*self.order.get(at)?)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Code> {
        self.codes.iter()
    }
}

/// List in the first byte, code in the seven after it; `None` for what no code looks like (longer than
/// any, or holding a NUL, which would pack as nothing).
fn pack(list: CodeList, code: &str) -> Option<u64> {
    let bytes = code.as_bytes();
    if bytes.is_empty() || bytes.len() > 7 || bytes.contains(&0) {
        return None;
    }
    let packed = bytes.iter().fold(0_u64, |packed, byte| packed << 8 | u64::from(*byte));
    Some(ordinal(list) << 56 | packed)
}

const fn ordinal(list: CodeList) -> u64 {
    match list {
        CodeList::Sex => 1,
        CodeList::Ethnic => 2,
        CodeList::Rne => 3,
        CodeList::Ls => 4,
        CodeList::Cin => 5,
        CodeList::Place => 6,
        CodeList::PlaceProvider => 7,
        CodeList::Rec => 8,
        CodeList::ReasonPlaceChange => 9,
        CodeList::InTouch => 10,
        CodeList::Activ => 11,
        CodeList::Accom => 12,
    }
}

impl From<Row> for Code {
    fn from(row: Row) -> Self {
        Self {
            list: row.list,
            code: row.code,
            meaning: row.meaning,
            first_year: row.first_year,
            last_year: row.last_year,
            tolerated_to: row.tolerated_to,
            group: row.group,
            note: row.note,
        }
    }
}
