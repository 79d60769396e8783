//! What reg 13(4)(b) wants in a notice beside the word that the child is there: the assessment of needs, and why this
//! placement suits them best; and the care plan. They travel sealed, after the notice that they belong to, so they are a
//! part of their own, with a state, a clock and a step of the ladder of their own (decision 0024).

use hub_domain::{Date, Timestamp, words};

use crate::{Notice, NoticeKind, NoticeState, SealedPart, Standing};

words! {
    /// How far the parts have come that the regulation wants in a notice.
    Details("state of the details") {
        /// No notice has been given that they would belong to.
        NotDue = "not_due", "Not due";
        /// Notice was given, and not all of them are there.
        Outstanding = "outstanding", "Outstanding";
        /// They are there.
        Given = "given", "Given";
    }
}

/// A part that the regulation names.
struct Wanted {
    /// As an outstanding part is called.
    part: SealedPart,
    /// When it first lay sealed, as far as the notice remembers.
    sealed: Option<Timestamp>,
    /// The day on which it was given by another way.
    otherwise: Option<Date>,
}

impl Notice {
    /// How far the details have come.
    pub fn details(&self) -> Details {
        let due = self.kind == NoticeKind::Placement && self.standing() == Standing::Stated;
        if !due || self.state == NoticeState::Withdrawn {
            Details::NotDue
        } else if self.details_given().is_some() {
            Details::Given
        } else {
            Details::Outstanding
        }
    }

    /// The parts that are still to come; none where none is due.
    pub fn details_lacking(&self) -> Vec<SealedPart> {
        if self.details() != Details::Outstanding {
            return Vec::new();
        }
        self.parts().into_iter().filter(|part| self.came(part).is_none()).map(|part| part.part).collect()
    }

    /// When the notice was whole by reg 13(4)(b): the word that the child is there, the needs and the care plan, whichever
    /// came last. `None` while one of them is wanting.
    pub fn details_given(&self) -> Option<Timestamp> {
        let mut whole = self.given_at()?;
        for part in self.parts() {
            whole = whole.max(self.came(&part)?);
        }
        Some(whole)
    }

    /// These parts lie sealed for the host from `at` on, in place of those before. What was given once stays given: a
    /// later envelope that leaves it out is for the list of what is outstanding.
    pub fn seal(&mut self, parts: Vec<SealedPart>, at: Timestamp) {
        if parts.contains(&SealedPart::Needs) {
            self.given.needs.get_or_insert(at);
        }
        if parts.contains(&SealedPart::CarePlan) {
            self.given.care_plan.get_or_insert(at);
        }
        self.sealed = parts;
    }

    /// Nothing lies sealed: another host has the key.
    pub(crate) fn unseal(&mut self) {
        self.sealed.clear();
        (self.given.needs, self.given.care_plan) = (None, None);
    }

    fn parts(&self) -> [Wanted; 2] {
        let said = self.statement.as_deref().filter(|stated| !stated.provisional).map(|stated| &stated.said);
        let (needs, plan) = (said.and_then(|it| it.needs_given_on), said.and_then(|it| it.care_plan_given_on));
        [
            Wanted { part: SealedPart::Needs, sealed: self.given.needs, otherwise: needs },
            Wanted { part: SealedPart::CarePlan, sealed: self.given.care_plan, otherwise: plan },
        ]
    }

    /// When a part came, by whichever way was first. One that lies sealed since before such instants were kept came with
    /// the notice.
    fn came(&self, part: &Wanted) -> Option<Timestamp> {
        let kept = || self.sealed.contains(&part.part).then_some(self.given.placement).flatten();
        let sealed = part.sealed.or_else(kept);
        let otherwise = part.otherwise.and_then(crate::deadline::noon);
        [sealed, otherwise].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests;
