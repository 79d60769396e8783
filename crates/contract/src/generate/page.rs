//! The reference page of a dataset, in Markdown.

use std::fmt::{self, Write as _};

use hub_domain::AuthorityCode;

use crate::cell::date::civil_of;
use crate::model::code::Entry;
use crate::model::{Column, Contract, ErrorPolicy, RuleKind, Severity};

/// The reference page: columns, code lists, rules, terms. `docs/reference/<dataset>.md` is this text, checked by a test.
pub fn reference(contract: &Contract) -> String {
    let mut page = String::new();
    // Writing to a String cannot fail.
    let _ = write_page(contract, &mut page);
    page
}

fn write_page(contract: &Contract, out: &mut String) -> fmt::Result {
    writeln!(out, "# {} — contract {}\n", contract.title, contract.version)?;
    writeln!(out, "<!-- Made from contracts/{}/v1.odcs.yaml; a test holds the two together. -->\n", contract.name)?;
    writeln!(out, "{}\n\n{}\n\n**Not in it:** {}\n", contract.purpose, contract.usage, contract.limitations)?;
    let key: Vec<String> = contract
        .key
        .iter()
        .filter_map(|at| contract.columns.get(*at))
        .map(|column| format!("`{}`", column.name))
        .collect();
    writeln!(out, "{} The key is {}.\n", contract.row, key.join(" and "))?;
    write_terms(contract, out)?;
    write_columns(contract, out)?;
    write_lists(contract, out)?;
    write_rules(contract, out)
}

fn write_terms(contract: &Contract, out: &mut String) -> fmt::Result {
    let sla = contract.sla;
    writeln!(out, "## Terms\n")?;
    writeln!(
        out,
        "* Due by {} in London, {}; missing {} minutes later.",
        sla.deliver_by.strftime("%H:%M"),
        sla.frequency,
        sla.grace_minutes
    )?;
    if contract.by_region {
        writeln!(out, "* Sent once for the whole region, under `{}`, by its named sender.", AuthorityCode::REGION)?;
    }
    let policy = match contract.error_policy {
        ErrorPolicy::LeaveOut => "A row with an error is left out; the other rows go in.",
        ErrorPolicy::Reject => "One row with an error rejects the submission.",
    };
    writeln!(
        out,
        "* {policy} If more than {:.0} % of the rows have errors, the whole submission is rejected.",
        contract.reject_share * 100.0
    )?;
    writeln!(
        out,
        "* A full or window submission that would close more than {:.0} % of the records, or that has no row and would close any, is \
         held until the sender confirms it.\n",
        contract.shrink_share * 100.0
    )
}

fn write_columns(contract: &Contract, out: &mut String) -> fmt::Result {
    writeln!(
        out,
        "## Columns\n\nHeadings exactly as written, in any order. In CSV a blank cell is blank; in NDJSON leave the field out or send `null`.\n"
    )?;
    writeln!(out, "| column | holds | required | meaning | example |\n|---|---|---|---|---|")?;
    for column in &contract.columns {
        let required = if column.required { "yes" } else { "" };
        writeln!(
            out,
            "| `{}` | {} | {required} | {} | `{}` |",
            column.name,
            held(column),
            column.note,
            column.example
        )?;
    }
    writeln!(out)
}

fn held(column: &Column) -> String {
    if column.codes.is_some() {
        format!("[{}](#{})", column.form(), column.name.replace('_', "-"))
    } else {
        column.form()
    }
}

fn write_lists(contract: &Contract, out: &mut String) -> fmt::Result {
    writeln!(out, "## Code lists\n")?;
    for column in &contract.columns {
        let Some(codes) = &column.codes else { continue };
        writeln!(out, "### {}\n", column.name.replace('_', "-"))?;
        for entry in codes.entries() {
            let meaning = if entry.meaning.is_empty() { String::new() } else { format!(" — {}", entry.meaning) };
            writeln!(out, "* `{}`{meaning}{}", entry.text, years(entry))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// `(from 1 April 2024)` and the like.
fn years(entry: &Entry) -> String {
    let date = |day: i32| {
        let (year, month, of_month) = civil_of(day);
        format!("{year}-{month:02}-{of_month:02}")
    };
    match (entry.first, entry.last) {
        (i32::MIN, i32::MAX) => String::new(),
        (first, i32::MAX) => format!(" (from {})", date(first)),
        (i32::MIN, last) => format!(" (to {})", date(last)),
        (first, last) => format!(" ({} to {})", date(first), date(last)),
    }
}

fn write_rules(contract: &Contract, out: &mut String) -> fmt::Result {
    writeln!(out, "## Rules\n\nAn error leaves the row out; a warning keeps it; a note is worth knowing.\n")?;
    for (kind, heading) in [
        (RuleKind::Format, "Form of a cell"),
        (RuleKind::Row, "Within a row"),
        (RuleKind::Set, "Between rows"),
        (RuleKind::Held, "Against what the hub holds"),
    ] {
        if kind == RuleKind::Held && contract.rules.iter().all(|rule| rule.kind != kind) {
            continue;
        }
        writeln!(
            out,
            "### {heading}\n\n| rule | severity | what is wrong | what to do | source |\n|---|---|---|---|---|"
        )?;
        for rule in contract.rules.iter().filter(|rule| rule.kind == kind) {
            let severity = if rule.severity == Severity::Info { "note" } else { rule.severity.as_str() };
            writeln!(out, "| `{}` | {severity} | {} | {} | {} |", rule.id, rule.title, rule.fix, rule.source)?;
        }
        writeln!(out)?;
    }
    Ok(())
}
