//! Reading a mapping file, with errors that name the line of thought and not only the line.

use std::path::{Path, PathBuf};

use hub_domain::Dataset;
use toml::{Table, Value};

use super::{Made, Mapping, Rule, targets};
use crate::source::canonical;

/// Longest mapping file, bytes.
const LONGEST: u64 = 1 << 20;

/// A mapping file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// It cannot be read.
    #[error("the mapping file {} cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not a mapping.
    #[error("the mapping file {name} is not right: {what}")]
    Form {
        /// The file's name.
        name: String,
        /// What is wrong, and where.
        what: String,
    },
}

impl Mapping {
    /// Reads a mapping file.
    pub fn read(path: &Path) -> Result<Self, MappingError> {
        let fault = |source| MappingError::Read { path: path.to_owned(), source };
        let is_long = std::fs::metadata(path).map_err(fault)?.len() > LONGEST;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        if is_long {
            return Err(MappingError::Form { name, what: "it is over 1 MiB long".to_owned() });
        }
        let text = std::fs::read_to_string(path).map_err(fault)?;
        Self::parse(&name, &text)
    }

    /// Reads the text of a mapping file called `name`.
    pub fn parse(name: &str, text: &str) -> Result<Self, MappingError> {
        let form = |what: String| MappingError::Form { name: name.to_owned(), what };
        // The library's own message repeats the line; it says where, and that is enough.
        let document: Table = text.trim_start_matches('\u{feff}').parse().map_err(|fault: toml::de::Error| {
            let line = fault.span().map_or(0, |span| text.get(..span.start).unwrap_or("").matches('\n').count() + 1);
            form(format!("line {line}: {}", fault.message()))
        })?;
        parse(name, &document).map_err(form)
    }
}

fn parse(name: &str, document: &Table) -> Result<Mapping, String> {
    if let Some(unknown) = document.keys().find(|key| !matches!(key.as_str(), "contract" | "columns")) {
        return Err(format!("there is no setting `{unknown}`; there are `contract` and `[columns]`"));
    }
    let contract = document.get("contract").and_then(Value::as_str);
    let contract = contract.ok_or("it has no line `contract = \"…\"`, such as `contract = \"vacancies\"`")?;
    let dataset: Dataset = contract.parse().map_err(|_| {
        let names: Vec<&str> = Dataset::ALL.iter().map(|dataset| dataset.as_str()).collect();
        format!("`contract` names no dataset; there are {}", names.join(", "))
    })?;
    let columns = document.get("columns").and_then(Value::as_table).ok_or("it has no `[columns]`")?;
    let known = targets(dataset);
    let mut made = Vec::new();
    for (column, value) in columns {
        if !known.iter().any(|(name, _)| name == column) {
            let near = nearest(column, known.iter().map(|(name, _)| name.as_str()));
            return Err(format!("{contract} has no column `{column}`{near}"));
        }
        made.push(Made {
            name: column.clone(),
            rule: rule(value).map_err(|what| format!("columns.{column}: {what}"))?,
        });
    }
    if !made.iter().any(|made| !made.rule.needs().is_empty()) {
        return Err("`[columns]` takes nothing from the file".to_owned());
    }
    Ok(Mapping { name: name.to_owned(), dataset, columns: made })
}

