use std::cmp::Reverse;

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use hub_domain::{AuthorityCode, Date};
use hub_notices::reconcile::{DiscrepancyKind, Side};
use hub_store::reconciliation::{self, Filter, Kept, Night};

use super::sheet::sheet;
use super::sides;
use super::view::Discrepancy;
use crate::accept::{Shape, Wanted};
use crate::extract::{Caller, EitherSide, Fields, FromFields, Query};
use crate::page::{List, Page};
use crate::problem::Problem;
use crate::state::Api;

/// Rows read at once for a sheet.
const BATCH: i64 = 1_000;

/// Which discrepancies.
pub(crate) struct Listing {
    authority: Option<AuthorityCode>,
    side: Option<Side>,
    kind: Option<DiscrepancyKind>,
    night: Option<Date>,
    status: Status,
    page: Page,
    wanted: Wanted,
}

/// Whether they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Standing,
    Cleared,
    All,
}

impl std::str::FromStr for Status {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "standing" => Ok(Self::Standing),
            "cleared" => Ok(Self::Cleared),
            "all" => Ok(Self::All),
            _ => Err(()),
        }
    }
}

impl FromFields for Listing {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let authority = fields.optional("authority", "the GSS code of an authority");
        let side = fields.optional("side", "placing or host");
        let kind = fields.optional("kind", "a kind of discrepancy, such as missing_notice");
        let night = fields.optional("night", "a date, YYYY-MM-DD");
        let status = fields.or("status", "standing, cleared or all", Status::Standing);
        let (page, wanted) = (Page::read(fields), Wanted::from_fields(fields));
        Some(Self {
            authority: authority?,
            side: side?,
            kind: kind?,
            night: night?,
            status: status?,
            page: page?,
            wanted: wanted?,
        })
    }
}

/// What episodes, notices and homes do not agree about, as the last reconciliation left it, or an earlier one: latest
/// first. JSON in pages, or the whole as CSV. A sender of feeds sees what concerns it as placing authority, a host desk
/// what concerns its area.
#[utoipa::path(get, path = "/v1/reconciliation", tag = "notices",
    params(
        ("authority" = Option<String>, Query, description = "Whose; all of the caller's unless given"),
        ("side" = Option<String>, Query, description = "placing or host; both of the caller's unless given"),
        ("kind" = Option<String>, Query, description = "missing_notice, missing_episode, missing_admission, provider_only, short_break, mismatch or ambiguous"),
        ("night" = Option<String>, Query, description = "As that night's reconciliation left it; the last unless given"),
        ("status" = Option<String>, Query, description = "standing, cleared or all; standing unless given"),
        ("format" = Option<String>, Query, description = "json or csv; else by Accept"),
        ("limit" = Option<i64>, Query, description = "1 to 200; 50 unless given"),
        ("cursor" = Option<String>, Query, description = "From a next link"),
    ),
    responses((status = 200, content((List<Discrepancy> = "application/json"), (String = "text/csv")))))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller<EitherSide>,
    Query(listing): Query<Listing>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let shape = listing.wanted.shape(&headers)?;
    let sides = sides(&caller, listing.authority)?;
    let sides = sides.into_iter().filter(|(_, side)| listing.side.is_none_or(|wanted| wanted == *side));
    let mut found = Vec::new();
    for (authority, side) in sides {
        found.extend(read(&api, authority, side, (&listing, shape)).await?);
    }
    found.sort_by_key(|kept| Reverse((kept.seen_from, kept.id)));
    if shape == Shape::Csv {
        return sheet(&found);
    }
    found.truncate(usize::try_from(listing.page.limit).unwrap_or_default());
    let views = found.iter().map(Discrepancy::of).collect::<Result<Vec<_>, _>>()?;
    Ok(List::page(views, listing.page, &uri, Discrepancy::place).into_response())
}

/// One side's page, or, for a sheet, everything.
async fn read(
    api: &Api,
    authority: AuthorityCode,
    side: Side,
    (listing, shape): (&Listing, Shape),
) -> Result<Vec<Kept>, Problem> {
    let mut link = api.read_for(Some(authority)).await?;
    let night = match listing.night {
        None => Night::Latest,
        // Before the first night nothing was known.
        Some(night) => match reconciliation::night(&mut link, authority, night).await? {
            Some(run) => Night::Run(run.at),
            None => return Ok(Vec::new()),
        },
    };
    let mut filter = Filter {
        side,
        night,
        standing: listing.status != Status::Cleared,
        cleared: listing.status != Status::Standing,
        kind: listing.kind,
        before: listing.page.after,
        limit: listing.page.limit,
    };
    if shape == Shape::Json {
        return Ok(reconciliation::list(&mut link, authority, &filter).await?);
    }
    let mut all = Vec::new();
    (filter.before, filter.limit) = (None, BATCH);
    loop {
        let batch = reconciliation::list(&mut link, authority, &filter).await?;
        let Some(last) = batch.last() else { return Ok(all) };
        filter.before = Some((last.seen_from, last.id));
        all.extend(batch);
    }
}
