//! Who has given notice of a stay: beside its state, which says how far the host has got with it.

use hub_domain::words;

use crate::{EndingCause, Notice, NoticeKind, NoticeState};

words! {
    /// Who has given notice.
    Standing("standing of a notice") {
        /// The placing authority gave notice (reg 13(4)).
        Stated = "stated", "Notice given";
        /// The placing authority's feed shows the child there, and nobody has given notice.
        PresumedMissing = "presumed_missing", "Notice presumed missing";
        /// Only the home's own admission notice speaks of the child.
        ProviderOnly = "provider_only", "Told by the home only";
        /// The placing authority consults the host before a placement at a distance (reg 11(2)).
        Consulted = "consulted", "Consultation";
        /// Begun by the placing authority and not given yet; the host does not see it.
        Draft = "draft", "Draft";
        /// A register entry: the child was there before notices were given here, and none is looked for.
        Register = "register", "Register entry";
    }
}

words! {
    /// What else has become of a notice.
    Mark("mark of a notice") {
        /// The placing authority corrected what it had stated.
        Corrected = "corrected", "Corrected";
        /// The placing authority gave notice that the placement is to end.
        EndingNotified = "ending_notified", "End announced";
        /// The stay ended and another with the same host followed.
        Superseded = "superseded", "Superseded";
        /// The stay ended, and the child is not known to live in the host's area any more.
        Terminated = "terminated", "Terminated";
    }
}

impl Notice {
    /// Who has given notice. Follows from what the notice holds, so that it cannot disagree with it.
    pub fn standing(&self) -> Standing {
        if self.given.placement.is_some() {
            return Standing::Stated;
        }
        if self.state == NoticeState::Draft {
            return Standing::Draft;
        }
        match self.kind {
            NoticeKind::Consultation => Standing::Consulted,
            NoticeKind::Register => Standing::Register,
            NoticeKind::Placement if self.first_seen.is_none() && self.admission.is_some() => Standing::ProviderOnly,
            NoticeKind::Placement => Standing::PresumedMissing,
        }
    }

    /// The host has acknowledged it and nothing is outstanding: notice was given, and given in full.
    pub fn completes(&self) -> bool {
        self.state == NoticeState::Acknowledged
            && self.standing() == Standing::Stated
            && crate::outstanding(self).is_empty()
    }

    /// What else has become of it.
    pub fn marks(&self) -> Vec<Mark> {
        let ended = self.state == NoticeState::Ended;
        let stayed = |cause| matches!(cause, EndingCause::Moved | EndingCause::Succeeded);
        let here = self.ending.as_ref().is_some_and(|it| stayed(it.cause) && it.destination == Some(self.host));
        [
            (self.given.corrections > 0, Mark::Corrected),
            (self.intention.is_some() && !ended, Mark::EndingNotified),
            (ended && here, Mark::Superseded),
            (ended && !here, Mark::Terminated),
        ]
        .into_iter()
        .filter_map(|(holds, mark)| holds.then_some(mark))
        .collect()
    }
}
