//! One cell read by its column: a value for the rules, and its part of the stored record.

use hub_domain::Timestamp;

use super::value::{Value, authority_number, hash};
use crate::cell::{date, form, json, number};
use crate::model::{Column, Kind};
use crate::report::Detail;
use crate::rules::general;

/// A cell that breaks a rule of form: which rule, what to add, and the value if there is one all the same.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Miss {
    pub(crate) rule: u16,
    pub(crate) detail: Detail,
    pub(crate) value: Value,
}

impl Miss {
    fn of(rule: u16, detail: Detail) -> Self {
        Self { rule, detail, value: Value::Bad }
    }
}

/// Reads a filled cell and appends it to the record body.
pub(crate) fn read(column: &Column, cell: &[u8], body: &mut Vec<u8>) -> Result<Value, Miss> {
    if column.list {
        return read_list(column, cell, body);
    }
    read_one(column, cell, body)
}

fn read_list(column: &Column, cell: &[u8], body: &mut Vec<u8>) -> Result<Value, Miss> {
    let mut bits = 0_u64;
    body.push(b'[');
    for (at, item) in cell.split(|byte| *byte == b';').enumerate() {
        if item.is_empty() {
            return Err(Miss::of(general::LIST, Detail::Say("an item is empty")));
        }
        if at > 0 {
            body.push(b',');
        }
        if let Value::Code(_, place) = read_one(column, item, body)? {
            if bits >> (place & 63) & 1 == 1 {
                return Err(Miss::of(general::LIST, Detail::Say("an item stands twice")));
            }
            bits |= 1 << (place & 63);
        }
    }
    body.push(b']');
    Ok(if column.kind == Kind::Code { Value::Codes(bits) } else { Value::Word(hash(cell)) })
}

fn read_one(column: &Column, cell: &[u8], body: &mut Vec<u8>) -> Result<Value, Miss> {
    let plain = |fits: bool, body: &mut Vec<u8>| {
        if !fits {
            return Err(misfit(column, cell));
        }
        json::write_plain(cell, body);
        Ok(Value::Word(hash(cell)))
    };
    match column.kind {
        Kind::Code => read_code(column, cell, body),
        Kind::Token { min, max, open } => plain(form::is_token(cell, min, max, open), body),
        Kind::Sector => plain(form::is_sector(cell), body),
        Kind::Outcode => plain(form::is_outcode(cell), body),
        Kind::Urn => plain(form::is_urn(cell), body),
        Kind::Text { max } => read_text(column, max, cell, body),
        Kind::Date => keep(column, cell, date::read_date(cell).map(Value::Day), body),
        Kind::Month => keep(column, cell, date::read_month(cell).map(Value::Month), body),
        Kind::Authority => keep(column, cell, authority_number(cell).map(Value::Number), body),
        Kind::Timestamp => read_timestamp(column, cell, body),
        Kind::Boolean => read_flag(column, cell, body),
        Kind::Integer { min, max } => read_integer(column, min, max, cell, body),
        Kind::Money => read_money(column, cell, body),
        Kind::Miles => read_miles(column, cell, body),
    }
}

/// The rule that a cell of the wrong form breaks: a formula and control characters are told from the rest.
fn misfit(column: &Column, cell: &[u8]) -> Miss {
    if form::has_control(cell) {
        return Miss::of(general::CONTROL_CHARACTER, Detail::None);
    }
    if form::begins_formula(cell) && cell.len() > 1 && !cell.get(1..).unwrap_or(&[]).iter().all(u8::is_ascii_digit) {
        return Miss::of(general::FORMULA, Detail::None);
    }
    Miss::of(column.rule, Detail::Form)
}

fn keep(column: &Column, cell: &[u8], value: Option<Value>, body: &mut Vec<u8>) -> Result<Value, Miss> {
    let value = value.ok_or_else(|| misfit(column, cell))?;
    json::write_plain(cell, body);
    Ok(value)
}

fn read_code(column: &Column, cell: &[u8], body: &mut Vec<u8>) -> Result<Value, Miss> {
    let codes = column.codes.as_ref();
    let (place, entry) = codes.and_then(|codes| codes.find(cell)).ok_or_else(|| misfit(column, cell))?;
    let read_as = column.mapped.iter().find(|(from, _)| *from == place).map_or(place, |(_, to)| *to);
    let text = codes.and_then(|codes| codes.at(read_as)).map_or(entry.text.as_bytes(), |entry| entry.text.as_bytes());
    json::write_plain(text, body);
    Ok(Value::Code(entry.code, place))
}

fn read_text(column: &Column, max: usize, cell: &[u8], body: &mut Vec<u8>) -> Result<Value, Miss> {
    if cell.iter().any(|byte| (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || *byte == 0x7f) {
        return Err(Miss::of(general::CONTROL_CHARACTER, Detail::None));
    }
    let characters = cell.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
    if characters > max {
        return Err(Miss::of(column.rule, Detail::Form));
    }
    json::write_string(cell, body);
    Ok(Value::Word(hash(cell)))
}

fn read_timestamp(column: &Column, cell: &[u8], body: &mut Vec<u8>) -> Result<Value, Miss> {
    let text = std::str::from_utf8(cell).ok().filter(|text| text.ends_with('Z') && text.contains('T'));
    let at: Timestamp = text.and_then(|text| text.parse().ok()).ok_or_else(|| misfit(column, cell))?;
    json::write_plain(at.to_string().as_bytes(), body);
    Ok(Value::Number(at.as_second()))
}

fn read_flag(column: &Column, cell: &[u8], body: &mut Vec<u8>) -> Result<Value, Miss> {
    let flag = match cell {
        b"true" => true,
        b"false" => false,
        _ => return Err(misfit(column, cell)),
    };
    body.extend_from_slice(cell);
    Ok(Value::Flag(flag))
}

fn read_integer(column: &Column, min: i64, max: i64, cell: &[u8], body: &mut Vec<u8>) -> Result<Value, Miss> {
    let value =
        number::read_integer(cell).filter(|value| (min..=max).contains(value)).ok_or_else(|| misfit(column, cell))?;
    number::write_integer(value, body);
    Ok(Value::Number(value))
}

fn read_money(column: &Column, cell: &[u8], body: &mut Vec<u8>) -> Result<Value, Miss> {
    let pence = number::read_pence(cell).map_err(|_| misfit(column, cell))?;
    number::write_integer(pence, body);
    Ok(Value::Number(pence))
}

fn read_miles(column: &Column, cell: &[u8], body: &mut Vec<u8>) -> Result<Value, Miss> {
    match number::read_tenths(cell) {
        Ok(tenths) => {
            number::write_tenths(tenths, body);
            Ok(Value::Number(tenths))
        }
        Err(number::Unread::Finer(tenths)) => {
            number::write_tenths(tenths, body);
            Err(Miss { rule: general::MILES_PRECISION, detail: Detail::None, value: Value::Number(tenths) })
        }
        Err(number::Unread::Form) => Err(misfit(column, cell)),
    }
}
