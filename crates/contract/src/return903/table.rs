//! The tables of the return, as rows of cells by heading.

use std::fmt;

use super::cell::{Cell, Form, child_of};
use crate::model::code::Code;

/// A heading of a table and how what stands under it is read.
type Heading = (&'static str, Form);

/// The tables, each with its headings in DfE's order; the constants are the places of the columns.
macro_rules! tables {
    ($($(#[$doc:meta])+ $name:ident $module:ident $word:literal { $($column:ident $form:ident,)+ })+) => {
        /// A table of the return.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum TableName { $( $(#[$doc])+ $name, )+ }

        impl TableName {
            /// All of them.
            pub const ALL: [Self; COUNT] = [$( Self::$name ),+];

            /// Its name in reports.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$name => $word ),+ }
            }

            /// Headings, in the order of DfE's file.
            pub(super) const fn headings(self) -> &'static [Heading] {
                match self { $( Self::$name => &[$( (stringify!($column), Form::$form) ),+] ),+ }
            }
        }

        const COUNT: usize = [$( TableName::$name ),+].len();

        $( tables!(@columns $module; $($column)+); )+
    };
    (@columns $module:ident; $($column:ident)+) => {
        /// Places of the columns.
        pub(super) mod $module {
            tables!(@place 0usize; $($column)+);
            // Not every column has a rule, yet each has its name here.
            const _: &[usize] = &[$( $column ),+];
        }
    };
    (@place $at:expr; $first:ident $($rest:ident)*) => {
        pub(in crate::return903) const $first: usize = $at;
        tables!(@place $at + 1; $($rest)*);
    };
    (@place $at:expr;) => {};
}

tables! {
    /// One row for each child.
    Header hd "header" {
        CHILD Code, SEX Code, DOB Date, ETHNIC Code, UPN Upn, MOTHER Code, MC_DOB Date,
    }
    /// One row for each episode of care.
    Episodes ep "episodes" {
        CHILD Code, DECOM Date, RNE Code, LS Code, CIN Code, PLACE Code, PLACE_PROVIDER Code, DEC Date, REC Code,
        REASON_PLACE_CHANGE Code, HOME_POST Postcode, PL_POST Postcode, URN Code,
    }
    /// Unaccompanied asylum-seeking children.
    Uasc ua "uasc" { CHILD Code, SEX Code, DOB Date, DUC Date, }
    /// Health, offending and wellbeing of children looked after for twelve months.
    Oc2 o2 "oc2" {
        CHILD Code, DOB Date, SDQ_SCORE Number, SDQ_REASON Code, CONVICTED Code, HEALTH_CHECK Code, IMMUNISATIONS Code,
        TEETH_CHECK Code, HEALTH_ASSESSMENT Code, SUBSTANCE_MISUSE Code, INTERVENTION_RECEIVED Code, INTERVENTION_OFFERED Code,
    }
    /// Care leavers.
    Oc3 o3 "oc3" { CHILD Code, DOB Date, IN_TOUCH Code, ACTIV Code, ACCOM Code, }
    /// Adoptions.
    Ad1 ad "ad1" {
        CHILD Code, DOB Date, DATE_INT Date, DATE_MATCH Date, FOSTER_CARE Code, NB_ADOPTR Code, SEX_ADOPTR Code, LS_ADOPTR Code,
    }
    /// Decisions that a child should be placed for adoption.
    ShouldBePlaced sb "should_be_placed" {
        CHILD Code, DOB Date, DATE_PLACED Date, DATE_PLACED_CEASED Date, REASON_PLACED_CEASED Code,
    }
    /// How a child was once to stay for good.
    PreviousPermanence pp "previous_permanence" { CHILD Code, DOB Date, PREV_PERM Code, LA_PERM Code, DATE_PERM PartDate, }
    /// Times missing, and away without authorisation.
    Missing mi "missing" { CHILD Code, DOB Date, MISSING Code, MIS_START Date, MIS_END Date, }
    /// Reviews.
    Reviews re "reviews" { CHILD Code, DOB Date, REVIEW Date, REVIEW_CODE Code, }
    /// Social workers, from 2023/24.
    SocialWorkers sw "social_workers" { CHILD Code, DOB Date, SW_ID Worker, SW_DECOM Date, SW_DEC Date, SW_REASON Code, }
    /// Deprivations of liberty, from 2026/27.
    Liberty dl "liberty" { CHILD Code, DOB Date, DOLO_START Date, DOLO_END Date, }
}

impl TableName {
    /// The table whose headings these are, in whatever order and case; `None` when they are of none.
    pub fn told_by<'h>(headings: impl IntoIterator<Item = &'h str>) -> Option<Self> {
        let given: Vec<String> = headings.into_iter().map(plain).collect();
        let has = |heading: &str| given.contains(&plain(heading));
        Self::ALL.into_iter().find(|name| has("CHILD") && name.signs().iter().all(|sign| has(sign)))
    }

    /// Headings that no other table has.
    const fn signs(self) -> &'static [&'static str] {
        match self {
            Self::Header => &["DOB", "ETHNIC"],
            Self::Episodes => &["DECOM", "RNE", "LS"],
            Self::Uasc => &["DUC"],
            Self::Oc2 => &["SDQ_SCORE"],
            Self::Oc3 => &["IN_TOUCH", "ACCOM"],
            Self::Ad1 => &["DATE_INT", "DATE_MATCH"],
            Self::ShouldBePlaced => &["DATE_PLACED"],
            Self::PreviousPermanence => &["PREV_PERM"],
            Self::Missing => &["MIS_START"],
            Self::Reviews => &["REVIEW", "REVIEW_CODE"],
            Self::SocialWorkers => &["SW_ID"],
            Self::Liberty => &["DOLO_START"],
        }
    }

    /// Its headings, in the order of DfE's file.
    pub fn columns(self) -> impl Iterator<Item = &'static str> {
        self.headings().iter().map(|(heading, _)| *heading)
    }

    /// The heading of a column.
    pub(super) fn heading(self, column: usize) -> &'static str {
        self.headings().get(column).map_or("CHILD", |(name, _)| *name)
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Where the next file's cells go.
#[derive(Debug, Clone, Default)]
struct File {
    name: Box<str>,
    /// For each column of the table, the place of its cell in the file's rows.
    columns: Vec<Option<usize>>,
}

