//! What the regulator's register says of where children live, and of what stands in an area.

mod beds;
mod categories;
mod graded;
mod grades;
mod registration;

use crate::definition::Indicator;

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] =
    &[grades::INDICATOR, graded::INDICATOR, beds::INDICATOR, registration::INDICATOR, categories::INDICATOR];
