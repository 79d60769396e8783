//! Guessing a mapping from a sample: by what the headings are called, and by what stands under them.

use std::collections::BTreeMap;

use hub_contract::{Column, Kind, contract};
use hub_domain::{AuthorityCode, Dataset, authority};

use super::read::{copy, word_key};
use super::words::{likeness, split};
use super::{Made, Mapping, Rule, targets};
use crate::finding::Finding;
use crate::postcode::Postcode;
use crate::source::{self, Input, Reading, Sheet, read_tables};

/// Rows looked at.
const SAMPLE: usize = 500;
/// Least score for a guess.
const LEAST: f64 = 0.5;
/// Most different words of a column that are still a code list of the borough's own.
const MOST_WORDS: usize = 40;

/// A proposed mapping of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The file, and the sheet of a workbook.
    pub table: String,
    /// Whose contract.
    pub dataset: Dataset,
    /// Rows in the table.
    pub rows: usize,
    /// What was guessed, in the contract's order.
    pub guesses: Vec<Guess>,
    /// Columns the contract asks for and nothing was found for: name and note.
    pub missing: Vec<(String, String)>,
    /// Headings that nothing is taken from.
    pub unused: Vec<String>,
}

/// One guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// The contract's column.
    pub column: String,
    /// How it is made.
    pub(crate) rule: Rule,
    /// Why this was guessed.
    pub why: String,
    /// Words of the borough's that the contract does not list, with the code that looks nearest; blank where none does.
    pub words: Vec<(String, String)>,
}

impl Proposal {
    /// The mapping as proposed, to see what it would make.
    pub fn mapping(&self) -> Mapping {
        let made = self.guesses.iter().map(|guess| {
            let mut rule = guess.rule.clone();
            if let Rule::Copy { codes, .. } = &mut rule {
                let known = guess.words.iter().filter(|(_, code)| !code.is_empty());
                codes.extend(known.map(|(word, code)| (word_key(word), code.clone())));
            }
            Made { name: guess.column.clone(), rule }
        });
        Mapping { name: "proposed".to_owned(), dataset: self.dataset, columns: made.collect() }
    }
}

/// How well one heading fits one column.
struct Fit {
    score: f64,
    target: usize,
    heading: usize,
    why: String,
}

/// Proposes a mapping for each table of a file that has anything the contract asks for.
pub fn propose(input: &Input, dataset: Dataset, findings: &mut Vec<Finding>) -> Vec<Proposal> {
    let sheets = read_tables(input, findings);
    let proposals = sheets.iter().map(|sheet| propose_one(sheet, dataset));
    proposals.filter(|proposal| proposal.guesses.len() > 1).collect()
}

fn propose_one(sheet: &Sheet, dataset: Dataset) -> Proposal {
    let targets = targets(dataset);
    let mut fits = Vec::new();
    for (target, (name, _)) in targets.iter().enumerate() {
        for (heading, text) in sheet.headings.iter().enumerate() {
            fits.extend(fit(sheet, dataset, (target, name), (heading, text)));
        }
    }
    fits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.target.cmp(&b.target)));
    let mut taken: BTreeMap<usize, (usize, String)> = BTreeMap::new();
    for fit in fits {
        let is_free = !taken.contains_key(&fit.target) && taken.values().all(|(heading, _)| *heading != fit.heading);
        if is_free {
            taken.insert(fit.target, (fit.heading, fit.why));
        }
    }
    let mut guesses: Vec<Guess> = Vec::new();
    for (target, (name, _)) in targets.iter().enumerate() {
        let Some((heading, why)) = taken.get(&target) else { continue };
        let Some(text) = sheet.headings.get(*heading) else { continue };
        let words = column(dataset, name).map_or_else(Vec::new, |column| words(sheet, *heading, column));
        guesses.push(Guess { column: name.clone(), rule: copy(vec![text.clone()]), why: why.clone(), words });
    }
    add_derived(sheet, dataset, &targets, &mut guesses);
    let has = |name: &str| guesses.iter().any(|guess| guess.column == name);
    let is_asked =
        |name: &str| column(dataset, name).is_some_and(|column| column.required) && !is_stood_in_for(name, &has);
    let is_unused = |at: &usize| taken.values().all(|(heading, _)| heading != at);
    Proposal {
        table: sheet.name.to_string(),
        dataset,
        rows: sheet.records.len(),
        missing: targets.iter().filter(|(name, _)| is_asked(name) && !has(name)).cloned().collect(),
        unused: (0..sheet.headings.len())
            .filter(is_unused)
            .filter_map(|at| sheet.headings.get(at).filter(|text| !text.is_empty()).cloned())
            .collect(),
        guesses,
    }
}

