//! One cell, as its column wants it.

use hub_contract::{Column, Kind};

use crate::cell;
use crate::postcode::Postcode;
use crate::return903::UNREADABLE;
use crate::source::canonical;

/// Longest word that is passed on from a code column that does not list it.
const LONGEST_CODE: usize = 40;

/// Rewrites a cell for its column. What cannot be read goes out as `unreadable`, never as it stands,
/// where it might hold what the hub must not have.
pub(crate) fn cell(column: &Column, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    if !column.list {
        return one(column, text);
    }
    let list = cell::list(text);
    let items: Vec<String> = list.split(';').map(|item| one(column, item)).collect();
    items.join(";")
}

fn one(column: &Column, text: &str) -> String {
    match column.kind {
        Kind::Token { .. } | Kind::Text { .. } => text.to_owned(),
        Kind::Code => code(&column.codes(), text),
        Kind::Date => cell::date(text),
        Kind::Month => month(text),
        Kind::Timestamp => cell::timestamp(text),
        Kind::Boolean => cell::boolean(text),
        Kind::Integer { .. } => cell::integer(text),
        Kind::Money => cell::money(text),
        Kind::Miles => cell::miles(text),
        Kind::Sector => {
            Postcode::parse(text).map_or_else(|| text.to_ascii_uppercase(), |full| full.sector().to_owned())
        }
        Kind::Outcode => {
            let outcode = |full: Postcode| full.sector().split(' ').next().unwrap_or("").to_owned();
            Postcode::parse(text).map_or_else(|| text.to_ascii_uppercase(), outcode)
        }
        Kind::Authority | Kind::Urn => text.to_ascii_uppercase(),
    }
}

/// The list's own spelling where one matches but for case, spaces and punctuation: `Children's home`.
fn code(codes: &[&str], text: &str) -> String {
    let (word, key) = (cell::word(text), canonical(text));
    if let Some(code) = codes.iter().find(|code| !key.is_empty() && canonical(code) == key) {
        return (*code).to_owned();
    }
    let is_plain = word.len() <= LONGEST_CODE && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_plain && Postcode::parse(text).is_none() { text.replace([' ', '-'], "_") } else { UNREADABLE.to_owned() }
}

fn month(text: &str) -> String {
    let is_month = text.len() == 7
        && text.bytes().enumerate().all(|(at, byte)| if at == 4 { byte == b'-' } else { byte.is_ascii_digit() });
    if is_month {
        return text.to_owned();
    }
    let date = cell::date(text);
    date.get(..7).filter(|_| date != UNREADABLE).map_or(date.clone(), str::to_owned)
}
