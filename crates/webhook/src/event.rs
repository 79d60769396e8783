//! The body of every webhook: a CloudEvents 1.0 event in structured JSON.

use std::fmt;

use hub_domain::{AuthorityCode, Dataset};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

/// The media type of the body.
pub const CONTENT_TYPE: &str = "application/cloudevents+json";

/// What happened, as `uk.sufficiencyhub.<what>.v<major>`, such as `uk.sufficiencyhub.notice.raised.v1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventType(String);

impl EventType {
    /// The type for `what` (such as `notice.raised`) in major version `major`.
    pub fn new(what: &str, major: u8) -> Self {
        Self(format!("uk.sufficiencyhub.{what}.v{major}"))
    }

    /// The type as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What the event is about. It is made only of ids of ours and of authorities, so that no child's
/// reference can stand in it: brokers and gateways log subjects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subject(String);

impl Subject {
    /// A notice, by its id.
    pub fn notice(id: Uuid) -> Self {
        Self(format!("notices/{id}"))
    }

    /// An endpoint, by its id.
    pub fn endpoint(id: Uuid) -> Self {
        Self(format!("endpoints/{id}"))
    }

    /// A submission, by its id.
    pub fn submission(id: Uuid) -> Self {
        Self(format!("submissions/{id}"))
    }

    /// A release, by its id.
    pub fn release(id: Uuid) -> Self {
        Self(format!("releases/{id}"))
    }

    /// An authority's feed of one dataset.
    pub fn feed(authority: AuthorityCode, dataset: Dataset) -> Self {
        Self(format!("feeds/{authority}/{dataset}"))
    }
}

/// One event as it is sent. The bytes made from it are kept, and the same bytes go out on every attempt.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CloudEvent {
    specversion: Specversion,
    /// The event's id: also the `webhook-id`, by which a receiver drops what it has seen.
    pub id: Uuid,
    /// The address of the hub that speaks.
    pub source: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subject: Option<Subject>,
    /// When it happened.
    pub time: Timestamp,
    datacontenttype: String,
    /// The address of the contract that describes `data`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub dataschema: Option<String>,
    /// The event's own document, written as it came.
    pub data: Box<RawValue>,
}

impl CloudEvent {
    /// An event with neither subject nor schema.
    pub fn new(id: Uuid, source: &str, kind: EventType, time: Timestamp, data: Box<RawValue>) -> Self {
        Self {
            specversion: Specversion::V1,
            id,
            source: source.to_owned(),
            kind,
            subject: None,
            time,
            datacontenttype: "application/json".to_owned(),
            dataschema: None,
            data,
        }
    }

    /// The event, about `subject`.
    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        self.subject = Some(subject);
        self
    }

    /// The event, its data described at `address`.
    #[must_use]
    pub fn described_at(mut self, address: &str) -> Self {
        self.dataschema = Some(address.to_owned());
        self
    }

    /// The bytes to keep, sign and send.
    pub fn to_body(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// The event in `body`; another version of CloudEvents is refused.
    pub fn from_body(body: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(body)
    }
}

/// The version of CloudEvents; there is one.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Specversion {
    #[serde(rename = "1.0")]
    V1,
}
