//! What the two formats have in common: a row is a cell for each column of the contract.

use super::Failure;

/// Something wrong with a row as it was written, before any cell is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A row of a CSV with more or fewer cells than there are headings.
    CellCount,
    /// A value in JSON that is an object, a list where one value belongs, or the other way round.
    JsonType(usize),
    /// The same field twice in one JSON object.
    FieldTwice(usize),
}

/// Rows in the order of the file.
pub(crate) trait Rows {
    /// Moves to the next row. `false` at the end.
    fn advance(&mut self) -> Result<bool, Failure>;

    /// The cell of the contract's column `column`: empty when blank or not sent.
    fn cell(&self, column: usize) -> &[u8];

    /// The cell of `_op`.
    fn op(&self) -> &[u8];

    /// Line of the file on which the row begins, from 1.
    fn line(&self) -> u64;

    /// Whether the row, as far as it goes, says nothing.
    fn is_blank(&self) -> bool;

    /// What is wrong with the row as written.
    fn faults(&self) -> &[Fault];

    /// Cells that belong to no column.
    fn strays(&self) -> Vec<&[u8]>;

    /// Whether the file has the column, or a row so far has had the field.
    fn has_column(&self, column: usize) -> bool;

    /// The columns that [`Rows::has_column`], as bits.
    fn sent(&self) -> u64;

    /// Whether the file has an `_op` column, or a row has had one.
    fn has_op(&self) -> bool;
}

/// One bit for each column, the first lowest.
pub(crate) fn bits(columns: impl Iterator<Item = bool>) -> u64 {
    columns.zip(0..u64::BITS).fold(0, |bits, (is, at)| bits | u64::from(is) << at)
}
