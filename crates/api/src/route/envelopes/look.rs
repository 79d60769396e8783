use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Method, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hub_pipeline::envelopes::{self, EnvelopeRefusal};
use hub_store::envelope::Envelope;
use uuid::Uuid;

use super::readers;
use super::seal::{AGE, keys};
use super::view::View;
use crate::extract::{Caller, EitherSide, Path};
use crate::page::List;
use crate::problem::{INTERNAL, NOT_FOUND, Problem};
use crate::state::Api;

/// The envelopes of a notice, first to last, for either side of it. Listing them opens nothing and is not recorded.
#[utoipa::path(get, path = "/v1/notices/{id}/envelopes", tag = "sealed", params(("id" = Uuid, Path)),
    responses((status = 200, body = List<View>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller<EitherSide>,
    Path(id): Path<Uuid>,
) -> Result<List<View>, Problem> {
    for reader in readers(&caller) {
        let Some(all) = envelopes::list(api.hub(), &reader, id).await? else { continue };
        let host = all.first().map(|(envelope, _)| envelope.host);
        let keys = match host {
            Some(host) => keys(&api, reader.authority(), host).await?,
            None => Vec::new(),
        };
        return Ok(List::whole(all.into_iter().map(|one| View::of(one, &keys)).collect()));
    }
    Err(Problem::new(NOT_FOUND))
}

/// An envelope's bytes, as they came, for either side. That the host fetched them becomes part of the notice's history. A
/// protected address needs a recorded reason first. HEAD answers with the headers of whatever is listed, and is no fetching.
#[utoipa::path(get, path = "/v1/notices/{id}/envelopes/{n}", tag = "sealed",
    params(("id" = Uuid, Path), ("n" = i64, Path, description = "The envelope's number")),
    responses((status = 200, content_type = "application/age", body = String)))]
pub(crate) async fn bytes(
    State(api): State<Api>,
    caller: Caller<EitherSide>,
    Path((id, n)): Path<(Uuid, i64)>,
    method: Method,
) -> Result<Response, Problem> {
    for reader in readers(&caller) {
        if method == Method::HEAD {
            let all = envelopes::list(api.hub(), &reader, id).await?.unwrap_or_default();
            let Some((envelope, _)) = all.into_iter().find(|(envelope, _)| envelope.n == n) else { continue };
            return answer(&envelope, Vec::new());
        }
        let hub = Arc::clone(api.hub());
        match api.write(async move { Ok::<_, Problem>(envelopes::fetch(&hub, &reader, id, n).await) }).await? {
            Err(EnvelopeRefusal::NotFound) => {}
            Ok((envelope, bytes)) => return answer(&envelope, bytes),
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Err(Problem::new(NOT_FOUND))
}

fn answer(envelope: &Envelope, bytes: Vec<u8>) -> Result<Response, Problem> {
    let digest: Vec<u8> = (0..envelope.digest.len())
        .step_by(2)
        .filter_map(|at| u8::from_str_radix(envelope.digest.get(at..at + 2)?, 16).ok())
        .collect();
    let name = format!("attachment; filename=\"{}-{}.age\"", envelope.notice, envelope.n);
    let text = |text: &str| HeaderValue::from_str(text).map_err(|error| Problem::new(INTERNAL).cause(error));
    let is_asked_without_body = bytes.is_empty();
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(AGE));
    // A body says its own length: one that was cut short in the store has to reach its reader, who finds it out.
    if is_asked_without_body {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(envelope.bytes));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_DISPOSITION, text(&name)?);
    headers.insert("content-digest", text(&format!("sha-256=:{}:", STANDARD.encode(digest)))?);
    Ok(response)
}
