//! From the text of an estimates file to a [`Vintage`].

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::{Estimate, EthnicGroup, OLDEST, Sex, Vintage};
use crate::AuthorityCode;

/// The columns, in the order of the template.
const COLUMNS: [&str; 8] = ["authority", "vintage", "estimated_on", "age_from", "age_to", "sex", "ethnicity", "people"];
/// Longest name of a vintage.
const LONGEST: usize = 40;
/// Most that is said of one file.
const MOST: usize = 20;

/// What is wrong with an estimates file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {says}")]
pub struct Wrong {
    /// Line of the file, from 1; 0 for the file as a whole.
    pub line: u64,
    /// What, and what is wanted.
    pub says: String,
}

/// A row as it is written.
#[derive(Deserialize)]
struct Line {
    authority: String,
    vintage: String,
    estimated_on: String,
    age_from: String,
    age_to: String,
    #[serde(default)]
    sex: String,
    #[serde(default)]
    ethnicity: String,
    people: String,
}

/// Of whom a row is, beside their ages.
type Whom = (AuthorityCode, Option<Sex>, Option<EthnicGroup>);

/// Reads an estimates file: CSV with the headings authority, vintage, estimated_on, age_from, age_to, sex, ethnicity and
/// people (sex and ethnicity may be left out). One file is one vintage; the ages 0 to 17 of each authority, sex and group
/// are covered once, without a gap.
///
/// # Errors
/// Everything that is wrong with it, up to twenty faults, by line.
pub fn read(text: &str) -> Result<Vintage, Vec<Wrong>> {
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings = reader.headers().map_err(|_| vec![whole("the file does not read as CSV")])?.clone();
    if let Some(other) = headings.iter().find(|heading| !COLUMNS.contains(heading)) {
        let shown: String = other.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect();
        return Err(vec![whole(&format!("there is no column {shown}: the headings are {}", COLUMNS.join(",")))]);
    }
    let (mut wrong, mut lines) = (Vec::new(), Vec::new());
    for (number, row) in (2_u64..).zip(reader.deserialize::<Line>()) {
        let read = row.map_err(|_| "the row has not the cells that the headings name".to_owned());
        match read.and_then(|line| Ok((line.estimate()?, line.edition()?))) {
            Ok((estimate, edition)) => lines.push((number, estimate, edition)),
            Err(says) => wrong.push(Wrong { line: number, says }),
        }
    }
    let vintage = one_vintage(&lines, &mut wrong);
    covered(&lines, &mut wrong);
    wrong.sort_by_key(|wrong| wrong.line);
    wrong.truncate(MOST);
    match vintage {
        Some((name, estimated_on)) if wrong.is_empty() => {
            let mut estimates: Vec<Estimate> = lines.into_iter().map(|(_, estimate, _)| estimate).collect();
            estimates.sort_unstable();
            Ok(Vintage { name, estimated_on, estimates })
        }
        _ => Err(if wrong.is_empty() { vec![whole("the file has no row")] } else { wrong }),
    }
}

fn whole(says: &str) -> Wrong {
    Wrong { line: 0, says: says.to_owned() }
}

impl Line {
    fn estimate(&self) -> Result<Estimate, String> {
        let authority = self.authority.parse().map_err(|_| "authority is a GSS code, such as E09000023")?;
        let (age_from, age_to) = (self.age_from.parse::<u8>().ok(), self.age_to.parse::<u8>().ok());
        let ages = age_from.zip(age_to).filter(|(from, to)| from <= to && *to <= OLDEST);
        let (age_from, age_to) = ages.ok_or("age_from and age_to are whole years from 0 to 17, in that order")?;
        let sex = match self.sex.as_str() {
            "" => None,
            letter => Some(Sex::of(letter).ok_or("sex is F, M, or blank for everybody")?),
        };
        let ethnicity = match self.ethnicity.as_str() {
            "" => None,
            word => Some(word.parse().map_err(|_| "ethnicity is asian, black, mixed, white, other, or blank for all")?),
        };
        if sex.is_some() && ethnicity.is_some() {
            return Err("a row is by sex or by ethnicity, not by both".to_owned());
        }
        let people = self.people.parse().map_err(|_| "people is a whole number")?;
        Ok(Estimate { authority, sex, ethnicity, age_from, age_to, people })
    }

    fn edition(&self) -> Result<(String, Date), String> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let fits = !self.vintage.is_empty() && self.vintage.len() <= LONGEST && self.vintage.bytes().all(plain);
        if !fits {
            return Err(format!(
                "vintage is a name of at most {LONGEST} letters, digits, - _ and ., such as ons-mid-2024"
            ));
        }
        let day = self.estimated_on.parse().map_err(|_| "estimated_on is the day the estimates are of, YYYY-MM-DD")?;
        Ok((self.vintage.clone(), day))
    }
}

/// A row that reads, with its line and the edition it names.
type Kept = (u64, Estimate, (String, Date));

fn one_vintage(lines: &[Kept], wrong: &mut Vec<Wrong>) -> Option<(String, Date)> {
    let (_, _, first) = lines.first()?;
    if let Some((line, ..)) = lines.iter().find(|(_, _, edition)| edition != first) {
        wrong
            .push(Wrong { line: *line, says: "one file is one vintage of one day: this row names another".to_owned() });
    }
    Some(first.clone())
}

/// The ages 0 to 17 of everybody who is estimated, once each.
fn covered(lines: &[Kept], wrong: &mut Vec<Wrong>) {
    let mut spans: BTreeMap<Whom, Vec<(u8, u8, u64)>> = BTreeMap::new();
    for (line, estimate, _) in lines {
        let whom = (estimate.authority, estimate.sex, estimate.ethnicity);
        spans.entry(whom).or_default().push((estimate.age_from, estimate.age_to, *line));
    }
    for ((authority, ..), mut spans) in spans {
        spans.sort_unstable();
        let mut next = 0;
        for &(from, to, line) in &spans {
            if from != next {
                let says = format!("the ages of {authority} before {from} are missing or stand twice");
                wrong.push(Wrong { line, says });
                break;
            }
            next = to + 1;
        }
        let ends = spans.last().filter(|(_, to, _)| next > *to && *to < OLDEST);
        wrong.extend(
            ends.map(|&(_, to, line)| Wrong { line, says: format!("the ages of {authority} over {to} are missing") }),
        );
    }
}
