//! What is remembered from day to day, at the borough: which placement began when, so that one that is purged or corrected can be
//! withdrawn, and who a child is, for records that leave it out. No name, no full date of birth, no address.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::payload;

/// What is remembered.
#[derive(Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    children: BTreeMap<String, Remembered>,
}

#[derive(Default, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    details: Details,
    /// By placement.
    placements: BTreeMap<String, Begun>,
}

/// Who a child is, as far as the feed says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Details {
    pub(super) birth_month: String,
    pub(super) sex: String,
    pub(super) ethnicity: String,
    pub(super) uasc: bool,
}

#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Begun {
    episode: String,
    start: String,
}

impl Memory {
    /// Reads what was remembered.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// What is to be kept until tomorrow. Nothing of it leaves the borough.
    pub fn write(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    pub(super) fn learn(&mut self, child: &str, said: &payload::Details) {
        let details = &mut self.children.entry(child.to_owned()).or_default().details;
        if let Some(month) = said.date_of_birth.as_deref().and_then(|day| day.get(..7)) {
            month.clone_into(&mut details.birth_month);
        }
        if let Some(sex) = said.sex.as_deref() {
            let read = match sex.trim() {
                "M" | "1" => "M",
                "F" | "2" => "F",
                _ => "U",
            };
            read.clone_into(&mut details.sex);
        }
        if let Some(ethnicity) = said.ethnicity.as_deref() {
            ethnicity.trim().clone_into(&mut details.ethnicity);
        }
        details.uasc = said.uasc_flag.unwrap_or(details.uasc);
    }

    pub(super) fn details(&self, child: &str) -> Option<&Details> {
        self.children.get(child).map(|known| &known.details)
    }

    pub(super) fn start(&self, child: &str, placement: &str) -> Option<String> {
        self.children.get(child)?.placements.get(placement).map(|begun| begun.start.clone())
    }

    pub(super) fn remember(&mut self, child: &str, episode: &str, placement: &str, start: String) {
        if !placement.is_empty() {
            let known = self.children.entry(child.to_owned()).or_default();
            known.placements.insert(placement.to_owned(), Begun { episode: episode.to_owned(), start });
        }
    }

    pub(super) fn forget(&mut self, child: &str, placement: &str) -> Option<String> {
        self.children.get_mut(child)?.placements.remove(placement).map(|begun| begun.start)
    }

    pub(super) fn forget_episode(&mut self, child: &str, episode: &str) -> Vec<String> {
        let Some(known) = self.children.get_mut(child) else { return Vec::new() };
        let gone = known.placements.extract_if(.., |_, begun| begun.episode == episode);
        gone.map(|(_, begun)| begun.start).collect()
    }

    pub(super) fn forget_child(&mut self, child: &str) -> Vec<String> {
        let known = self.children.remove(child).unwrap_or_default();
        known.placements.into_values().map(|begun| begun.start).collect()
    }
}

impl fmt::Debug for Memory {
    /// How many children, and nothing of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memory({} children)", self.children.len())
    }
}
