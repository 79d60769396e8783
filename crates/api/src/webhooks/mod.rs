//! What the hub sends to a host's endpoint, for the document's `webhooks`.

mod data;
mod said;

pub(crate) use data::NoticeData;
pub(crate) use said::NoticeRecipient;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, PathItem, Paths};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder};

/// A CloudEvent (structured mode) about a notice.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeEvent {
    /// Always `1.0`.
    specversion: String,
    /// The same at every attempt, and the same as `webhook-id`.
    id: String,
    /// The hub.
    source: String,
    /// What happened, such as `notice.raised`.
    r#type: String,
    /// When.
    time: String,
    /// The notice.
    subject: String,
    /// Where `data` is described: `/openapi.json#/components/schemas/NoticeData`.
    dataschema: String,
    data: NoticeData,
}

/// A CloudEvent (structured mode) about the endpoint itself.
#[derive(Serialize, ToSchema)]
pub(crate) struct EndpointEvent {
    /// Always `1.0`.
    specversion: String,
    /// The same at every attempt, and the same as `webhook-id`.
    id: String,
    /// The hub.
    source: String,
    /// `uk.sufficiencyhub.endpoint.challenge.v1` or `uk.sufficiencyhub.endpoint.ping.v1`.
    r#type: String,
    /// When.
    time: String,
    /// The endpoint.
    subject: String,
    data: EndpointData,
}

/// What is said of the endpoint.
#[derive(Serialize, ToSchema)]
pub(crate) struct EndpointData {
    /// Its id.
    endpoint: String,
    /// In a challenge: the token that the answer gives back, alone or as `{"challenge": "…"}`.
    challenge: Option<String>,
}

/// Events about the endpoint itself.
const SERVICE: [(&str, &str); 2] = [
    ("endpoint.challenge", "The endpoint is to prove that it is meant: nothing else is sent to it before it has"),
    ("endpoint.ping", "Somebody tries the endpoint; a 2xx is enough"),
];

const KINDS: [(&str, &str); 11] = [
    ("notice.raised", "A child has been placed in your area"),
    ("notice.registered", "A child was in your area before the placing authority joined"),
    ("notice.consulted", "You are consulted on a placement that is proposed in your area"),
    ("notice.stated", "The placing authority gives notice of a stay in your area that is open already"),
    ("notice.corrected", "The placing authority corrects what it stated"),
    ("notice.ending_notified", "A placement in your area is to end"),
    ("notice.changed", "What is known of a placement in your area has changed"),
    ("notice.sealed", "Details of a child in your area lie sealed for you: for the first time, or again"),
    ("notice.rescheduled", "A due date moved with a bank holiday that was proclaimed, moved or taken back"),
    ("notice.ended", "A placement in your area has ended"),
    ("notice.withdrawn", "A notice is taken back"),
];

/// One webhook per kind of event.
pub(crate) fn webhooks() -> Paths {
    let notices = KINDS.into_iter().map(|(kind, summary)| (kind, webhook(&NoticeEvent::name(), summary)));
    let service = SERVICE.into_iter().map(|(kind, summary)| (kind, webhook(&EndpointEvent::name(), summary)));
    notices.chain(service).fold(Paths::new(), |mut all, (kind, operation)| {
        all.paths.insert(kind.to_owned(), PathItem::new(HttpMethod::Post, operation));
        all
    })
}

/// A webhook whose body is the component `event`.
fn webhook(event: &str, summary: &str) -> OperationBuilder {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(event))).build();
    let words = "Signed as Standard Webhooks 1.0 says: webhook-id, webhook-timestamp, webhook-signature (v1a by a key of \
                 /.well-known/jwks.json, or v1 by the endpoint's secret). Answer 2xx within 15 seconds. Tried again for 14 days. While a \
                 key or secret is rotated there are two signatures; one that verifies is enough.";
    OperationBuilder::new()
        .summary(Some(summary))
        .description(Some(words))
        .request_body(Some(RequestBodyBuilder::new().content("application/cloudevents+json", content).build()))
        .response("2XX", ResponseBuilder::new().description("Taken").build())
}

#[cfg(test)]
mod tests;
