//! What the hub sends to a host's endpoint, for the document's `webhooks`.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, PathItem, Paths};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{ContentBuilder, ResponseBuilder};

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
    /// The notice as its host may know it: a pseudonym, a postcode sector, no name.
    #[schema(value_type = Object)]
    data: serde_json::Value,
}

const KINDS: [(&str, &str); 9] = [
    ("notice.raised", "A child has been placed in your area"),
    ("notice.registered", "A child was in your area before the placing authority joined"),
    ("notice.consulted", "You are consulted on a placement that is proposed in your area"),
    ("notice.stated", "The placing authority gives notice of a stay in your area that is open already"),
    ("notice.corrected", "The placing authority corrects what it stated"),
    ("notice.ending_notified", "A placement in your area is to end"),
    ("notice.changed", "What is known of a placement in your area has changed"),
    ("notice.ended", "A placement in your area has ended"),
    ("notice.withdrawn", "A notice is taken back"),
];

/// One webhook per kind of event.
pub(crate) fn webhooks() -> Paths {
    KINDS.into_iter().fold(Paths::new(), |mut all, (kind, summary)| {
        all.paths.insert(kind.to_owned(), PathItem::new(HttpMethod::Post, webhook(summary)));
        all
    })
}

fn webhook(summary: &str) -> OperationBuilder {
    let schema = <NoticeEvent as utoipa::PartialSchema>::schema();
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let words = "Signed as Standard Webhooks 1.0 says: webhook-id, webhook-timestamp, webhook-signature (v1a by a key of \
                 /.well-known/jwks.json, or v1 by the endpoint's secret). Answer 2xx within 15 seconds. Tried again for 14 days.";
    OperationBuilder::new()
        .summary(Some(summary))
        .description(Some(words))
        .request_body(Some(RequestBodyBuilder::new().content("application/cloudevents+json", content).build()))
        .response("2XX", ResponseBuilder::new().description("Taken").build())
}
