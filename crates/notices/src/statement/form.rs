//! What the value of a field looks like.

use hub_domain::codes::{CodeList, find};
use hub_domain::{AuthorityCode, Date};
use serde_json::Value;

use super::Recipient;

/// Longest running text, characters.
const LONGEST: usize = 500;
/// Longest list.
const MOST: usize = 30;

/// The form of a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `true` or `false`.
    Flag,
    /// `YYYY-MM-DD`.
    Date,
    /// A GSS code.
    Authority,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A code of an SSDA903 list.
    Code(CodeList),
    /// The pseudonym of a child: 20 to 64 letters, digits, `_`, `-`.
    Child,
    /// A reference: 1 to 64 letters, digits, `_`, `-`, `.`, `/`, `:`.
    Reference,
    /// A postcode sector, such as `SE13 6`.
    Sector,
    /// Words of at most 500 characters, looked through for what may not be said in clear.
    Text,
    /// The name of a professional, an organisation or a language: at most 100 characters.
    Title,
    /// A telephone number or e-mail address of a professional.
    Contact,
    /// A whole number from 0 to 1,040.
    Weeks,
    /// Who else was told, or was not and why.
    Recipients,
}

impl Form {
    /// What is wanted, in words.
    pub fn wanted(self) -> String {
        match self {
            Self::Flag => "true or false".to_owned(),
            Self::Date => "a date, YYYY-MM-DD".to_owned(),
            Self::Authority => "the GSS code of an authority, such as E09000023".to_owned(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Code(list) => format!("an SSDA903 {} code", list.as_str()),
            Self::Child => "the pseudonym that the feeds use: 20 to 64 of A-Z a-z 0-9 _ -".to_owned(),
            Self::Reference => "1 to 64 of A-Z a-z 0-9 _ - . / :".to_owned(),
            Self::Sector => "a postcode sector, such as SE13 6; never the whole postcode".to_owned(),
            Self::Text => format!("words, {LONGEST} characters at most"),
            Self::Title => "a name, 100 characters at most".to_owned(),
            Self::Contact => "a telephone number or an e-mail address".to_owned(),
            Self::Weeks => "a whole number of weeks, 0 to 1040".to_owned(),
            Self::Recipients => format!(
                "a list of at most {MOST} objects with role, and told_on (a date) or withheld (words); role is one of {}",
                Recipient::ROLES.join(", ")
            ),
        }
    }

    /// The value has this form.
    pub fn reads(self, value: &Value) -> bool {
        let text = || value.as_str();
        match self {
            Self::Flag => value.is_boolean(),
            Self::Date => text().is_some_and(|text| text.len() == 10 && text.parse::<Date>().is_ok()),
            Self::Authority => text().is_some_and(|text| text.parse::<AuthorityCode>().is_ok()),
            Self::Word(words) => text().is_some_and(|text| words.contains(&text)),
            Self::Code(list) => text().is_some_and(|text| find(list, text).is_some()),
            Self::Child => text().is_some_and(|text| (20..=64).contains(&text.len()) && plain(text, b"_-")),
            Self::Reference => text().is_some_and(|text| (1..=64).contains(&text.len()) && plain(text, b"_-./:")),
            Self::Sector => text().is_some_and(is_sector),
            Self::Text => text().is_some_and(|text| printable(text, LONGEST)),
            Self::Title => text().is_some_and(|text| printable(text, 100)),
            Self::Contact => text().is_some_and(is_contact),
            Self::Weeks => value.as_u64().is_some_and(|weeks| weeks <= 1040),
            Self::Recipients => {
                value.as_array().is_some_and(|list| list.len() <= MOST && list.iter().all(Recipient::reads))
            }
        }
    }

    /// It is running text, in which nobody need be named.
    pub const fn is_prose(self) -> bool {
        matches!(self, Self::Text | Self::Recipients)
    }

    /// A person wrote it in words, so it is looked through for what may not be said in clear.
    pub const fn is_written(self) -> bool {
        matches!(self, Self::Text | Self::Title | Self::Reference | Self::Child)
    }
}

fn plain(text: &str, also: &[u8]) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || also.contains(&byte))
}

/// Words: not blank, no control character.
pub(super) fn printable(text: &str, longest: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control)
}

/// Outward code, space, one digit.
fn is_sector(text: &str) -> bool {
    let Some((outward, inward)) = text.split_once(' ') else { return false };
    let letters = outward.bytes().take_while(u8::is_ascii_uppercase).count();
    (2..=4).contains(&outward.len())
        && (1..=2).contains(&letters)
        && outward.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && outward.as_bytes().get(letters).is_some_and(u8::is_ascii_digit)
        && inward.len() == 1
        && inward.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_contact(text: &str) -> bool {
    let mail = text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let phone = (9..=15).contains(&digits)
        && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'+' | b'(' | b')' | b'-'));
    text.len() <= 100 && !text.chars().any(char::is_control) && !text.contains(' ') & mail || phone && text.len() <= 30
}
