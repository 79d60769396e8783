//! A proposal as a mapping file that somebody can read, correct and keep.

use std::fmt::Write as _;

use super::Rule;
use super::propose::{Guess, Proposal};

/// The text of a mapping file.
pub fn render(proposal: &Proposal) -> String {
    let mut out = String::new();
    let Proposal { table, dataset, rows, guesses, missing, unused } = proposal;
    let _ = writeln!(
        out,
        "# {}, {rows} rows, in the terms of the hub's {dataset} contract, as it looks from here.",
        one_line(table)
    );
    let _ = writeln!(out, "# Read every line. Above each stands why it was guessed; a line you take out is not sent.");
    let _ = writeln!(
        out,
        "# A column is \"a heading\", or {{ from = …, codes = {{ \"your word\" = \"the contract's\" }}, value = \"when blank\" }},"
    );
    let _ = writeln!(
        out,
        "# or {{ authority_of = \"Postcode\" }}, {{ miles_between = [\"Home\", \"Placement\"] }}, {{ setting_of = [\"URN\", \"Postcode\"] }}."
    );
    let _ = writeln!(out, "contract = {}\n\n[columns]", quote(dataset.as_str()));
    for guess in guesses {
        let _ = writeln!(out, "# {}", one_line(&guess.why));
        let _ = writeln!(out, "{} = {}\n", guess.column, rule(guess));
    }
    if !missing.is_empty() {
        let _ = writeln!(out, "# The contract asks for these too, and no heading looks like one of them:");
        for (name, note) in missing {
            let _ = writeln!(out, "# {name} = \"\"    {}", note.lines().next().unwrap_or(""));
        }
        out.push('\n');
    }
    if !unused.is_empty() {
        let _ = writeln!(
            out,
            "# These headings stay here: {}",
            unused.iter().map(|text| one_line(text)).collect::<Vec<_>>().join(" · ")
        );
    }
    out
}

fn rule(guess: &Guess) -> String {
    match &guess.rule {
        Rule::Copy { from, .. } if guess.words.is_empty() => from.first().map_or_else(String::new, |text| quote(text)),
        Rule::Copy { from, .. } => {
            let codes: Vec<String> =
                guess.words.iter().map(|(word, code)| format!("{} = {}", quote(word), quote(code))).collect();
            let heading = from.first().map_or_else(String::new, |text| quote(text));
            format!("{{ from = {heading}, codes = {{ {} }} }}", codes.join(", "))
        }
        Rule::AuthorityOf(heading) => format!("{{ authority_of = {} }}", quote(heading)),
        Rule::MilesBetween(first, second) => format!("{{ miles_between = [{}, {}] }}", quote(first), quote(second)),
        Rule::SettingOf(urn, postcode) => format!("{{ setting_of = [{}, {}] }}", quote(urn), quote(postcode)),
    }
}

fn quote(text: &str) -> String {
    let plain = one_line(text).replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{plain}\"")
}

/// Headings in a spreadsheet break over lines, and hold what no line of a mapping may; they are compared without.
fn one_line(text: &str) -> String {
    text.split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use hub_domain::Dataset;

    use super::super::{Mapping, propose};
    use super::*;
    use crate::source::Input;

    const SHEET: &str = "Ofsted URN,Home,Type of Home,Postcode,Borough,Beds,Beds occupied,Vacancies,Min age,Max age,Gender,Last updated,Manager phone\n\
        SC012345,Harbour House,Children's home,SE13 6LT,Lewisham,4,3,1,10,17,Mixed,20/07/2026,020 7946 0000\n\
        SC012346,Mill Lane,Supported living,BR1 1AA,London Borough of Bromley,6,6,0,16,17,Any,21/07/2026,020 7946 0001\n";

    #[test]
    fn a_spreadsheet_of_vacancies_is_understood_and_explained() {
        let input = Input { name: "v.csv".into(), bytes: SHEET.into() };
        let proposals = propose(&input, Dataset::Vacancies, &mut Vec::new());
        let proposal = &proposals[0];
        let of = |column: &str| {
            let guess = proposal.guesses.iter().find(|guess| guess.column == column);
            guess.map_or_else(String::new, rule)
        };
        for (column, made) in [
            ("urn", "\"Ofsted URN\""),
            ("outcode", "\"Postcode\""),
            ("approved_places", "\"Beds\""),
            ("occupied_places", "\"Beds occupied\""),
            ("available_places", "\"Vacancies\""),
            ("age_min", "\"Min age\""),
            ("confirmed_at", "\"Last updated\""),
            ("setting_ref", "{ setting_of = [\"Ofsted URN\", \"Postcode\"] }"),
        ] {
            assert_eq!(of(column), made, "{column}");
        }
        assert!(of("provision").contains("\"Supported living\" = \"supported_"), "{}", of("provision"));
        assert!(of("host_la").contains("\"London Borough of Bromley\" = \"E09000006\""), "{}", of("host_la"));
        assert!(proposal.unused.contains(&"Manager phone".to_owned()));
        let text = render(proposal);
        let read = Mapping::parse("v.toml", &text).unwrap();
        assert_eq!(read.columns.len(), proposal.guesses.len(), "{text}");
    }
}
