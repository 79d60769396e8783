//! One cell read by its column: a value for the rules, and its part of the stored record.

use hub_domain::Timestamp;

use super::value::{Value, authority_number, hash};
use crate::cell::{date, form, json, number};
use crate::model::{Column, Kind};
use crate::report::Detail;
use crate::rules::general;

/// A cell that breaks a rule of form: which rule, and what to add. In a box, for it is rare and should not make every
/// answer large.
#[derive(Debug)]
pub(crate) struct Miss(Box<(u16, Detail)>);

/// Whether a cell was read.
pub(crate) type Done = Result<(), Miss>;

impl Miss {
    fn of(rule: u16, detail: Detail) -> Self {
        Self(Box::new((rule, detail)))
    }

    /// The rule, and what to add.
    pub(crate) fn told(&self) -> (u16, Detail) {
        *self.0
    }
}

/// Reads a filled cell into `value` and appends it to the record body. What cannot be read is [`Value::Bad`].
///
/// The value is written where it will stand: handed back, it would be stored in parts and loaded whole, which a processor
/// waits for.
pub(crate) fn read(column: &Column, cell: &[u8], body: &mut Vec<u8>, value: &mut Value) -> Done {
    *value = Value::Bad;
    if column.list {
        return read_list(column, cell, body, value);
    }
    read_one(column, cell, body, value)
}

fn read_list(column: &Column, cell: &[u8], body: &mut Vec<u8>, value: &mut Value) -> Done {
    let mut bits = 0_u64;
    body.push(b'[');
    for (at, item) in cell.split(|byte| *byte == b';').enumerate() {
        if item.is_empty() {
            return Err(Miss::of(general::LIST, Detail::Say("an item is empty")));
        }
        if at > 0 {
            body.push(b',');
        }
        let mut one = Value::Bad;
        read_one(column, item, body, &mut one)?;
        if let Value::Code(_, place) = one {
            if bits >> (place & 63) & 1 == 1 {
                return Err(Miss::of(general::LIST, Detail::Say("an item stands twice")));
            }
            bits |= 1 << (place & 63);
        }
    }
    body.push(b']');
    *value = if column.kind == Kind::Code { Value::Codes(bits) } else { Value::Word(hash(cell)) };
    Ok(())
}

fn read_one(column: &Column, cell: &[u8], body: &mut Vec<u8>, value: &mut Value) -> Done {
    let fits = match column.kind {
        Kind::Code => return read_code(column, cell, body, value),
        Kind::Text { max } => return read_text(column, max, cell, body, value),
        Kind::Timestamp => return read_timestamp(column, cell, body, value),
        Kind::Boolean => return read_flag(column, cell, body, value),
        Kind::Integer { min, max } => return read_integer(column, (min, max), cell, body, value),
        Kind::Money => return read_money(column, cell, body, value),
        Kind::Miles => return read_miles(column, cell, body, value),
        Kind::Date => return keep(column, cell, date::read_date(cell).map(Value::Day), body, value),
        Kind::Month => return keep(column, cell, date::read_month(cell).map(Value::Month), body, value),
        Kind::Authority => return keep(column, cell, authority_number(cell).map(Value::Number), body, value),
        Kind::Token { min, max, open } => form::is_token(cell, min, max, open),
        Kind::Sector => form::is_sector(cell),
        Kind::Outcode => form::is_outcode(cell),
        Kind::Urn => form::is_urn(cell),
    };
    if !fits {
        return Err(misfit(column, cell));
    }
    json::write_plain(cell, body);
    *value = Value::Word(hash(cell));
    Ok(())
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

#[inline]
fn keep(column: &Column, cell: &[u8], read: Option<Value>, body: &mut Vec<u8>, value: &mut Value) -> Done {
    *value = read.ok_or_else(|| misfit(column, cell))?;
    json::write_plain(cell, body);
    Ok(())
}

fn read_code(column: &Column, cell: &[u8], body: &mut Vec<u8>, value: &mut Value) -> Done {
    let codes = column.codes.as_ref();
    let (place, entry) = codes.and_then(|codes| codes.find(cell)).ok_or_else(|| misfit(column, cell))?;
    let read_as = column.mapped.iter().find(|(from, _)| *from == place).and_then(|(_, to)| codes?.at(*to));
    json::write_plain(read_as.unwrap_or(entry).text.as_bytes(), body);
    *value = Value::Code(entry.code, place);
    Ok(())
}

fn read_text(column: &Column, max: usize, cell: &[u8], body: &mut Vec<u8>, value: &mut Value) -> Done {
    if cell.iter().any(|byte| (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || *byte == 0x7f) {
        return Err(Miss::of(general::CONTROL_CHARACTER, Detail::None));
    }
    let characters = cell.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
    if characters > max {
        return Err(Miss::of(column.rule, Detail::Form));
    }
    json::write_string(cell, body);
    *value = Value::Word(hash(cell));
    Ok(())
}

fn read_timestamp(column: &Column, cell: &[u8], body: &mut Vec<u8>, value: &mut Value) -> Done {
    let text = std::str::from_utf8(cell).ok().filter(|text| text.ends_with('Z') && text.contains('T'));
    let at: Timestamp = text.and_then(|text| text.parse().ok()).ok_or_else(|| misfit(column, cell))?;
    json::write_plain(at.to_string().as_bytes(), body);
    *value = Value::Number(at.as_second());
    Ok(())
}

fn read_flag(column: &Column, cell: &[u8], body: &mut Vec<u8>, value: &mut Value) -> Done {
    *value = match cell {
        b"true" => Value::Flag(true),
        b"false" => Value::Flag(false),
        _ => return Err(misfit(column, cell)),
    };
    body.extend_from_slice(cell);
    Ok(())
}

fn read_integer(column: &Column, bounds: (i64, i64), cell: &[u8], body: &mut Vec<u8>, value: &mut Value) -> Done {
    let read = number::read_integer(cell).filter(|value| (bounds.0..=bounds.1).contains(value));
    let read = read.ok_or_else(|| misfit(column, cell))?;
    number::write_integer(read, body);
    *value = Value::Number(read);
    Ok(())
}

fn read_money(column: &Column, cell: &[u8], body: &mut Vec<u8>, value: &mut Value) -> Done {
    let pence = number::read_pence(cell).map_err(|_| misfit(column, cell))?;
    number::write_integer(pence, body);
    *value = Value::Number(pence);
    Ok(())
}

fn read_miles(column: &Column, cell: &[u8], body: &mut Vec<u8>, value: &mut Value) -> Done {
    let (tenths, done) = match number::read_tenths(cell) {
        Ok(tenths) => (tenths, Ok(())),
        Err(number::Unread::Finer(tenths)) => (tenths, Err(Miss::of(general::MILES_PRECISION, Detail::None))),
        Err(number::Unread::Form) => return Err(misfit(column, cell)),
    };
    number::write_tenths(tenths, body);
    *value = Value::Number(tenths);
    done
}