fn rule(value: &Value) -> Result<Rule, String> {
    if let Some(heading) = value.as_str() {
        return Ok(copy(vec![heading.to_owned()]));
    }
    let table = value.as_table().ok_or("give a heading in quotes, or settings in braces")?;
    let ways = ["from", "value", "authority_of", "miles_between", "setting_of"];
    if let Some(unknown) = table.keys().find(|key| *key != "codes" && !ways.contains(&key.as_str())) {
        return Err(format!("there is no setting `{unknown}`; there are codes, {}", ways.join(", ")));
    }
    if let Some(heading) = table.get("authority_of") {
        let heading = heading.as_str().ok_or("authority_of is the heading of a postcode")?;
        return Ok(Rule::AuthorityOf(heading.to_owned()));
    }
    if let Some(headings) = table.get("miles_between") {
        let [first, second] = pair(headings).ok_or("miles_between is the headings of two postcodes, in brackets")?;
        return Ok(Rule::MilesBetween(first, second));
    }
    if let Some(headings) = table.get("setting_of") {
        let [urn, postcode] = pair(headings).ok_or("setting_of is the headings of URN and postcode, in brackets")?;
        return Ok(Rule::SettingOf(urn, postcode));
    }
    let from = match table.get("from") {
        None => Vec::new(),
        Some(Value::String(heading)) => vec![heading.clone()],
        Some(headings) => strings(headings).ok_or("from is a heading, or several in brackets")?,
    };
    let otherwise = match table.get("value") {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Integer(number)) => number.to_string(),
        Some(Value::Boolean(flag)) => flag.to_string(),
        Some(_) => return Err("value is a word, a number, true or false".to_owned()),
    };
    if from.is_empty() && otherwise.is_empty() {
        return Err("it says neither `from` which heading nor what `value`".to_owned());
    }
    Ok(Rule::Copy { from, codes: codes(table)?, otherwise })
}

fn codes(table: &Table) -> Result<Vec<(String, String)>, String> {
    let Some(codes) = table.get("codes") else { return Ok(Vec::new()) };
    let codes = codes.as_table().ok_or("codes is in braces: { \"their word\" = \"the contract's code\" }")?;
    let one = |(word, code): (&String, &Value)| Some((word_key(word), code.as_str()?.to_owned()));
    codes.iter().map(one).collect::<Option<_>>().ok_or_else(|| "each of codes is a word in quotes".to_owned())
}

/// A rule that copies.
pub(super) fn copy(from: Vec<String>) -> Rule {
    Rule::Copy { from, codes: Vec::new(), otherwise: String::new() }
}

/// A word as it is compared; one that is all punctuation as it stands.
pub(super) fn word_key(word: &str) -> String {
    let key = canonical(word);
    if key.is_empty() { word.trim().to_owned() } else { key }
}

fn strings(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

fn pair(value: &Value) -> Option<[String; 2]> {
    strings(value)?.try_into().ok()
}

/// `; did you mean host_la?`
fn nearest<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> String {
    let shared = |name: &str| name.split('_').filter(|word| wrong.contains(word)).count();
    let best = names.max_by_key(|name| shared(name)).filter(|name| shared(name) > 0);
    best.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_reads() {
        let text = r#"
contract = "vacancies"
[columns]
setting_ref = { setting_of = ["URN", "Postcode"] }
provision = { from = "Type of home", codes = { "Children's Home" = "childrens_home" } }
host_la = { authority_of = "Postcode" }
sector = { value = "private" }
outcode = "Postcode"
"#;
        let mapping = Mapping::parse("v.toml", text).unwrap();
        assert_eq!((mapping.dataset, mapping.columns.len()), (Dataset::Vacancies, 5));
    }

    #[test]
    fn what_is_wrong_is_said_in_the_files_own_words() {
        for (text, part) in [
            ("", "no line `contract"),
            ("contract = \"beds\"", "placements, vacancies"),
            ("contract = \"vacancies\"", "no `[columns]`"),
            ("contract = \"vacancies\"\ncolumn = 1", "no setting `column`"),
            ("contract = \"vacancies\"\n[columns]\nhost = \"LA\"", "did you mean `host_la`"),
            (
                "contract = \"vacancies\"\n[columns]\nurn = { form = \"URN\" }",
                "columns.urn: there is no setting `form`",
            ),
            ("contract = \"vacancies\"\n[columns]\nurn = 7", "columns.urn: give a heading"),
            ("contract = \"vacancies\"\n[columns]\nurn = {}", "columns.urn: it says neither"),
            ("contract = \"vacancies\"\n[columns]\nurn = { value = \"x\" }", "takes nothing"),
            ("contract = vacancies", "line 1"),
        ] {
            let told = Mapping::parse("v.toml", text).unwrap_err().to_string();
            assert!(told.contains(part), "{part} in {told}");
        }
    }
}
