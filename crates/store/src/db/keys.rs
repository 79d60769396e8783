//! Many keys in one bound value.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo};
use sqlx::{Encode, Postgres, Type};

/// Keys as the members of one JSON object (`{"a":0,"b":0}`): both databases turn an object into rows with a column `key`
/// by the same call, `json_each($1)`, so that one text serves both. PostgreSQL must be told that the value is `json`.
pub(crate) struct Keys(pub(super) String);

/// The object identifier of PostgreSQL's `json`, the same in every installation.
const JSON: Oid = Oid(114);

impl Keys {
    /// The object that has these members.
    pub(crate) fn of<K: AsRef<str>>(keys: &[K]) -> Self {
        let room = keys.iter().map(|key| key.as_ref().len() + 5).sum::<usize>();
        let mut text = String::with_capacity(room + 2);
        text.push('{');
        for (n, key) in keys.iter().enumerate() {
            if n > 0 {
                text.push(',');
            }
            quote(key.as_ref(), &mut text);
            text.push_str(":0");
        }
        text.push('}');
        Self(text)
    }
}

/// A JSON string (RFC 8259 section 7).
fn quote(key: &str, text: &mut String) {
    text.push('"');
    for letter in key.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\0'..='\u{1f}' => text.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => text.push(letter),
        }
    }
    text.push('"');
}

impl Type<Postgres> for Keys {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(JSON)
    }
}

impl Encode<'_, Postgres> for Keys {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        buffer.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }
}
