//! The `data` of an event about a notice, described for whoever writes a receiver. The hub writes
//! [`hub_notices::NoticeData`]; a test holds the two together.

use hub_notices::{Basis, Details, EndingCause, Flag, NoticeKind, SealedPart, Standing, WithdrawalReason};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Array, ArrayBuilder, Object};
use uuid::Uuid;

use super::said::{NoticeStatement, one_of};

/// The notice as its host may know it: a pseudonym, a postcode sector, no name.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeData {
    /// The notice.
    notice_id: Uuid,
    /// Its version: a host keeps the highest it has seen.
    version: u32,
    /// Placement, register entry or consultation.
    #[schema(schema_with = kinds)]
    kind: String,
    /// The notice of the stay before it with this host.
    supersedes: Option<Uuid>,
    placing: NoticeAuthority,
    host: NoticeAuthority,
    /// The placing authority's pseudonym for the child.
    child_ref: String,
    /// Alike in every notice of the child to this host, and in no other host's.
    link_key: Uuid,
    /// Reg 11(5), computed from the map.
    #[schema(schema_with = classes)]
    class: String,
    /// Who is said to have approved it.
    approver_role: Option<String>,
    /// What wants a person's eye.
    #[schema(schema_with = flags)]
    flags: Vec<String>,
    due: Option<NoticeDue>,
    /// Who has given notice.
    #[schema(schema_with = standings)]
    standing: String,
    /// When the placing authority gave notice, where it did: what the deadline is met by.
    #[schema(format = DateTime)]
    notice_given_at: Option<String>,
    /// Whether needs and care plan have come (reg 13(4)(b)); absent where no notice was given.
    #[schema(schema_with = details, required = false)]
    details: Option<String>,
    /// The day the placement is meant to end, where that was said.
    #[schema(format = Date)]
    ending_on: Option<String>,
    statement: Option<NoticeStatement>,
    /// Names of what was stated and is otherwise in the feed.
    #[schema(required = false)]
    differences: Vec<String>,
    placement: Option<NoticePlacement>,
    ended: Option<NoticeEnded>,
    /// Why it was withdrawn.
    #[schema(schema_with = withdrawals, required = false)]
    withdrawn_because: Option<String>,
    /// Parts that lie sealed for the host, at `/v1/notices/{id}/envelopes`.
    #[schema(schema_with = parts, required = false)]
    sealed: Vec<String>,
    /// The number of the envelope that came now, in `notice.sealed` alone.
    envelope: Option<i64>,
    origin: Option<NoticeOrigin>,
}

/// An authority, for machines and for people.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeAuthority {
    /// GSS code.
    code: String,
    /// Name, where the hub knows it.
    name: Option<String>,
    /// DfE's number, where one is published.
    dfe: Option<String>,
}

/// When the host must have been told.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeDue {
    /// In time strictly before this instant.
    #[schema(format = DateTime)]
    at: String,
    /// What it is counted from.
    #[schema(schema_with = bases)]
    basis: String,
    /// It had passed when the placement was first reported.
    passed_when_first_seen: bool,
}

/// Where the child lives and with whom, as codes; absent once withdrawn.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticePlacement {
    /// First day.
    #[schema(format = Date)]
    start: String,
    /// Made in an emergency.
    emergency: bool,
    /// 903 PLACE.
    placement_type: String,
    /// 903 PLACE_PROVIDER.
    placement_provider: Option<String>,
    /// As in vacancies.
    provision: Option<String>,
    /// Ofsted URN, as in the placements feed.
    urn: Option<String>,
    /// The home or household, as the placing authority names it.
    setting_ref: Option<String>,
    /// Postcode sector.
    placement_sector: Option<String>,
    /// Registration of the setting.
    registration: Option<String>,
    /// 903 LS.
    legal_status: String,
    /// Unaccompanied asylum-seeking child.
    uasc: bool,
    /// Why out of area.
    distance_reason: Option<String>,
    /// A deprivation of liberty order is in force.
    deprivation_of_liberty: Option<bool>,
    /// The child lives alone with staff.
    solo: Option<bool>,
}

/// How the stay ended.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeEnded {
    /// First day the child was not there.
    #[schema(format = Date)]
    on: String,
    /// How it ended.
    #[schema(schema_with = causes)]
    cause: String,
    /// 903 REC.
    reason_ceased: Option<String>,
    /// 903 REASON_PLACE_CHANGE.
    reason_place_change: Option<String>,
    destination: Option<NoticeAuthority>,
}

/// Where the event comes from; absent where the hub itself found it.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeOrigin {
    /// The system that wrote it; unless it was named, the client that sent it.
    source_system: String,
    /// The submission of a feed, where one said it.
    submission: Option<Uuid>,
    /// The statement, where one was made.
    statement: Option<Uuid>,
    /// The key by which the client proved itself; absent where it has none.
    signed_by: Option<String>,
    /// SHA-256, hexadecimal: of the submission as sent, or of all that was stated as the hub keeps it.
    sha256: Option<String>,
}

fn kinds() -> Object {
    one_of(&NoticeKind::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>())
}

fn classes() -> Object {
    one_of(&["adjoining", "at_a_distance", "unknown"])
}

fn flags() -> Array {
    ArrayBuilder::new().items(one_of(&Flag::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>())).build()
}

fn standings() -> Object {
    one_of(&Standing::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>())
}

fn details() -> Object {
    one_of(&[Details::Outstanding.as_str(), Details::Given.as_str()])
}

fn withdrawals() -> Object {
    one_of(&WithdrawalReason::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>())
}

fn parts() -> Array {
    ArrayBuilder::new().items(one_of(&SealedPart::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>())).build()
}

fn bases() -> Object {
    one_of(&Basis::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>())
}

fn causes() -> Object {
    one_of(&EndingCause::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>())
}
