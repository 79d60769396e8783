//! What the regulator registered, judged and restricted.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::AuthorityCode;

/// A state of registration, a judgement or a restriction. Key: `urn/entry/aspect/effective_from`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RegulatorRow {
    /// Ofsted URN.
    pub urn: String,
    /// `registration`, `judgement`, `restriction`.
    pub entry: String,
    /// Of a judgement `overall`, `experiences`, `protection`, `leadership`; of a restriction `suspension`,
    /// `accommodation`, `conditions`, `compliance`; empty for a registration.
    pub aspect: String,
    /// First day it holds; of a judgement, the last day of the inspection.
    pub effective_from: Date,
    /// Day it stops holding, exclusive; `None` while it holds.
    pub effective_to: Option<Date>,
    /// `childrens_home`, `supported_accommodation`, … see the contract.
    pub provider_type: Option<String>,
    /// Name in the register.
    pub provider_name: Option<String>,
    /// `private`, `voluntary`, `local_authority`, `health`.
    pub sector: Option<String>,
    /// Authority it stands in.
    pub la: Option<AuthorityCode>,
    /// `registered`, `pending`, `suspended`, `cancelled`, `resigned`.
    pub registration_status: Option<String>,
    /// Places registered.
    pub registered_places: Option<i64>,
    /// Categories of supported accommodation, `1` to `4` (SI 2023/416 reg 2).
    pub categories: Vec<String>,
    /// `four_point`, `supported_accommodation`, `effectiveness`.
    pub scale: Option<String>,
    /// The grade in that scale.
    pub grade: Option<String>,
    /// Day the report was published.
    pub published_on: Option<Date>,
}

impl RegulatorRow {
    /// From the day it begins, up to but not on `effective_to`.
    pub fn holds(&self, on: Date) -> bool {
        self.effective_from <= on && self.effective_to.is_none_or(|to| on < to)
    }
}
