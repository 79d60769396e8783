//! What the record holds for cells with nothing in them: most of a row, so it is written out once and copied in runs.

use crate::model::Contract;

/// A record of nothing but blanks.
#[derive(Debug)]
pub(super) struct Blanks {
    text: Vec<u8>,
    /// For each column, where its comma begins, and where its blank does.
    places: Vec<(usize, usize)>,
    /// The column after the last that is kept though it is blank.
    kept: usize,
}

impl Blanks {
    pub(super) fn of(contract: &Contract) -> Self {
        let mut blanks = Self { text: Vec::new(), places: Vec::new(), kept: 0 };
        for (at, column) in contract.columns.iter().enumerate() {
            let comma = blanks.text.len();
            blanks.text.extend_from_slice(if at > 0 { b"," } else { b"" });
            blanks.places.push((comma, blanks.text.len()));
            blanks.text.extend_from_slice(blank(column.list, column.empty_when_blank));
            if column.empty_when_blank {
                blanks.kept = at + 1;
            }
        }
        let end = blanks.text.len();
        blanks.places.push((end, end));
        blanks
    }

    /// What stands between the columns before `written` and the value of the column `at`: the blanks, and a comma.
    pub(super) fn between(&self, written: usize, at: usize) -> &[u8] {
        match (self.places.get(written), self.places.get(at)) {
            (Some((from, _)), Some((_, to))) => self.text.get(*from..*to).unwrap_or_default(),
            _ => &[],
        }
    }

    /// What follows the columns before `written`: nothing, for trailing blanks are cut, but for those of the key.
    pub(super) fn to_the_last(&self, written: usize) -> &[u8] {
        match (self.places.get(written), self.places.get(self.kept)) {
            (Some((from, _)), Some((to, _))) => self.text.get(*from..*to).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// How a blank cell is stored.
fn blank(list: bool, empty: bool) -> &'static [u8] {
    match (list, empty) {
        (true, _) => b"[]",
        (false, true) => b"\"\"",
        (false, false) => b"null",
    }
}

#[cfg(test)]
mod tests {
    use hub_domain::Dataset;

    use super::*;

    /// The blanks of some columns, each with the comma before it.
    fn each(contract: &Contract, columns: std::ops::Range<usize>) -> String {
        let one = |at: usize| {
            let column = &contract.columns[at];
            let text = String::from_utf8_lossy(blank(column.list, column.empty_when_blank));
            [if at > 0 { "," } else { "" }, &text].concat()
        };
        columns.map(one).collect()
    }

    fn check(contract: &Contract) {
        let blanks = Blanks::of(contract);
        let width = contract.columns.len();
        let kept = contract.columns.iter().rposition(|column| column.empty_when_blank).map_or(0, |at| at + 1);
        for written in 0..width {
            for at in written..width {
                let comma = ",".repeat(at.min(1));
                assert_eq!(String::from_utf8_lossy(blanks.between(written, at)), each(contract, written..at) + &comma);
            }
            assert_eq!(String::from_utf8_lossy(blanks.to_the_last(written)), each(contract, written..kept));
        }
        assert!(blanks.to_the_last(width).is_empty());
    }

    #[test]
    fn runs_of_blanks_are_what_each_would_be() {
        let datasets = [Dataset::Placements, Dataset::Vacancies, Dataset::Searches, Dataset::Quality];
        datasets.into_iter().map(crate::contract).for_each(check);
    }
}
