//! The payload as case systems make it (DfE's specification 0.7): what the placements feed needs of it, and nothing else.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// A day's payload.
pub struct Payload {
    pub(super) children: Vec<Child>,
}

/// The payload cannot be read. Says where, and repeats nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it does not read as a daily payload, at line {line}, character {column}")]
pub struct PayloadError {
    /// The line, from 1.
    pub line: usize,
    /// The character, from 1.
    pub column: usize,
}

/// One child; a partial record leaves out what did not change.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Child {
    pub(super) la_child_id: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) purge: bool,
    #[serde(rename = "child_details")]
    pub(super) details: Option<Details>,
    #[serde(deserialize_with = "or_default")]
    pub(super) social_care_episodes: Vec<Episode>,
}

/// Who the child is.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Details {
    pub(super) date_of_birth: Option<String>,
    pub(super) sex: Option<String>,
    pub(super) ethnicity: Option<String>,
    pub(super) uasc_flag: Option<bool>,
}

/// A referral and what followed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Episode {
    pub(super) social_care_episode_id: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) purge: bool,
    #[serde(deserialize_with = "or_default")]
    pub(super) child_looked_after_placements: Vec<Placement>,
}

/// A placement, in the return's own codes.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Placement {
    pub(super) child_looked_after_placement_id: Option<String>,
    pub(super) start_date: Option<String>,
    pub(super) start_reason: Option<String>,
    #[serde(rename = "placement_type")]
    pub(super) kind: Option<String>,
    pub(super) postcode: Option<String>,
    pub(super) end_date: Option<String>,
    pub(super) end_reason: Option<String>,
    pub(super) change_reason: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) purge: bool,
}

/// The shapes in which children come: a list, a list in an envelope, one child in an envelope.
#[derive(Deserialize)]
#[serde(untagged)]
enum Shape {
    List(Vec<Child>),
    Wrapped {
        #[serde(rename = "Children", alias = "children")]
        children: OneOrMany,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    Many(Vec<Child>),
    One(Box<Child>),
}

/// Some systems write `null` for nothing.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

impl Payload {
    /// Reads a payload: a list of children, or such a list or one child under `Children`.
    pub fn read(text: &str) -> Result<Self, PayloadError> {
        let text = text.trim_start_matches('\u{feff}');
        // Where it is no JSON at all the place is known; an untagged shape does not say where it went wrong.
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|error| PayloadError { line: error.line(), column: error.column() })?;
        let children = match serde_json::from_value(value).map_err(|_| PayloadError { line: 1, column: 1 })? {
            Shape::List(children) | Shape::Wrapped { children: OneOrMany::Many(children) } => children,
            Shape::Wrapped { children: OneOrMany::One(child) } => vec![*child],
        };
        Ok(Self { children })
    }
}

impl fmt::Debug for Payload {
    /// How many children, and nothing of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Payload({} children)", self.children.len())
    }
}
