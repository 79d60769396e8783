use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use hub_pipeline::envelopes::{self, EnvelopeRefusal, Opening, Party, Reader};
use hub_pipeline::readings::Thing;
use uuid::Uuid;

use super::answer::words;
use crate::form::{Fields, Form};
use crate::layout::Page;
use crate::refused::{Answer, Refused};

/// `POST /desk/notices/{id}/envelopes/{n}`: the sealed bytes, as they came. A form and no link, since that they were fetched
/// is written into the notice's history. A protected address wants a reason first.
pub(crate) async fn download(page: Page, Form(fields): Form) -> Answer {
    let (id, n): (Uuid, i64) = (page.parameter("id")?, page.parameter("n")?);
    let opening = opening(&fields)?;
    for host in page.principal()?.hosts() {
        let (hub, opening) = (Arc::clone(page.hub()), opening.clone());
        let reader = Reader::new(host.authority(), host.client(), Party::Host);
        let work = async move {
            if let Some(opening) = &opening
                && let Err(refusal) = envelopes::open(&hub, &reader, id, n, opening).await
                && !matches!(refusal, EnvelopeRefusal::NotProtected)
            {
                return Ok::<_, Refused>(Err(refusal));
            }
            Ok(envelopes::fetch(&hub, &reader, id, n).await)
        };
        match page.web().write(work).await? {
            Err(EnvelopeRefusal::NotFound) => {}
            Err(refusal) => return Err(told(refusal)),
            Ok((envelope, bytes)) => {
                page.note((&host).into(), Thing::Envelope, BTreeSet::from([(envelope.authority, id.to_string())]));
                return answer(id, n, bytes);
            }
        }
    }
    Err(Refused::NotFound)
}

fn opening(fields: &Fields) -> Result<Option<Opening>, Refused> {
    let (officer, reason) = (words(fields, "officer", "The name")?, words(fields, "reason", "The reason")?);
    match (officer, reason) {
        (Some(officer), Some(reason)) => Ok(Some(Opening { officer, reason })),
        (None, None) => Ok(None),
        _ => Err(Refused::Invalid("Say both who will read the address and why.".to_owned())),
    }
}

fn told(refusal: EnvelopeRefusal) -> Refused {
    match refusal {
        EnvelopeRefusal::NotFound => Refused::NotFound,
        EnvelopeRefusal::Fault(fault) => fault.into(),
        EnvelopeRefusal::OpeningNeeded => {
            Refused::Invalid("The address is protected: say who will read it and why.".to_owned())
        }
        EnvelopeRefusal::Superseded { by } => {
            Refused::Conflict(format!("Envelope {by} has taken its place. Open the notice again."))
        }
        EnvelopeRefusal::State(_)
        | EnvelopeRefusal::Digest
        | EnvelopeRefusal::Form(_)
        | EnvelopeRefusal::Count { .. }
        | EnvelopeRefusal::Parts(_)
        | EnvelopeRefusal::NoKey
        | EnvelopeRefusal::Key(_)
        | EnvelopeRefusal::NotProtected => {
            Refused::Conflict("The envelope cannot be fetched as the notice stands now.".to_owned())
        }
    }
}

fn answer(id: Uuid, n: i64, bytes: Vec<u8>) -> Answer {
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{id}-{n}.age\"")).map_err(Refused::fault)?;
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/age"));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}
