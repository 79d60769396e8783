//! What each route answers to each caller: written by hand, so that it can disagree with the hub.

/// Whose thing is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// The caller's own; for a caller who has none, Lewisham's or Kent's.
    Own,
    /// Somebody else's.
    Foreign,
    /// Nobody's.
    Absent,
}

/// Callers, in the order of the columns; the last has none, and its statuses are those of [`REPORTING`].
pub(super) const CALLERS: [&str; 11] = [
    "anonymous",
    "borough",
    "other borough",
    "host",
    "other host",
    "commissioner",
    "quality lead",
    "broker",
    "operator",
    "expired",
    "reporting key",
];

/// The addresses that a reporting key opens, beside those that anybody may: what is published, and what it means.
pub(super) const REPORTING: [&str; 8] = [
    "/v1/releases",
    "/v1/releases/{id}",
    "/v1/releases/{id}/tables/{name}",
    "/v1/catalogue",
    "/v1/tables",
    "/v1/tables/{name}",
    "/v1/definitions",
    "/v1/definitions/{id}",
];

/// A route's row: the statuses for each case, one column per caller; blank where the route has no such case.
pub(super) struct Row {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    cases: [&'static str; 3],
}

impl Row {
    /// The statuses of a case, if the route has it.
    pub(super) fn expected(&self, case: Case) -> Option<Vec<u16>> {
        let [own, foreign, absent] = self.cases;
        let text = match case {
            Case::Own => own,
            Case::Foreign => foreign,
            Case::Absent => absent,
        };
        let mut columns: Vec<u16> = text.split_whitespace().map(|status| status.parse().expect("a status")).collect();
        assert!(columns.is_empty() || columns.len() + 1 == CALLERS.len(), "{} {}: {text}", self.method, self.path);
        let by_key = self.by_key(*columns.first()?, case);
        columns.push(by_key);
        Some(columns)
    }

