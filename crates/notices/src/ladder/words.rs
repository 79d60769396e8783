//! The words of the ladder: its steps, and whom each is for.

use hub_domain::words;

use crate::Party;

words! {
    /// Something that is said when nobody did what was due, or when something is wrong with where children live.
    Step("step of the ladder") {
        /// One working day is left to tell the host.
        Nudge = "nudge", "One working day left";
        /// The due date has passed.
        Overdue = "overdue", "Due date passed";
        /// Two working days have.
        Director = "director", "Two working days overdue";
        /// Five have: the placement counts as missing in the monthly table.
        Counted = "counted", "Counted as missing";
        /// Notice was given in time or not, and by the due date the needs or the care plan had not come with it.
        Details = "details", "Notice without needs or care plan";
        /// The host has not opened it in two working days.
        Unopened = "unopened", "Not opened by the host";
        /// The host's address does not take it.
        Undeliverable = "undeliverable", "Cannot be delivered";
        /// The placement ended, and nobody gave notice of that (reg 14(4)).
        SilentEnd = "silent_end", "Ended without notice";
        /// Several authorities place into one small home.
        Cluster = "cluster", "Many authorities in one small home";
        /// A home's grade fell, or a restriction came, since a child went there.
        Worsened = "worsened", "Home judged worse since";
        /// The host authority is no more: whoever its area passed to has not been told.
        HostEnded = "host_ended", "Host authority is no more";
        /// A child under 18 lives where nobody is registered.
        Unregistered = "unregistered", "Child in an unregistered setting";
    }
}

words! {
    /// Whom a step is for.
    Audience("audience") {
        /// The worker's team.
        PlacingTeam = "placing_team", "Placing team";
        /// Their manager.
        PlacingManager = "placing_manager", "Team manager";
        /// The office of the placing authority's Director of Children's Services.
        PlacingDirector = "placing_director", "Placing director's office";
        /// The host's duty desk.
        HostDesk = "host_desk", "Host's duty desk";
        /// The host's second contact.
        HostSecond = "host_second", "Host's second contact";
        /// The regional desk: whoever runs the hub.
        RegionalDesk = "regional_desk", "Regional desk";
    }
}

impl Step {
    /// Everybody it is for.
    pub const fn audiences(self) -> &'static [Audience] {
        match self {
            Self::Nudge => &[Audience::PlacingTeam],
            Self::Overdue => &[Audience::PlacingManager],
            Self::Counted => &[Audience::PlacingDirector],
            Self::Director | Self::Unregistered => &[Audience::PlacingDirector, Audience::HostDesk],
            Self::Unopened => &[Audience::HostSecond],
            Self::Undeliverable => &[Audience::RegionalDesk],
            Self::HostEnded => &[Audience::PlacingTeam, Audience::RegionalDesk],
            Self::Details | Self::SilentEnd | Self::Cluster | Self::Worsened => {
                &[Audience::PlacingManager, Audience::HostDesk]
            }
        }
    }

    /// The kind of event that says it: `notice.overdue`, or `alert.cluster` for what is about a home.
    pub const fn event(self) -> &'static str {
        match self {
            Self::Nudge => "notice.nudge",
            Self::Overdue => "notice.overdue",
            Self::Director => "notice.director",
            Self::Counted => "notice.counted",
            Self::Details => "notice.details_outstanding",
            Self::Unopened => "notice.unopened",
            Self::Undeliverable => "notice.undeliverable",
            Self::SilentEnd => "notice.silent_end",
            Self::HostEnded => "notice.host_ended",
            Self::Cluster => "alert.cluster",
            Self::Worsened => "alert.worsened",
            Self::Unregistered => "alert.unregistered",
        }
    }

    /// The job that says it.
    pub const fn job(self) -> &'static str {
        match self {
            Self::Nudge => "ladder-nudge",
            Self::Overdue => "ladder-overdue",
            Self::Director => "ladder-director",
            Self::Counted => "ladder-counted",
            Self::Details => "ladder-details",
            Self::Unopened => "ladder-unopened",
            Self::Undeliverable => "ladder-undeliverable",
            Self::SilentEnd => "ladder-silent-end",
            Self::HostEnded => "ladder-host-ended",
            Self::Cluster => "alert-cluster",
            Self::Worsened => "alert-worsened",
            Self::Unregistered => "alert-unregistered",
        }
    }
}

impl Audience {
    /// On whose side they are.
    pub const fn side(self) -> Party {
        match self {
            Self::PlacingTeam | Self::PlacingManager | Self::PlacingDirector => Party::Placing,
            Self::HostDesk | Self::HostSecond => Party::Host,
            Self::RegionalDesk => Party::Hub,
        }
    }
}
