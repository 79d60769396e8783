//! A notice: one stay of one child, as its host is told of it.

use hub_domain::{AuthorityCode, Date, Timestamp, authority, words};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Admission, Deadline, EventKind, Given, NoticeState, SealedPart, Stated, Statement, StatementKind, Terms};

words! {
    /// What a notice is.
    NoticeKind("kind of notice") {
        /// Of a placement, with a clock.
        Placement = "placement", "Placement";
        /// A register entry, without one: the child was there before the authority joined, or before
        /// this host came into being, or before the feed shows.
        Register = "register", "Register entry";
        /// Of a placement that is only proposed (reg 11(2)(d)); without a clock.
        Consultation = "consultation", "Consultation";
    }
}

words! {
    /// Something about a notice that wants a person's eye.
    Flag("notice flag") {
        /// At a distance, and nobody says that the Director of Children's Services approved (reg 11(1)).
        DirectorApprovalMissing = "director_approval_missing", "Director's approval not shown";
        /// Adjoining by a ruling rather than by the map (City–Lambeth).
        ShortBorder = "short_border", "Adjoining by ruling";
        /// Neither adjoining nor at a distance could be told.
        ClassUnknown = "class_unknown", "Distance class not known";
        /// The setting is unregistered, or may be.
        UnregisteredSetting = "unregistered_setting", "Unregistered setting";
        /// The setting's registration is pending: unregistered in law.
        RegistrationPending = "registration_pending", "Registration pending";
        /// At a distance, and the host was not consulted before it was told (reg 11(2)(d)).
        ConsultMissing = "consult_missing", "Host not consulted first";
        /// The placing authority asserts another class than the map gives (reg 11(5)).
        ClassContradicted = "class_contradicted", "Distance class contradicted";
        /// What was stated is not what the feed shows.
        DiffersFromFeed = "differs_from_feed", "Differs from the feed";
        /// The host is in Scotland or Northern Ireland: the rules of a placement outside England and Wales hold (reg 12;
        /// Children Act 1989, Sch 2 para 19).
        OutsideEnglandAndWales = "outside_england_and_wales", "Outside England and Wales";
        /// Bank holidays of that year are not loaded, so the due date cannot be computed.
        DeadlineUnknown = "deadline_unknown", "Due date not known";
    }
}

words! {
    /// Why a notice is held.
    HeldReason("reason a notice is held") {
        /// The host is not an authority that the hub knows.
        UnknownHost = "unknown_host", "Host authority not known";
        /// The host no longer exists on the day, or does not yet.
        HostNotInForce = "host_not_in_force", "Host authority not in being";
    }
}

words! {
    /// Why a notice was withdrawn.
    WithdrawalReason("reason a notice is withdrawn") {
        /// The placement is no longer reported.
        NotReported = "not_reported", "No longer reported";
        /// It is reported, but elsewhere.
        HostCorrected = "host_corrected", "Reported in another area";
        /// It is reported there, but from another day.
        StartCorrected = "start_corrected", "Reported from another day";
        /// A setting of the placing authority says that such placements are not notified.
        Excluded = "excluded", "Not notified by this authority";
        /// The home's word was of a short break, of which no notice is due.
        ShortBreak = "short_break", "A short break";
        /// The placing authority says that the child was not placed there.
        NotPlaced = "not_placed", "Not placed there";
        /// The placing authority says that it is another child.
        WrongChild = "wrong_child", "Another child";
        /// The placing authority says that it is another host.
        WrongHost = "wrong_host", "Another host";
        /// The placing authority says that another notice says the same.
        Duplicate = "duplicate", "Said by another notice";
        /// The placing authority takes it back for another reason.
        Other = "other", "Taken back";
    }
}

words! {
    /// How a stay ended.
    EndingCause("cause of ending") {
        /// The child left care, or nothing is known of where they went.
        Ceased = "ceased", "Ended";
        /// The child moved on.
        Moved = "moved", "Moved";
        /// The child stayed: the host's area passed to a successor.
        Succeeded = "succeeded", "Host authority succeeded";
    }
}

/// The end of a stay.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// First day the child was not there.
    pub on: Date,
    /// How it ended.
    pub cause: EndingCause,
    /// 903 REC of the last episode.
    pub reason_ceased: Option<String>,
    /// 903 REASON_PLACE_CHANGE of the last episode.
    pub reason_place_change: Option<String>,
    /// Where the child went, when it is another placement whose area is known; may be the placing authority's own.
    pub destination: Option<AuthorityCode>,
    /// When the host must have been told (reg 14(4)); `None` on a register entry.
    pub deadline: Option<Deadline>,
    /// The placing authority stated it, and no feed has shown it yet.
    #[serde(default)]
    pub stated: bool,
    /// A feed of a later day, by more than feeds lag, still shows the child there.
    #[serde(default)]
    pub contradicted: bool,
    /// An end had been announced, and it is not this one: that notice of intention is none of this end.
    #[serde(default)]
    pub unannounced: bool,
}

