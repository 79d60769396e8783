//! Findings as CSV, for a spreadsheet.

use std::io::Write;

use super::Report;
use crate::cell::form::begins_formula;

const HEADINGS: [&str; 9] = ["severity", "rule", "row", "line", "other_row", "column", "value_class", "message", "fix"];

impl Report {
    /// Writes the findings kept as CSV with a heading row. No cell can start a formula.
    pub fn findings_csv(&self, out: impl Write) -> std::io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(HEADINGS)?;
        for finding in &self.findings {
            let number = |value: Option<u64>| value.map_or_else(String::new, |value| value.to_string());
            let cells = [
                finding.severity.as_str().to_owned(),
                finding.rule.clone(),
                number(finding.row),
                number(finding.line),
                number(finding.other_row),
                finding.column.clone().unwrap_or_default(),
                finding.value_class.clone().unwrap_or_default(),
                finding.message.clone(),
                finding.fix.clone(),
            ];
            writer.write_record(cells.map(neutral))?;
        }
        writer.flush()
    }
}

/// A cell that no spreadsheet takes for a formula: an apostrophe before one that would be.
pub fn neutral(cell: String) -> String {
    if begins_formula(cell.as_bytes()) { format!("'{cell}") } else { cell }
}