/// One table, read from one file or several.
#[derive(Clone)]
pub struct Table {
    name: TableName,
    files: Vec<File>,
    cells: Vec<Cell>,
    children: Vec<u64>,
    /// File and line of each row.
    places: Vec<(u32, u32)>,
    /// Which of the columns any of the files has.
    present: u32,
}

impl Table {
    fn new(name: TableName) -> Self {
        Self { name, files: Vec::new(), cells: Vec::new(), children: Vec::new(), places: Vec::new(), present: 0 }
    }

    /// Begins a file: its name for the report, and its headings in the order of its cells. Case, spaces and punctuation of
    /// headings do not matter; those that the table has not are passed over.
    pub fn begin<'h>(&mut self, file: &str, headings: impl IntoIterator<Item = &'h str>) {
        let given: Vec<String> = headings.into_iter().map(plain).collect();
        let columns: Vec<Option<usize>> = self
            .name
            .headings()
            .iter()
            .map(|(heading, _)| given.iter().position(|text| *text == plain(heading)))
            .collect();
        self.present |= columns.iter().enumerate().fold(0, |bits, (at, found)| bits | u32::from(found.is_some()) << at);
        self.files.push(File { name: file.into(), columns });
    }

    /// Adds a row of the file begun last: the line it stands on, and its cells. One without a case number is passed over.
    pub fn push(&mut self, line: u64, cells: &[&str]) {
        let Some(file) = self.files.last() else { return };
        let cell = |column: usize| {
            let at = file.columns.get(column).copied().flatten();
            at.and_then(|at| cells.get(at)).map_or("", |text| text.trim())
        };
        let child = cell(0);
        if child.is_empty() {
            return;
        }
        self.cells.extend(self.name.headings().iter().enumerate().map(|(at, (_, form))| Cell::read(cell(at), *form)));
        self.children.push(child_of(child));
        let file = u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX);
        self.places.push((file, u32::try_from(line).unwrap_or(u32::MAX)));
    }

    pub(super) const fn name(&self) -> TableName {
        self.name
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.children.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.children.is_empty()
    }

    /// The file and line of a row.
    pub fn place(&self, row: usize) -> Option<(&str, u64)> {
        let (file, line) = *self.places.get(row)?;
        let file = self.files.get(usize::try_from(file).ok()?)?;
        Some((&file.name, u64::from(line)))
    }

    pub(super) fn child(&self, row: usize) -> u64 {
        self.children.get(row).copied().unwrap_or(0)
    }

    pub(super) fn row(&self, row: u32) -> Row<'_> {
        let width = self.name.headings().len();
        let at = row as usize;
        Row { cells: self.cells.get(at * width..(at + 1) * width).unwrap_or_default(), at: row }
    }

    /// Whether any of its files has the column.
    pub(super) const fn has(&self, column: usize) -> bool {
        self.present >> column & 1 == 1
    }
}

impl fmt::Debug for Table {
    /// Counts only: the cells are children's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table({}, {} rows)", self.name, self.len())
    }
}

/// A heading without case, spaces and punctuation.
fn plain(heading: &str) -> String {
    heading.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

/// The tables of one collection year. A table that was not given is not an empty one: rules that need it do not run.
#[derive(Debug, Clone, Default)]
pub struct Return {
    tables: Vec<Table>,
}

impl Return {
    /// The table of that name, to be filled; from here on it counts as given.
    pub fn table(&mut self, name: TableName) -> &mut Table {
        let at = self.tables.iter().position(|table| table.name == name).unwrap_or_else(|| {
            self.tables.push(Table::new(name));
            self.tables.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "found there, or put there just now")]
        &mut self.tables[at]
    }

    /// The table of that name, if it was given.
    pub fn given(&self, name: TableName) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'t> {
    cells: &'t [Cell],
    pub(super) at: u32,
}

impl Row<'_> {
    pub(super) fn cell(&self, column: usize) -> Cell {
        self.cells.get(column).copied().unwrap_or(Cell::BLANK)
    }

    /// The day, if there is one to be read.
    pub(super) fn day(&self, column: usize) -> Option<i32> {
        self.cell(column).value()
    }

    pub(super) fn number(&self, column: usize) -> Option<i32> {
        self.cell(column).value()
    }

    pub(super) fn code(&self, column: usize) -> Code {
        self.cell(column).code()
    }

    pub(super) fn is_blank(&self, column: usize) -> bool {
        self.cell(column).is_blank()
    }

    pub(super) fn is_filled(&self, column: usize) -> bool {
        !self.cell(column).is_blank()
    }

    pub(super) fn is_bad(&self, column: usize) -> bool {
        self.cell(column).is_bad()
    }

    /// Whether any of the columns is filled.
    pub(super) fn has_any(&self, columns: &[usize]) -> bool {
        columns.iter().any(|column| self.is_filled(*column))
    }

    /// Whether every one of the columns is filled.
    pub(super) fn has_all(&self, columns: &[usize]) -> bool {
        columns.iter().all(|column| self.is_filled(*column))
    }
}