    /// What a reporting key gets: what anybody does where anybody may come in, a table or nothing where it may read, and
    /// elsewhere it is known and refused.
    fn by_key(&self, anybody: u16, case: Case) -> u16 {
        match (anybody, self.method == "GET" && REPORTING.contains(&self.path)) {
            // A form with a client's secret in it, and a key beside it: two ways to say who asks.
            _ if self.path == "/oauth/token" => 400,
            (401, true) if case == Case::Absent => 404,
            (401, true) => 200,
            (401, false) => 403,
            (open, _) => open,
        }
    }
}

const fn row(
    method: &'static str,
    path: &'static str,
    own: &'static str,
    foreign: &'static str,
    absent: &'static str,
) -> Row {
    Row { method, path, cases: [own, foreign, absent] }
}

/// Open to anybody, whatever token comes with the request.
const OPEN: &str = "200 200 200 200 200 200 200 200 200 200";
const OPEN_GONE: &str = "404 404 404 404 404 404 404 404 404 404";
/// The consortium's published tables; a host authority may be anywhere in England.
const REGION: &str = "401 200 200 403 403 200 200 200 200 401";
const REGION_GONE: &str = "401 404 404 403 403 404 404 404 404 401";

/// The table. Within a row, foreign and absent things are asked for before the caller's own, which it may use up.
//                                                an  bo  ob  ho  oh  co  ql  br  op  ex
pub(super) const TABLE: &[Row] = &[
    row(
        "POST",
        "/oauth/token",
        "200 200 200 200 200 200 200 200 200 200",
        "401 401 401 401 401 401 401 401 401 401",
        "401 401 401 401 401 401 401 401 401 401",
    ),
    row("GET", "/.well-known/oauth-authorization-server", OPEN, "", ""),
    row("GET", "/.well-known/jwks.json", OPEN, "", ""),
    row(
        "POST",
        "/v1/submissions",
        "401 202 202 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/submissions",
        "401 200 200 403 403 403 403 403 200 401",
        "401 404 404 403 403 403 403 403 200 401",
        "401 404 404 403 403 403 403 403 200 401",
    ),
    row(
        "GET",
        "/v1/submissions/{id}",
        "401 200 200 403 403 403 403 403 200 401",
        "401 404 404 403 403 403 403 403 200 401",
        "401 404 404 403 403 403 403 403 404 401",
    ),
    row(
        "GET",
        "/v1/submissions/{id}/findings",
        "401 200 200 403 403 403 403 403 200 401",
        "401 404 404 403 403 403 403 403 200 401",
        "401 404 404 403 403 403 403 403 404 401",
    ),
    row(
        "POST",
        "/v1/submissions/{id}/confirm",
        "401 202 202 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/submissions/{id}/withdraw",
        "401 200 200 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/feeds",
        "401 200 200 403 403 403 403 403 200 401",
        "401 404 404 403 403 403 403 403 200 401",
        "401 404 404 403 403 403 403 403 200 401",
    ),
    row(
        "GET",
        "/v1/checks",
        "401 200 200 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/quality/trend",
        "401 200 200 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row("GET", "/v1/quality/league", REGION, "", ""),
    row(
        "GET",
        "/v1/sources",
        "401 200 200 403 403 403 403 403 200 401",
        "401 404 404 403 403 403 403 403 200 401",
        "401 404 404 403 403 403 403 403 200 401",
    ),
    row(
        "POST",
        "/v1/sources",
        "401 201 201 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/sources/{id}",
        "401 200 200 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/sources/{id}/collect",
        "401 202 202 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/sources/{id}/pause",
        "401 200 200 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/sources/{id}/resume",
        "401 200 200 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "DELETE",
        "/v1/sources/{id}",
        "401 204 204 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/events",
        "401 200 200 200 200 403 403 403 200 401",
        "401 404 404 404 404 403 403 403 200 401",
        "401 404 404 404 404 403 403 403 200 401",
    ),
    row("GET", "/v1/contracts", OPEN, "", ""),
    row("GET", "/v1/contracts/{dataset}", OPEN, "", OPEN_GONE),
    row("GET", "/v1/contracts/{dataset}/table-schema", OPEN, "", OPEN_GONE),
    row("GET", "/v1/contracts/{dataset}/json-schema", OPEN, "", OPEN_GONE),
    row("GET", "/v1/contracts/{dataset}/template.csv", OPEN, "", OPEN_GONE),
    row("GET", "/v1/authorities", "401 200 200 200 200 200 200 200 200 401", "", ""),
    row("GET", "/v1/holidays", "401 200 200 200 200 200 200 200 200 401", "", ""),
    row(
        "GET",
        "/v1/inbox",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/register",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/register/placed",
        "401 200 200 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/timeliness",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/timeliness/placed",
        "401 200 200 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/notices",
        "401 200 200 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/notices",
        "401 201 201 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/notices/{id}/statements",
        "401 201 201 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/notices/{id}/open",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/notices/{id}",
        "401 200 200 200 200 403 403 403 403 401",
        "401 404 404 404 404 403 403 403 403 401",
        "401 404 404 404 404 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/notices/{id}/attempts",
        "401 200 200 200 200 403 403 403 403 401",
        "401 404 404 404 404 403 403 403 403 401",
        "401 404 404 404 404 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/notices/{id}/acknowledge",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/notices/{id}/query",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/notices/{id}/dispute",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/children/export",
        "401 200 200 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/children/erase",
        "401 409 409 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row("GET", "/v1/keys/sealing", "401 403 403 200 200 403 403 403 403 401", "", ""),
    row(
        "POST",
        "/v1/keys/sealing",
        "401 403 403 201 201 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/keys/sealing/{id}/retire",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row("GET", "/v1/authorities/{code}/sealing-keys", "401 200 200 200 200 403 403 403 403 401", "", ""),
    row(
        "GET",
        "/v1/notices/{id}/envelopes",
        "401 200 200 200 200 403 403 403 403 401",
        "401 404 404 404 404 403 403 403 403 401",
        "401 404 404 404 404 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/notices/{id}/envelopes/{n}",
        "401 200 200 200 200 403 403 403 403 401",
        "401 404 404 404 404 403 403 403 403 401",
        "401 404 404 404 404 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/notices/{id}/envelopes/{n}/open",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/notices/{id}/envelopes",
        "401 201 201 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/reconciliation",
        "401 200 200 200 200 403 403 403 403 401",
        "401 404 404 404 404 403 403 403 403 401",
        "401 404 404 404 404 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/reconciliation/nights",
        "401 200 200 200 200 403 403 403 403 401",
        "401 404 404 404 404 403 403 403 403 401",
        "401 404 404 404 404 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/deliveries",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/deliveries/{id}",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/deliveries/{id}/replay",
        "401 403 403 202 202 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row("GET", "/v1/endpoints", "401 403 403 200 200 403 403 403 403 401", "", ""),
    row(
        "POST",
        "/v1/endpoints",
        "401 403 403 201 201 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/endpoints/{id}",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/endpoints/{id}",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/endpoints/{id}/challenge",
        "401 403 403 202 202 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/endpoints/{id}/verify",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/endpoints/{id}/pause",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/endpoints/{id}/resume",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/endpoints/{id}/ping",
        "401 403 403 202 202 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/endpoints/{id}/rotate",
        "401 403 403 200 200 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "POST",
        "/v1/endpoints/{id}/replay",
        "401 403 403 202 202 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row(
        "DELETE",
        "/v1/endpoints/{id}",
        "401 403 403 204 204 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
        "401 403 403 404 404 403 403 403 403 401",
    ),
    row("GET", "/v1/releases", REGION, "", ""),
    row("POST", "/v1/releases", "401 403 403 403 403 403 403 403 201 401", "", ""),
    row("GET", "/v1/releases/{id}", REGION, "", REGION_GONE),
    row("GET", "/v1/releases/{id}/tables/{name}", REGION, "", REGION_GONE),
    row("GET", "/v1/catalogue", REGION, "", ""),
    row("GET", "/v1/public/catalogue", OPEN, "", ""),
    row("GET", "/v1/releases/{id}/tables/{name}/explain", REGION, "", REGION_GONE),
    row("GET", "/v1/public/tables", OPEN, "", ""),
    row("GET", "/v1/public/tables/{name}", OPEN, "", OPEN_GONE),
    row(
        "GET",
        "/v1/own/tables",
        "401 200 200 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row(
        "GET",
        "/v1/own/tables/{name}",
        "401 200 200 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
        "401 404 404 403 403 403 403 403 403 401",
    ),
    row("GET", "/v1/tables", REGION, "", ""),
    row("GET", "/v1/tables/{name}", REGION, "", REGION_GONE),
    row("GET", "/v1/vacancies", "401 403 403 403 403 403 403 200 403 401", "", ""),
    row("GET", "/v1/questions", REGION, "", ""),
    row("GET", "/v1/questions/{id}", REGION, "", REGION_GONE),
    row("GET", "/v1/gaps", REGION, "", ""),
    row("GET", "/v1/replay", REGION, "", ""),
    row("GET", "/v1/definitions", REGION, "", ""),
    row("GET", "/v1/definitions/{id}", REGION, "", REGION_GONE),
    row("GET", "/health/live", OPEN, "", ""),
    row("GET", "/health/ready", OPEN, "", ""),
    row("GET", "/metrics", OPEN, "", ""),
    row("GET", "/version", OPEN, "", ""),
    row("GET", "/openapi.json", OPEN, "", ""),
    row("GET", "/problems/{code}", OPEN, "", OPEN_GONE),
    row("GET", "/docs", "303 303 303 303 303 303 303 303 303 303", "", ""),
    row("GET", "/docs/{*file}", OPEN, "", OPEN_GONE),
];