/// A column that the agent makes from another one that was found.
fn is_stood_in_for(name: &str, has: &dyn Fn(&str) -> bool) -> bool {
    match name {
        "child_ref" | "person_ref" => has("child"),
        "sibling_group_ref" => has("sibling_group"),
        "birth_month" | "age" => has("dob"),
        _ => has("child") && has("start"),
    }
}

/// What follows from a column of postcodes: the authority, and which setting it is.
fn add_derived(sheet: &Sheet, dataset: Dataset, targets: &[(String, String)], guesses: &mut Vec<Guess>) {
    let is_full = |at: usize| share(sheet, at, |text| Postcode::parse(text).is_some()).is_some_and(|share| share > 0.8);
    let postcodes: Vec<&String> =
        sheet.headings.iter().enumerate().filter(|(at, _)| is_full(*at)).map(|(_, text)| text).collect();
    let Some(first) = postcodes.first() else { return };
    let has = |guesses: &[Guess], name: &str| guesses.iter().any(|guess| guess.column == name);
    let authority = if dataset == Dataset::Placements { "placement_la" } else { "host_la" };
    let is_target = |name: &str| targets.iter().any(|(known, _)| known == name);
    if is_target(authority) && !has(guesses, authority) {
        let why = "full postcodes stand there: the authority follows from a postcode directory".to_owned();
        let rule = Rule::AuthorityOf((*first).clone());
        guesses.push(Guess { column: authority.to_owned(), rule, why, words: Vec::new() });
    }
    let urn = guesses.iter().find(|guess| guess.column == "urn");
    let urn = urn.and_then(|guess| guess.rule.headings().first().map(|heading| (*heading).to_owned()));
    if let Some(urn) = urn.filter(|_| is_target("setting_ref") && !has(guesses, "setting_ref")) {
        let why = "URN and full postcode make the same token as the placements', so that the two are seen together";
        let rule = Rule::SettingOf(urn, (*first).clone());
        guesses.push(Guess { column: "setting_ref".to_owned(), rule, why: why.to_owned(), words: Vec::new() });
    }
}

fn column(dataset: Dataset, name: &str) -> Option<&'static Column> {
    let contract = contract(dataset);
    contract.position(name).and_then(|at| contract.columns.get(at))
}

fn fit(sheet: &Sheet, dataset: Dataset, (target, name): (usize, &str), (heading, text): (usize, &str)) -> Option<Fit> {
    let named = likeness(text, name);
    let holds = column(dataset, name);
    let reads = |cell: &str| match holds {
        Some(column) => cell.split([';', '|']).all(|item| reads_as(column, item.trim())),
        None if matches!(name, "start" | "dob") => matches!(source::date(cell), Reading::Is(_)),
        None if name == "postcode" => Postcode::parse(cell).is_some(),
        None => !cell.contains(' ') && cell.bytes().any(|byte| byte.is_ascii_digit()),
    };
    let share = share(sheet, heading, reads);
    // What any text would satisfy says nothing about the column.
    let is_telling = !matches!(holds.map(|column| column.kind), Some(Kind::Text { .. } | Kind::Token { .. }) | None);
    let score = match share {
        // Words of their own need a list of codes, not a rejection.
        Some(share) if is_telling => named.mul_add(0.7, share * 0.3),
        Some(share) if share < 0.5 => named * 0.5,
        _ => named,
    };
    let is_sure = named >= 0.3 || (is_distinct(holds) && share.is_some_and(|share| share > 0.9));
    let score = if is_distinct(holds) && share.is_some_and(|share| share > 0.9) { score.max(0.6) } else { score };
    let percent = share.map_or_else(
        || "nothing stands under it".to_owned(),
        |share| {
            format!("{:.0} % of its cells read as {}", share * 100.0, holds.map_or("that".to_owned(), Column::form))
        },
    );
    let why = if named >= 0.99 { "that is what it is called".to_owned() } else { shared_words(text, name) };
    (is_sure && score >= LEAST).then(|| Fit { score, target, heading, why: format!("{why}; {percent}") })
}

fn shared_words(text: &str, name: &str) -> String {
    let of_name = split(name);
    let shared: Vec<String> = split(text).into_iter().filter(|word| of_name.contains(word)).collect();
    if shared.is_empty() {
        "a like name for it".to_owned()
    } else {
        format!("the word {} is in both", shared.join(", "))
    }
}

