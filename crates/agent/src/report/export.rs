//! Every finding as a row of CSV, to sort and hand out in a spreadsheet.

use std::borrow::Borrow;
use std::io::Write;

use crate::finding::Finding;

const HEADINGS: [&str; 8] = ["severity", "rule", "file", "line", "column", "feed_row", "message", "fix"];

/// Writes findings as CSV with a heading row; no cell can start a formula.
pub fn write_findings_csv(
    findings: impl IntoIterator<Item = impl Borrow<Finding>>,
    out: impl Write,
) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(HEADINGS)?;
    for finding in findings {
        let finding = finding.borrow();
        let number = |value: Option<u64>| value.map_or_else(String::new, |value| value.to_string());
        let cells = [
            finding.severity.as_str().to_owned(),
            finding.rule.clone(),
            finding.place.file.to_string(),
            number(finding.place.line),
            finding.place.column.as_deref().unwrap_or("").to_owned(),
            number(finding.feed_row),
            finding.message.clone(),
            finding.fix.clone(),
        ];
        writer.write_record(cells.map(neutral))?;
    }
    writer.flush()
}

/// A file may be called `=1+1.csv`, and a heading may be anything.
fn neutral(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Place, Severity};

    #[test]
    fn one_row_a_finding_and_no_formulae() {
        let finding =
            Finding::new("r", Severity::Error, Place::line(&"=x.csv".into(), 3).at("DEC"), "late, \"so\"", "Mend.");
        let mut out = Vec::new();
        write_findings_csv([&finding], &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().nth(1).unwrap(), r#"error,r,'=x.csv,3,DEC,,"late, ""so""",Mend."#);
    }
}
