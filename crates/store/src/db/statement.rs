//! A named SQL statement, written once, and the values bound to it.

/// A statement with a name; the name leads its text as a comment, so that a database log shows which one ran.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Statement {
    /// `module.verb`, unique.
    pub(crate) name: &'static str,
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

/// Declares statements: `statements! { FIND = "submission.find", "SELECT …"; }` makes `const FIND` and adds it to the
/// module's `ALL`, which a test prepares on both databases. A third string, where given, is PostgreSQL's own text; such
/// pairs are few and live in `pairs.rs`.
macro_rules! statements {
    ($($(#[$doc:meta])* $id:ident = $name:literal, $text:expr $(, $postgres:expr)?;)*) => {
        $(
            $(#[$doc])*
            pub(crate) const $id: $crate::db::Statement = $crate::db::Statement {
                name: $name,
                sqlite: concat!("/* ", $name, " */ ", $text),
                postgres: statements!(@pg $name, $text $(, $postgres)?),
            };
        )*
        /// Every statement of this module.
        pub(crate) const ALL: &[$crate::db::Statement] = &[$($id),*];
    };
    (@pg $name:literal, $text:expr) => { concat!("/* ", $name, " */ ", $text) };
    (@pg $name:literal, $text:expr, $postgres:expr) => { concat!("/* ", $name, " */ ", $postgres) };
}
pub(crate) use statements;

/// A bound value. Booleans are integers, times are microseconds, ids are text: types that bind alike on both. No `Debug`:
/// it would show what is bound.
#[derive(Clone, Copy)]
pub(crate) enum Arg<'a> {
    Text(Option<&'a str>),
    /// A list: a JSON object's members to SQLite, an array to PostgreSQL (see `pairs`).
    Texts(&'a [&'a str]),
    Int(Option<i64>),
    Bytes(Option<&'a [u8]>),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<Option<&'a str>> for Arg<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a [&'a str]> for Arg<'a> {
    fn from(texts: &'a [&'a str]) -> Self {
        Self::Texts(texts)
    }
}

impl From<i64> for Arg<'_> {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<Option<i64>> for Arg<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Arg<'_> {
    fn from(truth: bool) -> Self {
        Self::Int(Some(i64::from(truth)))
    }
}

impl<'a> From<&'a [u8]> for Arg<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(Some(bytes))
    }
}

impl<'a> From<Option<&'a [u8]>> for Arg<'a> {
    fn from(bytes: Option<&'a [u8]>) -> Self {
        Self::Bytes(bytes)
    }
}

/// `args![authority, id, seq]` → `&[Arg]`.
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::db::Arg::from($value)),*] };
}
pub(crate) use args;
