//! Which rows of a table are shown: of the first label column all, of the others their totals, unless something else is asked
//! for.

use std::collections::BTreeSet;

use super::words;
use crate::figure::{Line, Opened, heading};
use crate::layout::Page;
use crate::refused::Refused;

/// Every value of a column.
const EACH: &str = "each";
/// The total of a column.
const ALL: &str = "all";
/// The most values that a field offers; a column of more is not asked for.
const MOST: usize = 80;

/// The form as it was sent.
#[derive(Debug)]
pub(super) struct Asked {
    /// The measure that is drawn.
    pub(super) measure: String,
    /// Column and value.
    keys: Vec<(String, String)>,
}

/// A field of the form.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) label: String,
    /// Value, words, whether it is chosen.
    pub(super) values: Vec<(String, String, bool)>,
}

impl Asked {
    /// Reads the query of the page.
    pub(super) fn read(page: &Page, opened: &Opened) -> Result<Self, Refused> {
        let measures: Vec<&str> = opened.measures().collect();
        let measure = page.query().get("measure").or(measures.first().copied()).unwrap_or_default().to_owned();
        if !measures.is_empty() && !measures.contains(&measure.as_str()) {
            return Err(Refused::Invalid(format!("There is no such measure. The table has: {}.", measures.join(", "))));
        }
        let keys = keys(opened).into_iter().enumerate().map(|(at, column)| {
            let usual = if at > 0 && has(opened, &column, ALL) { ALL } else { EACH };
            let asked = page.query().get(&column).unwrap_or(usual).to_owned();
            (column, asked)
        });
        Ok(Self { measure, keys: keys.collect() })
    }

    /// The rows asked for, in the order of the table.
    pub(super) fn rows<'a>(&self, opened: &'a Opened) -> Vec<Line<'a>> {
        let is_meant =
            |line: &Line<'a>| self.keys.iter().all(|(column, asked)| asked == EACH || line.word(column) == asked);
        opened.lines().filter(is_meant).collect()
    }

    /// Whether all values of the column are shown.
    pub(super) fn is_each(&self, column: &str) -> bool {
        self.keys.iter().any(|(named, asked)| named == column && asked == EACH)
    }

    /// The form's fields.
    pub(super) fn fields(&self, opened: &Opened) -> Vec<Field> {
        let measures = opened.measures().map(|measure| (measure.to_owned(), heading(measure), measure == self.measure));
        let measure = Field { name: "measure".to_owned(), label: "Draw".to_owned(), values: measures.collect() };
        let offered = self.keys.iter().filter_map(|(column, asked)| field(opened, column, asked));
        std::iter::once(measure).chain(offered).collect()
    }
}

/// The key of each label: the columns that are not words for another.
fn keys(opened: &Opened) -> Vec<String> {
    let own = opened.labels().filter(|column| !column.ends_with("_name") && !column.ends_with("_level"));
    own.map(str::to_owned).collect()
}

fn has(opened: &Opened, column: &str, value: &str) -> bool {
    opened.lines().any(|line| line.word(column) == value)
}

fn field(opened: &Opened, column: &str, asked: &str) -> Option<Field> {
    let named = format!("{column}_name");
    let mut seen = BTreeSet::new();
    let mut values = vec![(EACH.to_owned(), "Each".to_owned(), asked == EACH)];
    for line in opened.lines() {
        let value = line.word(column);
        if !value.is_empty() && seen.insert(value) {
            let name = line.word(&named);
            let shown = if name.is_empty() { heading(value) } else { name.to_owned() };
            let shown = if value == ALL && name.is_empty() { "All together".to_owned() } else { shown };
            values.push((value.to_owned(), shown, asked == value));
        }
    }
    (2..=MOST).contains(&seen.len()).then(|| Field { name: column.to_owned(), label: words(column), values })
}
