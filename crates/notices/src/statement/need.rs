//! When a field of a statement must be filled.

use hub_domain::adjacency::classify;
use hub_domain::codes::PlacementGroup;
use hub_domain::{AuthorityCode, PlacementClass};

use super::Statement;

/// How much a field is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// To consult, and to give notice.
    Always,
    /// To give notice.
    Placement,
    /// To give notice, when the condition holds.
    When(Condition),
    /// Not to give notice, but before the notice is complete.
    Complete,
    /// Never.
    Optional,
}

/// What makes a conditional field needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Somebody must approve the placement: out of area, and outside the exemption of reg 11(4).
    Approval,
    /// The placement was made in an emergency.
    Emergency,
    /// An interpreter is needed.
    Interpreter,
    /// The child has an education, health and care plan.
    Plan,
    /// The police of the area have been told.
    Police,
}

impl Condition {
    /// It holds of what `placing` says.
    pub fn holds(self, said: &Statement, placing: AuthorityCode) -> bool {
        match self {
            Self::Approval => said.needs_approval(placing),
            Self::Emergency => said.emergency == Some(true),
            Self::Interpreter => said.interpreter == Some(true),
            Self::Plan => said.ehcp == Some(true),
            Self::Police => said.police_notified_on.is_some(),
        }
    }
}

impl Statement {
    /// Reg 11(1): out of area somebody approves; reg 11(4): not a connected person, nor the authority's own carer.
    pub fn needs_approval(&self, placing: AuthorityCode) -> bool {
        let class = self.host.zip(self.placement_start).map(|(host, start)| classify(placing, host, start));
        class != Some(PlacementClass::InArea) && !self.is_exempt()
    }

    /// The exemption of reg 11(4).
    pub fn is_exempt(&self) -> bool {
        match self.placement_type.as_deref().and_then(PlacementGroup::of) {
            Some(PlacementGroup::Kinship) => true,
            Some(PlacementGroup::Fostering) => self.placement_provider.as_deref() == Some("PR1"),
            _ => false,
        }
    }
}
