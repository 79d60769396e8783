//! Named values of a query or a small JSON object, read one by one, each fault noted where it stands.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::str::FromStr;

use crate::problem::{FieldError, INVALID_REQUEST, Problem};

/// What a request may say by name. Reading everything before refusing lets a caller mend it all at once.
#[derive(Debug)]
pub struct Fields {
    place: &'static str,
    values: BTreeMap<String, String>,
    known: Vec<&'static str>,
    errors: Vec<FieldError>,
}

/// A request read from its fields. `None` only when an error has been noted.
pub trait FromFields: Sized {
    /// Reads the fields.
    fn from_fields(fields: &mut Fields) -> Option<Self>;
}

impl Fields {
    pub(super) fn new(place: &'static str, pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut fields = Self { place, values: BTreeMap::new(), known: Vec::new(), errors: Vec::new() };
        for (name, value) in pairs {
            if fields.values.insert(name, value).is_some() {
                fields.refuse_place("", "a name that stands only once");
            }
        }
        fields
    }

    /// A value that must be there; `wanted` says in words what it looks like.
    pub fn required<T: FromStr>(&mut self, name: &'static str, wanted: &'static str) -> Option<T> {
        let given = self.take(name);
        if given.is_none() {
            self.refuse(name, wanted);
        }
        self.parse(name, wanted, given)
    }

    /// A value that may be left out. The outer `None` means that it was there and does not read.
    pub fn optional<T: FromStr>(&mut self, name: &'static str, wanted: &'static str) -> Option<Option<T>> {
        match self.take(name) {
            None => Some(None),
            given => self.parse(name, wanted, given).map(Some),
        }
    }

    /// A value with a default.
    pub fn or<T: FromStr>(&mut self, name: &'static str, wanted: &'static str, default: T) -> Option<T> {
        Some(self.optional(name, wanted)?.unwrap_or(default))
    }

    /// A list of texts that may be left out: an array in JSON, or texts with commas between them. The outer `None` means that
    /// it was there and does not read.
    pub fn list(&mut self, name: &'static str, wanted: &'static str) -> Option<Option<Vec<String>>> {
        let Some(given) = self.take(name) else { return Some(None) };
        let list = match given.strip_prefix('\0') {
            Some(array) => serde_json::from_str(array).ok(),
            None => Some(given.split(',').map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()),
        };
        let list = list.filter(|texts: &Vec<String>| !texts.iter().any(|text| text.contains('\0')));
        if list.is_none() {
            self.refuse(name, wanted);
        }
        list.map(Some)
    }

    /// Notes that the value of `name` is not what is wanted.
    pub fn refuse(&mut self, name: &str, wanted: impl Into<Cow<'static, str>>) {
        self.refuse_place(&format!("/{name}"), wanted);
    }

    fn refuse_place(&mut self, at: &str, wanted: impl Into<Cow<'static, str>>) {
        self.errors.push(FieldError::at(format!("/{}{at}", self.place), wanted));
    }

    fn take(&mut self, name: &'static str) -> Option<String> {
        self.known.push(name);
        self.values.remove(name)
    }

    fn parse<T: FromStr>(&mut self, name: &'static str, wanted: &'static str, given: Option<String>) -> Option<T> {
        let text = given?;
        // NUL is a character that PostgreSQL cannot keep and SQLite can: refused at the door, on both.
        let parsed = if text.contains('\0') { None } else { text.parse().ok() };
        if parsed.is_none() {
            self.refuse(name, wanted);
        }
        parsed
    }

    /// The request, or one problem that names everything wrong with it.
    pub(super) fn read<T: FromFields>(mut self) -> Result<T, Problem> {
        let read = T::from_fields(&mut self);
        if !self.values.is_empty() {
            let known = self.known.join(", ");
            self.refuse_place(
                "",
                if known.is_empty() { "nothing".to_owned() } else { format!("only these names: {known}") },
            );
        }
        match read {
            Some(read) if self.errors.is_empty() => Ok(read),
            _ => Err(Problem::new(INVALID_REQUEST)
                .detail("See errors: each names a place in the request and what is wanted there.")
                .errors(self.errors)),
        }
    }
}

impl FromFields for () {
    fn from_fields(_: &mut Fields) -> Option<Self> {
        Some(())
    }
}