/// A notice as it stands after its latest version.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// The same for the same placing authority, child, start and host, whatever the order of arrival.
    pub id: Uuid,
    /// Counts what the placing authority has said of it, from 1.
    pub version: u32,
    /// Placement or register entry.
    pub kind: NoticeKind,
    /// Where it has got to.
    pub state: NoticeState,
    /// The host has been, or is now to be, told of it.
    pub issued: bool,
    /// The authority that placed the child.
    pub placing: AuthorityCode,
    /// The authority whose area the child lives in.
    pub host: AuthorityCode,
    /// The placing authority's pseudonym for the child.
    pub child_ref: String,
    /// First day of the stay.
    pub start: Date,
    /// What is said of the placement.
    pub terms: Terms,
    /// When the host must have been told; `None` on a register entry, or with [`Flag::DeadlineUnknown`].
    pub deadline: Option<Deadline>,
    /// What wants a person's eye.
    pub flags: Vec<Flag>,
    /// Why it cannot be sent, while held.
    pub held_because: Option<HeldReason>,
    /// How it ended, once it has.
    pub ending: Option<Ending>,
    /// Why it was withdrawn, once it was.
    pub withdrawn_because: Option<WithdrawalReason>,
    /// The notice of the stay before it, when that was with the same host.
    pub supersedes: Option<Uuid>,
    /// The business date of the submission that first showed it; `None` while no feed has.
    pub first_seen: Option<Date>,
    /// The placing authority's latest statement.
    #[serde(default)]
    pub statement: Option<Box<Stated>>,
    /// When each notice was given.
    #[serde(default)]
    pub given: Given,
    /// The day the placement is meant to end, once said.
    #[serde(default)]
    pub intention: Option<Date>,
    /// What the home told of the admission, where it did.
    #[serde(default)]
    pub admission: Option<Admission>,
    /// Parts of the sealed envelope that the hub holds for the host.
    #[serde(default)]
    pub sealed: Vec<SealedPart>,
    /// The version since which the setting is unregistered in law, without a break.
    #[serde(default)]
    pub unregistered_from: Option<u32>,
}

/// RFC 9562 version 5 namespace of notices and their events.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f1d_5c0e_3b8a_5d27_9c44_e1a0_72b9_4f36);

impl Notice {
    /// The id of the notice of one stay.
    pub fn id_of(placing: AuthorityCode, child_ref: &str, start: Date, host: AuthorityCode) -> Uuid {
        Uuid::new_v5(&NAMESPACE, format!("{placing}/{child_ref}/{start}/{host}").as_bytes())
    }

    /// The id of what one version of this notice says: the same at every attempt (promise D5).
    pub fn event_id(&self, event: EventKind) -> Uuid {
        Uuid::new_v5(&NAMESPACE, format!("{}/{event}/{}", self.id, self.version).as_bytes())
    }

    /// The id of the word that its envelope of this number lies sealed: sealing counts as no version.
    pub fn envelope_id(&self, n: i64) -> Uuid {
        Uuid::new_v5(&NAMESPACE, format!("{}/{}/{n}", self.id, EventKind::Sealed).as_bytes())
    }

    /// When notice of the placement was given and could reach the host: what its clock is met by. Nothing meets it while
    /// the notice is held, and what is released reaches the host then and not before.
    pub fn given_at(&self) -> Option<Timestamp> {
        let given = self.given.placement.filter(|_| self.state != NoticeState::Held)?;
        Some(self.given.released.map_or(given, |released| released.max(given)))
    }

    /// When notice of this end was given, before or after it (reg 14): an intention counts for the end that it announced.
    pub fn end_given_at(&self) -> Option<Timestamp> {
        let announced = self.ending.as_ref().is_none_or(|ending| !ending.unannounced);
        [self.given.intention.filter(|_| announced), self.given.ended].into_iter().flatten().min()
    }

    /// First day on which the child lived in the host's area: that of the stay or, where the host came into being during
    /// it, the host's own.
    pub fn there_from(&self) -> Date {
        let host_from = authority::find(self.host).and_then(|host| host.valid_from);
        host_from.map_or(self.start, |from| from.max(self.start))
    }

    /// The id of the word that its due dates moved when it was written with this revision: nor does that count as one.
    pub fn moved_id(&self, revision: i64) -> Uuid {
        Uuid::new_v5(&NAMESPACE, format!("{}/{}/{revision}", self.id, EventKind::Rescheduled).as_bytes())
    }

    /// By which the host ties this notice to others of the same child: alike in every notice of it to this host, and in no
    /// other host's.
    pub fn link_key(&self) -> Uuid {
        Uuid::new_v5(&NAMESPACE, format!("link/{}/{}/{}", self.host, self.placing, self.child_ref).as_bytes())
    }

    /// All that the placing authority has said, while it stands: neither provisional nor taken back.
    pub(crate) fn said(&self) -> Option<&Statement> {
        let stands = |stated: &&Stated| !stated.provisional && stated.kind != StatementKind::Withdraw;
        self.statement.as_deref().filter(stands).map(|stated| &stated.said)
    }

    /// Why notice that was given late could not be given in time (reg 13(4)(a)). A reason excuses no silence.
    pub(crate) fn not_practicable(&self) -> Option<&str> {
        self.given_at().and(self.said()?.not_practicable_reason.as_deref())
    }

    /// The due date had passed when the placement was first reported.
    pub fn late_when_first_seen(&self) -> bool {
        self.deadline.zip(self.first_seen).is_some_and(|(deadline, seen)| deadline.passed_before(seen))
    }

    /// Names of what differs in substance: what a change would tell.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let mut names = self.terms.differences(&other.terms);
        names.extend((self.kind != other.kind).then_some("kind"));
        names.extend((self.deadline != other.deadline).then_some("deadline"));
        names.extend((self.flags != other.flags).then_some("flags"));
        names.extend((self.ending != other.ending).then_some("ending"));
        names.extend((self.supersedes != other.supersedes).then_some("supersedes"));
        names
    }
}

impl std::fmt::Debug for Notice {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Notice")
            .field("id", &self.id)
            .field("version", &self.version)
            .field("state", &self.state)
            .field("placing", &self.placing)
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Ending {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ending").field("cause", &self.cause).finish_non_exhaustive()
    }
}
