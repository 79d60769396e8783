//! Where a column's codes come from: written out in the contract, or one of the domain's own lists.

use hub_domain::codes::{self, CodeList as Published};
use hub_domain::{Need, Provision};

use super::code::{Code, CodeList, Entry};
use super::compile::{ContractError, wrong};
use super::odcs::Scalar;
use crate::cell::date::day_number;

/// The codes that `codes:` names for `column`: a list of words, `ssda903:LIST`, `words:provision` or `words:need`.
pub(super) fn resolve(column: &str, named: &Scalar) -> Result<CodeList, ContractError> {
    let at = || format!("column {column}");
    let entries = match named {
        Scalar::List(words) => words.iter().map(|word| undated(word, "")).collect(),
        Scalar::Text(name) => match name.split_once(':') {
            Some(("ssda903", list)) => {
                published(list).ok_or_else(|| wrong(at(), format!("no code list is called {list}")))?
            }
            Some(("words", "provision")) => {
                Provision::ALL.iter().map(|word| undated(word.as_str(), word.label())).collect()
            }
            Some(("words", "need")) => Need::ALL.iter().map(|word| undated(word.as_str(), word.label())).collect(),
            _ => return Err(wrong(at(), format!("no code list is called {name}"))),
        },
        Scalar::Flag(_) | Scalar::Number(_) => return Err(wrong(at(), "codes is a list or the name of one")),
    };
    CodeList::of(entries).ok_or_else(|| wrong(at(), "the code list is too long"))
}

fn undated(word: &str, meaning: &str) -> Entry {
    Entry {
        text: word.into(),
        meaning: meaning.into(),
        code: Code::of(word.as_bytes()),
        first: i32::MIN,
        last: i32::MAX,
    }
}

/// A list of the return, each code with the days of the collection years that take it.
fn published(name: &str) -> Option<Vec<Entry>> {
    let list: Published = name.parse().ok()?;
    let entry = |code: &codes::Code| Entry {
        first: code.first_year.and_then(codes::year_start).map_or(i32::MIN, day_number),
        last: code
            .tolerated_to
            .or(code.last_year)
            .and_then(codes::year_end)
            .map_or(i32::MAX, |end| day_number(end) - 1),
        ..undated(&code.code, &code.meaning)
    };
    Some(codes::all(list).map(entry).collect())
}
