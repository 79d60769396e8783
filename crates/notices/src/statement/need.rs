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
    /// Before the notice is complete, when the condition holds.
    CompleteWhen(Condition),
    /// To say that the placement is to end.
    Intention,
    /// To say that the placement ended.
    Ended,
    /// To say that the placement ended, when the condition holds.
    EndedWhen(Condition),
    /// To take the notice back.
    Withdrawal,
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
    /// The child is an unaccompanied asylum-seeker.
    Asylum,
    /// An interpreter is needed.
    Interpreter,
    /// The setting is registered, and in England: Ofsted has given it, or the service it belongs to, a number.
    Registered,
    /// A registered home: somebody other than the home is registered as its provider.
    Home,
    /// Not a family: only there is a child deprived of liberty, or alone with staff.
    Staffed,
    /// A general practitioner is arranged.
    Practice,
    /// The child has an education, health and care plan.
    Plan,
    /// The police of the area have been told.
    Police,
    /// The host is in Scotland or Northern Ireland (reg 12; Children Act 1989, Sch 2 para 19).
    Abroad,
    /// The stay ended because the child moved: 903 REC X1.
    Moved,
}

impl Condition {
    /// It holds of what `placing` says.
    pub fn holds(self, said: &Statement, placing: AuthorityCode) -> bool {
        match self {
            Self::Approval => said.needs_approval(placing),
            Self::Emergency => said.emergency == Some(true),
            Self::Asylum => said.uasc == Some(true),
            Self::Interpreter => said.interpreter == Some(true),
            Self::Registered => said.is_registered() && said.host.is_none_or(is_english),
            Self::Home => said.is_registered() && said.host.is_none_or(is_english) && said.is_home(),
            Self::Staffed => said.is_staffed(),
            Self::Practice => said.gp_arranged == Some(true),
            Self::Plan => said.ehcp == Some(true),
            Self::Police => said.police_notified_on.is_some(),
            Self::Abroad => said.host.is_some_and(is_abroad),
            Self::Moved => said.reason_ceased.as_deref() == Some("X1"),
        }
    }
}

/// Ofsted registers what is in England. A code of ours stands for an English authority.
fn is_english(host: AuthorityCode) -> bool {
    host.as_str().starts_with(['E', 'X'])
}

/// Outside England and Wales, as the GSS code says.
pub(crate) fn is_abroad(host: AuthorityCode) -> bool {
    host.as_str().starts_with(['S', 'N'])
}

impl Statement {
    fn is_registered(&self) -> bool {
        self.registration.as_deref() == Some("registered")
    }

    /// Children's homes, secure ones among them, and supported accommodation: kinds that must be registered.
    pub(super) fn is_home(&self) -> bool {
        self.placement_type.as_deref().is_some_and(|place| matches!(place, "K1" | "K2" | "K3"))
    }

    fn is_staffed(&self) -> bool {
        let group = self.placement_type.as_deref().and_then(PlacementGroup::of);
        matches!(
            group,
            Some(
                PlacementGroup::Residential
                    | PlacementGroup::SemiIndependent
                    | PlacementGroup::ResidentialSchool
                    | PlacementGroup::Health
                    | PlacementGroup::Other
            )
        )
    }

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