/// Forms that nothing else has.
fn is_distinct(column: Option<&Column>) -> bool {
    column.is_some_and(|column| matches!(column.kind, Kind::Urn | Kind::Authority))
}

/// The share of filled cells that `reads` takes; `None` when none is filled.
fn share(sheet: &Sheet, heading: usize, reads: impl Fn(&str) -> bool) -> Option<f64> {
    let filled: Vec<&str> = sheet
        .records
        .iter()
        .take(SAMPLE)
        .map(|record| sheet.at(record, heading))
        .filter(|cell| !cell.is_empty())
        .collect();
    let count = |number: usize| u32::try_from(number).map_or(0.0, f64::from);
    (!filled.is_empty()).then(|| count(filled.iter().filter(|cell| reads(cell)).count()) / count(filled.len()))
}

fn reads_as(column: &Column, cell: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match column.kind {
        Kind::Date | Kind::Month => matches!(source::date(cell), Reading::Is(_)),
        Kind::Timestamp => matches!(source::timestamp(cell), Reading::Is(_)),
        Kind::Boolean => matches!(source::boolean(cell), Reading::Is(_)),
        Kind::Integer { min, max } => {
            cell.trim_end_matches(".0").parse::<i64>().is_ok_and(|number| (min..=max).contains(&number))
        }
        Kind::Money | Kind::Miles => {
            let plain = cell.replace(['£', ',', ' '], "");
            plain.parse::<f64>().is_ok_and(f64::is_finite)
        }
        Kind::Sector | Kind::Outcode => {
            Postcode::parse(cell).is_some() || Postcode::parse(&format!("{cell} 1AA")).is_some()
        }
        Kind::Authority => cell.parse::<AuthorityCode>().is_ok() || named_authority(cell).is_some(),
        Kind::Urn => {
            cell.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("SC") || is_digits(start))
                && cell.len() >= 7
                && is_digits(cell.get(2..).unwrap_or(""))
        }
        Kind::Code => code_of(column, cell).is_some(),
        Kind::Token { .. } => !cell.contains(' '),
        Kind::Text { max } => cell.chars().count() <= max,
    }
}

/// The column's code that a word is, but for case, spaces and hyphens.
fn code_of<'c>(column: &'c Column, word: &str) -> Option<&'c str> {
    let key = word_key(word);
    column.codes().into_iter().find(|code| word_key(code) == key)
}

/// The authority of that name. It is written into the mapping for somebody to read, never looked up as feeds are made.
fn named_authority(cell: &str) -> Option<AuthorityCode> {
    let plain = ["London Borough of ", "Royal Borough of ", "LB ", "RB ", "LB of "]
        .iter()
        .find_map(|start| cell.strip_prefix(start))
        .unwrap_or(cell);
    let plain = [" Council", " County Council", " City Council", " Borough Council"]
        .iter()
        .find_map(|end| plain.strip_suffix(end))
        .unwrap_or(plain);
    authority::by_name(plain.trim()).map(|authority| authority.code)
}

/// Words that the contract does not list, each with the code that looks nearest. None of a column about children.
fn words(sheet: &Sheet, heading: usize, column: &Column) -> Vec<(String, String)> {
    let is_named = matches!(column.kind, Kind::Code | Kind::Authority);
    if !is_named || column.child_level {
        return Vec::new();
    }
    let mut words: BTreeMap<String, String> = BTreeMap::new();
    for record in &sheet.records {
        for word in sheet.at(record, heading).split([';', '|']).map(str::trim).filter(|word| !word.is_empty()) {
            let is_listed = code_of(column, word).is_some() || word.parse::<AuthorityCode>().is_ok();
            if !is_listed && !words.contains_key(word) {
                words.insert(word.to_owned(), nearest(column, word));
            }
        }
        if words.len() > MOST_WORDS {
            return Vec::new();
        }
    }
    words.into_iter().collect()
}

fn nearest(column: &Column, word: &str) -> String {
    if column.kind == Kind::Authority {
        return named_authority(word).map_or_else(String::new, |code| code.to_string());
    }
    let theirs = split(word);
    let shared = |code: &str| split(code).iter().filter(|part| theirs.contains(part)).count();
    let codes = column.codes();
    let best = codes.iter().max_by_key(|code| shared(code)).filter(|code| shared(code) > 0);
    best.map_or_else(String::new, |code| (*code).to_owned())
}
