//! What a host's system is sent: the `data` of a CloudEvent about a notice.
//!
//! No name, no case number, no address, no birth month, no sex: a pseudonym, a postcode sector, and what
//! the host needs to start its own duties. The rest is in its inbox, behind its own credentials.

use hub_domain::{AuthorityCode, Date, Timestamp, authority};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Basis, Details, EndingCause, EventKind, Flag, Moved, Notice, NoticeKind, SealedPart, Standing, Statement,
    WithdrawalReason,
};

/// An authority, for machines and for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityRef {
    /// GSS code.
    pub code: AuthorityCode,
    /// Name, where the hub knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// DfE's number, where one is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dfe: Option<String>,
}

/// Where an event comes from: what the placing authority's own record of it can be found by.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// The system that wrote it; unless it was named, the client that sent it.
    pub source_system: String,
    /// The submission of a feed, where one said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission: Option<Uuid>,
    /// The statement, where one was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<Uuid>,
    /// The key by which the client proved itself when it made the statement; `None` where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
    /// SHA-256, hexadecimal: of the submission as sent, or of all that was stated as the hub keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

impl From<AuthorityCode> for AuthorityRef {
    fn from(code: AuthorityCode) -> Self {
        let known = authority::find(code);
        let (name, dfe) = (known.map(|known| known.name.clone()), known.and_then(|known| known.dfe.clone()));
        Self { code, name, dfe }
    }
}

/// When something is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// In time strictly before this instant.
    pub at: Timestamp,
    /// What it is counted from.
    pub basis: Basis,
    /// It had passed when the placement was first reported.
    pub passed_when_first_seen: bool,
}

/// How the stay ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// First day the child was not there.
    pub on: Date,
    /// How it ended.
    pub cause: EndingCause,
    /// 903 REC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_ceased: Option<String>,
    /// 903 REASON_PLACE_CHANGE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_place_change: Option<String>,
    /// Area the child went to, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<AuthorityRef>,
}

/// Where the child lives and with whom, as codes.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub struct Placement {
    /// First day.
    pub start: Date,
    /// Made in an emergency.
    pub emergency: bool,
    /// 903 PLACE.
    pub placement_type: String,
    /// 903 PLACE_PROVIDER.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placement_provider: Option<String>,
    /// As in vacancies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provision: Option<String>,
    /// Ofsted URN of the provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urn: Option<String>,
    /// The home or household, as the placing authority names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setting_ref: Option<String>,
    /// Postcode sector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placement_sector: Option<String>,
    /// Registration of the setting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<String>,
    /// 903 LS.
    pub legal_status: String,
    /// Unaccompanied asylum-seeking child.
    pub uasc: bool,
    /// Why out of area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_reason: Option<String>,
    /// A deprivation of liberty order is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprivation_of_liberty: Option<bool>,
    /// The child lives alone with staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solo: Option<bool>,
}

/// The `data` of every event about a notice, from `notice.raised` to `notice.withdrawn`, and of `notice.sealed`
/// and `notice.rescheduled`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct NoticeData {
    /// The notice.
    pub notice_id: Uuid,
    /// Its version: a host keeps the highest it has seen.
    pub version: u32,
    /// Placement or register entry.
    pub kind: NoticeKind,
    /// The notice of the stay before it with this host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<Uuid>,
    /// Who placed the child.
    pub placing: AuthorityRef,
    /// Who is told.
    pub host: AuthorityRef,
    /// The placing authority's pseudonym for the child.
    pub child_ref: String,
    /// Alike in every notice of the child to this host, and in no other host's.
    pub link_key: Uuid,
    /// `adjoining`, `at_a_distance` or `unknown`.
    pub class: String,
    /// Who is said to have approved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approver_role: Option<String>,
    /// What wants a person's eye.
    pub flags: Vec<Flag>,
    /// When the host must have been told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// Who has given notice: `stated`, `presumed_missing`, `provider_only`, …
    pub standing: Standing,
    /// When the placing authority gave notice, where it did: what the deadline is met by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_given_at: Option<Timestamp>,
    /// `outstanding` while the needs or the care plan (reg 13(4)(b)) have not come; absent where no notice was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Details>,
    /// The day the placement is meant to end, where that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ending_on: Option<Date>,
    /// What the placing authority stated, tiers 1 and 2; absent once withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<Statement>,
    /// Names of what was stated and is otherwise in the feed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<String>,
    /// The placement; absent once withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placement: Option<Placement>,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// Why it was withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn_because: Option<WithdrawalReason>,
    /// Parts that lie sealed for the host, at `/v1/notices/{id}/envelopes`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sealed: Vec<SealedPart>,
    /// The number of the envelope that came now, in `notice.sealed` alone. The version stays: what it says does not change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub envelope: Option<i64>,
    /// What moved, in `notice.rescheduled` alone. The version stays here too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<Moved>,
    /// Where this event comes from; absent where the hub itself found it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

