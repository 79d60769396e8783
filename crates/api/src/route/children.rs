//! One child, for the authority whose child it is: all that is held handed out, or erased, in one call. The pseudonym travels in
//! the body, since addresses are logged by whatever stands between.

use std::sync::Arc;

use axum::extract::State;
use hub_domain::{AuthorityCode, Timestamp};
use hub_pipeline::child::{self, Held};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::extract::{Caller, Fields, FromFields, Json, Sender};
use crate::problem::Problem;
use crate::state::Api;

/// Longest reason, letters.
const REASON: usize = 500;

/// Which child.
#[derive(ToSchema)]
pub(crate) struct WhichChild {
    /// Whose.
    #[schema(value_type = String)]
    authority: AuthorityCode,
    /// The pseudonym that the authority's feeds give it.
    child_ref: String,
}

/// Which child, and why.
#[derive(ToSchema)]
pub(crate) struct ErasureRequest {
    /// Whose.
    #[schema(value_type = String)]
    authority: AuthorityCode,
    /// The pseudonym that the authority's feeds give it.
    child_ref: String,
    /// Why, in a few words that name nobody: it is kept in the audit chain.
    reason: String,
}

/// All that is held of a child.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChildExport {
    /// Whose.
    #[schema(value_type = String)]
    authority: AuthorityCode,
    /// The pseudonym.
    child_ref: String,
    /// When this was made.
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    /// Every version of every record: its dataset, whether it is believed, its business date, the numbers of the submissions by
    /// which it came to be believed and ceased to be, and its columns by name.
    #[schema(value_type = Vec<Object>)]
    records: Vec<Value>,
    /// Every notice with its history and what was stated.
    #[schema(value_type = Vec<Object>)]
    notices: Vec<Value>,
    /// What did not agree about the child.
    #[schema(value_type = Vec<Object>)]
    discrepancies: Vec<Value>,
}

/// What was erased, with the proof.
#[derive(Serialize, ToSchema)]
pub(crate) struct Erasure {
    /// Versions of records.
    records: u64,
    /// Notices, with all that hung on them.
    notices: u64,
    /// Discrepancies, in each wording.
    discrepancies: u64,
    /// Submissions whose bytes were deleted.
    payloads: u64,
    /// The sum of the digests of what was deleted.
    content: String,
    /// The number of the entry in the authority's audit chain.
    entry: i64,
}

const PSEUDONYM: &str = "the pseudonym that the authority's feeds give the child";

impl FromFields for WhichChild {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let authority = fields.required("authority", "the GSS code of an authority");
        let child_ref = fields.required("child_ref", PSEUDONYM);
        Some(Self { authority: authority?, child_ref: child_ref? })
    }
}

/// A reason as it is kept.
#[derive(Debug)]
struct Reason(String);

impl std::str::FromStr for Reason {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim();
        let fits = !text.is_empty() && text.chars().count() <= REASON && !text.contains(char::is_control);
        if fits { Ok(Self(text.to_owned())) } else { Err(()) }
    }
}

impl FromFields for ErasureRequest {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let authority = fields.required("authority", "the GSS code of an authority");
        let child_ref = fields.required("child_ref", PSEUDONYM);
        let reason = fields.required::<Reason>("reason", "why, in one line of at most 500 letters that name nobody");
        Some(Self { authority: authority?, child_ref: child_ref?, reason: reason?.0 })
    }
}

/// All that the hub holds of one of the caller's own children: every version of every record, every notice with its history.
/// That it was handed out, when and to whom is kept in the authority's audit chain.
#[utoipa::path(post, path = "/v1/children/export", tag = "children", request_body = WhichChild,
    responses((status = 200, body = ChildExport)))]
pub(crate) async fn export(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Json(asked): Json<WhichChild>,
) -> Result<Json<ChildExport>, Problem> {
    let tenant = caller.tenant(asked.authority)?;
    let hub = Arc::clone(api.hub());
    let work = async move { child::export(&hub, tenant.authority(), &asked.child_ref, tenant.client()).await };
    let Held { authority, child_ref, made_at, records, notices, discrepancies } = api.write(work).await?;
    let (records, notices) = (values(&records)?, values(&notices)?);
    Ok(Json(ChildExport { authority, child_ref, made_at, records, notices, discrepancies }))
}

/// Erases all that the hub holds of one of the caller's own children. What the feed still says, or the law wants kept, is refused
/// with the reason and, where it is known, until when (`child-kept`); nothing is erased by halves.
#[utoipa::path(post, path = "/v1/children/erase", tag = "children", request_body = ErasureRequest,
    responses((status = 200, body = Erasure)))]
pub(crate) async fn erase(
    State(api): State<Api>,
    caller: Caller<Sender>,
    Json(asked): Json<ErasureRequest>,
) -> Result<Json<Erasure>, Problem> {
    let tenant = caller.tenant(asked.authority)?;
    let hub = Arc::clone(api.hub());
    let work =
        async move { child::erase(&hub, tenant.authority(), &asked.child_ref, (tenant.client(), &asked.reason)).await };
    let child::Erased { records, notices, discrepancies, payloads, content, entry } = api.write(work).await?;
    Ok(Json(Erasure { records, notices, discrepancies, payloads, content, entry }))
}

fn values<T: Serialize>(all: &[T]) -> Result<Vec<Value>, Problem> {
    let values = all.iter().map(serde_json::to_value).collect::<Result<_, _>>();
    values.map_err(|error| Problem::new(crate::problem::INTERNAL).cause(error))
}
