//! The words of a notice's life.

use hub_domain::words;

words! {
    /// Where a notice has got to.
    NoticeState("notice state") {
        /// Begun by the placing authority and not given: the host does not see it.
        Draft = "draft", "Draft";
        /// Cannot be sent yet: the host is not one the hub knows. Shown to the placing authority, never guessed.
        Held = "held", "Held";
        /// Said by the placing authority; its host has not yet got it.
        Raised = "raised", "Raised";
        /// The host's system answered for this version.
        Delivered = "delivered", "Delivered";
        /// Somebody at the host looked.
        Opened = "opened", "Opened";
        /// The host accepts it.
        Acknowledged = "acknowledged", "Acknowledged";
        /// The host accepts it and nothing is outstanding.
        Complete = "complete", "Complete";
        /// The host asks.
        Queried = "queried", "Queried";
        /// The host says it is wrong: not our area, not here, wrong child, duplicate.
        Disputed = "disputed", "Disputed";
        /// The placement is over.
        Ended = "ended", "Ended";
        /// It should not have been said, or is said by another notice.
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

impl NoticeState {
    /// The host has been told and, as far as anyone knows, the child lives there.
    pub const fn is_live(self) -> bool {
        matches!(
            self,
            Self::Raised
                | Self::Delivered
                | Self::Opened
                | Self::Acknowledged
                | Self::Complete
                | Self::Queried
                | Self::Disputed
        )
    }

    /// The host has what was last said: no notice comes into these states before.
    pub const fn is_received(self) -> bool {
        matches!(self, Self::Delivered | Self::Opened | Self::Acknowledged | Self::Complete)
    }
}

words! {
    /// Something that happens to a notice.
    EventKind("notice event") {
        /// The placing authority tells of a placement; its clock runs.
        Raised = "raised", "Raised";
        /// The placing authority tells of a child already there; no clock.
        Registered = "registered", "Entered in the register";
        /// The hub cannot send it yet.
        Held = "held", "Held";
        /// The placing authority begins a notice and does not give it yet.
        Drafted = "drafted", "Drafted";
        /// The placing authority consults the host before a placement.
        Consulted = "consulted", "Consulted";
        /// The placing authority gives notice of a stay that is open already: consulted on, or shown by a feed or a home.
        Stated = "stated", "Notice given";
        /// The placing authority corrects what it stated, and answers what the host asked.
        Corrected = "corrected", "Corrected";
        /// The placing authority gives notice that the placement is to end.
        EndingNotified = "ending_notified", "End announced";
        /// A feed shows what was stated.
        Seen = "seen", "Seen in the feed";
        /// The host accepted and nothing is outstanding.
        Completed = "completed", "Complete";
        /// The host's system answered.
        Delivered = "delivered", "Delivered";
        /// The host looked.
        Opened = "opened", "Opened";
        /// The host accepts.
        Acknowledged = "acknowledged", "Acknowledged";
        /// The host asks.
        Queried = "queried", "Queried";
        /// The host disputes.
        Disputed = "disputed", "Disputed";
        /// The placing authority corrects or updates.
        Changed = "changed", "Changed";
        /// The placement ended.
        Ended = "ended", "Ended";
        /// The placing authority takes it back.
        Withdrawn = "withdrawn", "Withdrawn";
        /// The placing authority leaves an envelope of sealed details.
        Sealed = "sealed", "Details sealed";
        /// The host fetched an envelope.
        DetailsRead = "details_read", "Sealed details fetched";
        /// The host said why a protected address must be read.
        AddressOpened = "address_opened", "Protected address opened";
        /// A bank holiday was proclaimed or taken back, and a due date moved with it.
        Rescheduled = "rescheduled", "Due date moved";
        /// The hub told somebody that it waits for something.
        Escalated = "escalated", "Escalated";
    }
}

impl EventKind {
    /// The only party that may do it.
    pub const fn owner(self) -> Party {
        match self {
            Self::Raised
            | Self::Registered
            | Self::Changed
            | Self::Ended
            | Self::Withdrawn
            | Self::Drafted
            | Self::Consulted
            | Self::Stated
            | Self::Corrected
            | Self::EndingNotified
            | Self::Sealed => Party::Placing,
            Self::Opened
            | Self::Acknowledged
            | Self::Queried
            | Self::Disputed
            | Self::DetailsRead
            | Self::AddressOpened => Party::Host,
            Self::Held | Self::Delivered | Self::Seen | Self::Completed | Self::Rescheduled | Self::Escalated => {
                Party::Hub
            }
        }
    }

    /// The CloudEvents `type`: `notice.raised`.
    pub fn event_type(self) -> String {
        format!("notice.{}", self.as_str())
    }
}

words! {
    /// Who acts on a notice.
    Party("party") {
        /// The authority that placed the child; what its feed says, it says.
        Placing = "placing", "Placing authority";
        /// The authority whose area the child lives in.
        Host = "host", "Host authority";
        /// The hub itself.
        Hub = "hub", "Hub";
    }
}

words! {
    /// What a host says is wrong with a notice that it disputes.
    DisputeReason("reason of a dispute") {
        /// The address is in another authority's area.
        NotOurArea = "not_our_area", "Not our area";
        /// No such child lives at the address.
        NotHere = "not_here", "Not here";
        /// Another child lives there.
        WrongChild = "wrong_child", "Another child";
        /// Another notice says the same.
        Duplicate = "duplicate", "Said by another notice";
    }
}
