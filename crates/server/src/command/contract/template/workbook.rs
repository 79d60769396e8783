//! The template as a workbook: a sheet to fill in, its code lists, and what each column means. The agent reads it back.

use hub_contract::{Column, Contract, Kind};
use rust_xlsxwriter::{DataValidation, DataValidationRule, Format, Formula, Workbook, Worksheet, XlsxError};

/// Rows that have drop-downs, the headings apart.
const ROWS: u32 = 5_000;
/// Longest text that a cell shows when it is chosen.
const MESSAGE: usize = 255;

/// The bytes of the workbook.
pub(super) fn of(contract: &Contract) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let lists: Vec<&Column> = contract.columns.iter().filter(|column| !column.codes().is_empty()).collect();
    fill(book.add_worksheet(), contract, &lists)?;
    explain(book.add_worksheet(), contract)?;
    if !lists.is_empty() {
        write_lists(book.add_worksheet(), &lists)?;
    }
    book.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, contract: &Contract, lists: &[&Column]) -> Result<(), XlsxError> {
    sheet.set_name(contract.name.chars().take(31).collect::<String>())?;
    // Everything is text: a spreadsheet would make dates of codes, and numbers of references.
    let (heading, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    for (at, column) in (0_u16..).zip(&contract.columns) {
        sheet.set_column_format(at, &text)?;
        sheet.set_column_width(at, u16::try_from(column.name.len().max(12) + 2).unwrap_or(20))?;
        sheet.write_string_with_format(0, at, &column.name, &heading)?;
        let list = lists.iter().position(|listed| listed.name == column.name);
        let allowed = allow(column, list)?
            .set_input_title(column.name.chars().take(32).collect::<String>())?
            .set_input_message(message(column))?;
        sheet.add_data_validation(1, at, ROWS, at, &allowed)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// What the cells of a column may hold. A list of several codes in one cell cannot be a drop-down: it is only told.
fn allow(column: &Column, list: Option<usize>) -> Result<DataValidation, XlsxError> {
    let any = DataValidation::new();
    match (column.kind, list) {
        (Kind::Code, Some(list)) if !column.list => {
            let letters = rust_xlsxwriter::utility::column_number_to_name(u16::try_from(list).unwrap_or(0));
            let last = column.codes().len() + 1;
            Ok(any.allow_list_formula(Formula::new(format!("=codes!${letters}$2:${letters}${last}"))))
        }
        (Kind::Boolean, _) if !column.list => any.allow_list_strings(&["true", "false"]),
        (Kind::Integer { min, max }, _) if !column.list => {
            let [min, max] = [min, max].map(|bound| i32::try_from(bound).unwrap_or(i32::MAX));
            Ok(any.allow_whole_number(DataValidationRule::Between(min, max)))
        }
        _ => Ok(any),
    }
}

fn message(column: &Column) -> String {
    let required = if column.required { "Required. " } else { "" };
    let text = format!("{required}{} ({}; such as {})", column.note, column.form(), column.example);
    if text.chars().count() <= MESSAGE { text } else { text.chars().take(MESSAGE - 1).chain(['…']).collect() }
}

fn explain(sheet: &mut Worksheet, contract: &Contract) -> Result<(), XlsxError> {
    sheet.set_name("columns")?;
    let heading = Format::new().set_bold();
    let headings = ["column", "holds", "required", "meaning", "example"];
    for (at, name) in (0_u16..).zip(headings) {
        sheet.write_string_with_format(0, at, name, &heading)?;
    }
    for (row, column) in (1_u32..).zip(&contract.columns) {
        let required = if column.required { "yes" } else { "" };
        let form = column.form();
        for (at, cell) in (0_u16..).zip([column.name.as_str(), &form, required, &column.note, &column.example]) {
            sheet.write_string(row, at, cell)?;
        }
    }
    sheet.set_column_width(0, 24)?.set_column_width(1, 36)?.set_column_width(3, 90)?;
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn write_lists(sheet: &mut Worksheet, lists: &[&Column]) -> Result<(), XlsxError> {
    sheet.set_name("codes")?;
    let (heading, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    for (at, column) in (0_u16..).zip(lists) {
        sheet.set_column_width(at, u16::try_from(column.name.len().max(10) + 2).unwrap_or(20))?;
        sheet.write_string_with_format(0, at, &column.name, &heading)?;
        for (row, code) in (1_u32..).zip(column.codes()) {
            sheet.write_string_with_format(row, at, code, &text)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use hub_contract::contract;
    use hub_domain::Dataset;

    use super::*;

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn every_code_has_a_drop_down_and_every_column_its_heading() {
        for dataset in Dataset::ALL {
            let contract = contract(dataset);
            let bytes = of(contract).unwrap();
            let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
            let is_single = |column: &&Column| column.kind == Kind::Code && !column.list;
            let (codes, flags) = (
                contract.columns.iter().filter(is_single).count(),
                contract.columns.iter().filter(|column| column.kind == Kind::Boolean).count(),
            );
            assert_eq!(sheet.matches("type=\"list\"").count(), codes + flags, "{dataset}");
            assert_eq!(sheet.matches("<formula1>codes!").count(), codes, "{dataset}");
            let words = part(&bytes, "xl/sharedStrings.xml");
            for column in &contract.columns {
                assert!(words.contains(&format!("<t>{}</t>", column.name)), "{dataset} {}", column.name);
            }
        }
    }
}