impl NoticeData {
    /// What `event` says of `notice`. A withdrawal carries nothing of the placement: it may never have been
    /// this host's to know.
    pub fn of(event: EventKind, notice: &Notice) -> Self {
        let terms = &notice.terms;
        Self {
            notice_id: notice.id,
            version: notice.version,
            kind: notice.kind,
            supersedes: notice.supersedes,
            placing: notice.placing.into(),
            host: notice.host.into(),
            child_ref: notice.child_ref.clone(),
            link_key: notice.link_key(),
            class: terms.class.as_str().to_owned(),
            approver_role: terms.approver_role.clone(),
            flags: notice.flags.clone(),
            due: notice.deadline.map(|deadline| Due {
                at: deadline.due_at,
                basis: deadline.basis,
                passed_when_first_seen: notice.late_when_first_seen(),
            }),
            standing: notice.standing(),
            notice_given_at: notice.given_at(),
            details: Some(notice.details()).filter(|details| *details != Details::NotDue),
            ending_on: notice.intention,
            statement: stated(event, notice),
            differences: notice.differences_from_feed().into_iter().map(str::to_owned).collect(),
            placement: (event != EventKind::Withdrawn).then(|| placement(notice)),
            ended: notice.ending.as_ref().map(|ending| Ended {
                on: ending.on,
                cause: ending.cause,
                reason_ceased: ending.reason_ceased.clone(),
                reason_place_change: ending.reason_place_change.clone(),
                destination: ending.destination.map(AuthorityRef::from),
            }),
            withdrawn_because: notice.withdrawn_because,
            sealed: if event == EventKind::Withdrawn { Vec::new() } else { notice.sealed.clone() },
            envelope: None,
            moved: Vec::new(),
            origin: None,
        }
    }
}

/// What the host is told was stated. The pseudonym stands beside it.
fn stated(event: EventKind, notice: &Notice) -> Option<Statement> {
    let stated = notice.statement.as_deref().filter(|it| event != EventKind::Withdrawn && !it.provisional)?;
    Some(Statement { child_ref: None, ..stated.said.clone() })
}

fn placement(notice: &Notice) -> Placement {
    let terms = &notice.terms;
    Placement {
        start: notice.start,
        emergency: notice.is_emergency(),
        placement_type: terms.placement_type.clone(),
        placement_provider: terms.placement_provider.clone(),
        provision: terms.provision.clone(),
        urn: terms.urn.clone(),
        setting_ref: terms.setting_ref.clone(),
        placement_sector: terms.placement_sector.clone(),
        registration: terms.registration.clone(),
        legal_status: terms.legal_status.clone(),
        uasc: terms.uasc,
        distance_reason: terms.distance_reason.clone(),
        deprivation_of_liberty: terms.deprivation_of_liberty,
        solo: terms.solo,
    }
}

impl std::fmt::Debug for NoticeData {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NoticeData")
            .field("notice_id", &self.notice_id)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Placement {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Placement").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use hub_domain::Calendar;

    use super::*;
    use crate::fixture::{code, day, row};
    use crate::{Context, Rules, plan};

    fn raised() -> Notice {
        let mut episode = row("canary 2026-06-01.. S K2 kent #oak");
        episode.placement_sector = Some("ME1 1".into());
        let rules = Rules::default();
        let calendar = Calendar::england_and_wales();
        let context = Context { as_at: day("2026-06-01"), joined: day("2026-04-01"), calendar, rules: &rules };
        let changes = plan(code("lewisham"), &[], &[episode], &context);
        changes[0].events()[0].notice.clone()
    }

    #[test]
    fn a_raised_notice_says_what_the_host_needs_and_no_more() {
        let data = serde_json::to_value(NoticeData::of(EventKind::Raised, &raised())).unwrap();
        let expected = serde_json::json!({
            "notice_id": raised().id,
            "version": 1,
            "kind": "placement",
            "placing": {"code": "E09000023", "name": "Lewisham", "dfe": "209"},
            "host": {"code": "E10000016", "name": "Kent", "dfe": "886"},
            "child_ref": "made-up-child-of-test-canary",
            "link_key": raised().link_key(),
            "class": "at_a_distance",
            "approver_role": "director",
            "flags": [],
            "standing": "presumed_missing",
            "due": {"at": "2026-05-31T23:00:00Z", "basis": "planned", "passed_when_first_seen": true},
            "placement": {
                "start": "2026-06-01",
                "emergency": false,
                "placement_type": "K2",
                "placement_provider": "PR4",
                "setting_ref": "oak",
                "placement_sector": "ME1 1",
                "registration": "registered",
                "legal_status": "C2",
                "uasc": false
            }
        });
        assert_eq!(data, expected);
    }

    #[test]
    fn a_withdrawal_says_nothing_of_the_placement() {
        let text = serde_json::to_string(&NoticeData::of(EventKind::Withdrawn, &raised())).unwrap();
        assert!(!text.contains("ME1 1") && !text.contains("K2") && !text.contains("legal_status"), "{text}");
    }

    #[test]
    fn ids_are_the_same_every_time_and_differ_by_event_and_version() {
        let notice = raised();
        assert_eq!(notice.id, raised().id);
        assert_eq!(notice.event_id(EventKind::Raised), raised().event_id(EventKind::Raised));
        let next = Notice { version: 2, ..notice.clone() };
        let ids =
            [notice.event_id(EventKind::Raised), notice.event_id(EventKind::Ended), next.event_id(EventKind::Raised)];
        assert!(ids[0] != ids[1] && ids[0] != ids[2] && ids[1] != ids[2]);
        assert_eq!(EventKind::Raised.event_type(), "notice.raised");
        let sealed = [notice.envelope_id(1), notice.envelope_id(2), next.envelope_id(1)];
        assert!(sealed[0] != sealed[1] && sealed[0] == sealed[2] && !ids.contains(&sealed[0]), "one of each envelope");
    }

    #[test]
    fn a_notice_reads_back_as_written_and_debug_hides_it() {
        let notice = raised();
        let text = serde_json::to_string(&notice).unwrap();
        assert_eq!(serde_json::from_str::<Notice>(&text).unwrap(), notice);
        let shown = format!("{notice:?} {:?} {:?}", notice.terms, NoticeData::of(EventKind::Raised, &notice));
        for hidden in ["canary", "ME1 1", "2014-05", "oak"] {
            assert!(text.contains(hidden) && !shown.contains(hidden), "{hidden}");
        }
    }
}
