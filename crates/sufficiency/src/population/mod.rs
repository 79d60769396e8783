//! Figures over estimates of how many children live where. Without a loaded vintage there are none.

mod groups;
mod quota;
mod rate;

use crate::definition::Indicator;

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] = &[rate::INDICATOR, groups::ETHNICITY, groups::SEX, quota::INDICATOR];
