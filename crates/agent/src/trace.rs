//! From a row and column of a feed back to the file and line it was made from.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::finding::Place;

/// Which of the joined files a column was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    /// The file whose rows became the feed's rows.
    Main,
    /// 903 header.
    Header,
    /// 903 uasc.
    Uasc,
    /// The borough's own extract.
    Extract,
}

/// The lines one feed row was made from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origin {
    main: Place,
    others: Vec<(Role, Place)>,
}

/// Columns that are worked out rather than copied.
const DERIVED: [&str; 5] = ["care_start", "placement_la", "distance_miles", "boundary_miles", "setting_ref"];

/// Where every row of a feed came from. It stays at the borough.
#[derive(Debug, Clone, Default)]
pub struct RowMap {
    rows: Vec<Origin>,
    columns: HashMap<String, (Role, Arc<str>)>,
    explained: HashSet<(usize, &'static str)>,
    advice: HashMap<&'static str, &'static str>,
}

impl Origin {
    /// A row made from this line.
    pub(crate) fn of(main: Place) -> Self {
        Self { main, others: Vec::new() }
    }

    /// …and from this line of a joined file.
    pub(crate) fn join(&mut self, role: Role, place: Place) {
        self.others.push((role, place));
    }
}

impl RowMap {
    /// Rows of the feed.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True when the feed has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The file, line and heading behind a feed's data row (the first is 0) and contract column.
    pub fn place(&self, row: usize, column: Option<&str>) -> Place {
        let Some(origin) = self.rows.get(row) else { return Place::default() };
        let Some(column) = column else { return origin.main.clone() };
        let Some((role, heading)) = self.columns.get(column) else { return origin.main.clone().at(column) };
        let joined = origin.others.iter().find(|(of, _)| of == role).map(|(_, place)| place);
        joined.unwrap_or(&origin.main).clone().at(heading)
    }

    /// The text with the contract's column names turned into the headings they were copied from.
    ///
    /// Only names with an underscore, which are no ordinary words, and only columns that are one
    /// heading's copy: a host authority worked out from a postcode is not `PL_POST`.
    pub(crate) fn in_own_words(&self, text: &str) -> String {
        let mut words = text.to_owned();
        for (column, (_, heading)) in &self.columns {
            let is_name = column.contains('_') || column == "urn";
            let is_copied = is_name && !DERIVED.contains(&column.as_str()) && column != heading.as_ref();
            if is_copied && words.contains(column.as_str()) {
                words = replace_word(&words, column, heading);
            }
        }
        words
    }

    /// What to do about a column that is worked out, in place of the contract's advice.
    pub(crate) fn advice(&self, column: &str) -> Option<&'static str> {
        self.advice.get(column).copied()
    }

    /// Sets that advice.
    pub(crate) fn advise(&mut self, column: &'static str, fix: &'static str) {
        self.advice.insert(column, fix);
    }

    /// Feed rows, counted from 1, by the file and line they were made from.
    pub(crate) fn by_line(&self) -> HashMap<(&str, u64), u64> {
        let numbered = self.rows.iter().zip(1_u64..);
        numbered.filter_map(|(origin, row)| Some(((&*origin.main.file, origin.main.line?), row))).collect()
    }

    /// True when a fault of this cell has been told already, in the return's own terms.
    pub fn is_explained(&self, row: usize, column: &str) -> bool {
        self.explained.contains(&(row, column))
    }

    /// Adds a row, giving its number.
    pub(crate) fn push(&mut self, origin: Origin) -> usize {
        self.rows.push(origin);
        self.rows.len().saturating_sub(1)
    }

    /// Says where a contract column comes from.
    pub(crate) fn name(&mut self, column: &str, role: Role, heading: &str) {
        self.columns.insert(column.to_owned(), (role, Arc::from(heading)));
    }

    /// Marks a cell as told already.
    pub(crate) fn explain(&mut self, row: usize, column: &'static str) {
        self.explained.insert((row, column));
    }
}

/// Replaces `word` where it stands alone.
fn replace_word(text: &str, word: &str, by: &str) -> String {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(word) {
        out.push_str(before);
        out.push_str(if is_part(out.chars().last()) || is_part(after.chars().next()) { word } else { by });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_found_in_the_file_it_came_from() {
        let (episodes, header): (Arc<str>, Arc<str>) = ("e.csv".into(), "h.csv".into());
        let mut rows = RowMap::default();
        rows.name("birth_month", Role::Header, "DOB");
        rows.name("episode_end", Role::Main, "DEC");
        let mut origin = Origin::of(Place::line(&episodes, 17));
        origin.join(Role::Header, Place::line(&header, 4));
        rows.push(origin);
        assert_eq!(rows.place(0, Some("birth_month")), Place::line(&header, 4).at("DOB"));
        assert_eq!(rows.place(0, Some("episode_end")), Place::line(&episodes, 17).at("DEC"));
        assert_eq!(rows.place(0, None), Place::line(&episodes, 17));
        assert_eq!(rows.place(9, None), Place::default());
    }

    #[test]
    fn the_contracts_words_become_the_returns() {
        let mut rows = RowMap::default();
        rows.name("episode_end", Role::Main, "DEC");
        rows.name("placement_la", Role::Main, "PL_POST");
        assert_eq!(
            rows.in_own_words("episode_end before episode_end_date; give placement_la"),
            "DEC before episode_end_date; give placement_la"
        );
    }
}
