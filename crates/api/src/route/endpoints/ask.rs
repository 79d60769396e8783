use hub_domain::{AuthorityCode, Timestamp};
use hub_pipeline::endpoints::{EVENTS, LONGEST_OVERLAP, USUAL_OVERLAP, details};
use hub_store::endpoint::{Details, Scheme};
use jiff::SignedDuration;
use utoipa::ToSchema;

use crate::extract::{Fields, FromFields};

/// An endpoint to register.
#[derive(Debug, ToSchema)]
pub(crate) struct Registration {
    /// Where notices are to be sent: https, port 443 or 8443, a public address.
    pub(super) url: String,
    /// `v1a` (usual) or `v1`.
    #[schema(value_type = Option<String>)]
    pub(super) scheme: Option<Scheme>,
    /// Whose, if the caller speaks for several.
    #[schema(value_type = Option<String>)]
    pub(super) authority: Option<AuthorityCode>,
    /// `description` and `events`, as in a change.
    #[schema(inline, value_type = DetailsAsked)]
    pub(super) details: Details,
}

/// What an owner says of an endpoint.
#[derive(Debug, ToSchema)]
pub(crate) struct Change {
    #[schema(inline, value_type = DetailsAsked)]
    pub(super) details: Details,
}

/// What it is for, and what it asks for.
#[derive(ToSchema)]
#[expect(dead_code, reason = "for the document: its fields are read by name")]
pub(crate) struct DetailsAsked {
    /// 200 characters at most.
    description: Option<String>,
    /// Some of `notice.raised`, `notice.registered`, `notice.consulted`, `notice.stated`, `notice.corrected`,
    /// `notice.ending_notified`, `notice.changed`, `notice.ended`, `notice.withdrawn`; or `notice.*`, which is the same as
    /// none: everything about notices.
    events: Option<Vec<String>>,
}

/// The token of a challenge.
#[derive(Debug, ToSchema)]
pub(crate) struct Proof {
    /// As the challenge had it in `data.challenge`.
    pub(super) challenge: String,
}

/// How to rotate a secret.
#[derive(Debug, ToSchema)]
pub(crate) struct Rotation {
    /// Hours for which the old secret signs beside the new one: 0 to 168, 24 unless given.
    #[schema(value_type = Option<i64>)]
    pub(super) overlap_hours: SignedDuration,
}

/// From when.
#[derive(Debug)]
pub(crate) struct Since(pub(super) Timestamp);

fn read(fields: &mut Fields) -> Option<Details> {
    let description: Option<String> = fields.optional("description", "200 printing characters at most")?;
    let events = fields.list("events", "a list of event types")?.unwrap_or_default();
    let said = details(description.as_deref(), &events);
    match said {
        Ok(said) => Some(said),
        Err(hub_pipeline::endpoints::EndpointRefusal::Description) => {
            fields.refuse("description", "200 printing characters at most");
            None
        }
        Err(_) => {
            fields.refuse("events", format!("some of {}", EVENTS.join(", ")));
            None
        }
    }
}

impl FromFields for Registration {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let url = fields.required("url", "an https address");
        let scheme = fields.optional("scheme", "v1a or v1");
        let authority = fields.optional("authority", "the GSS code of an authority");
        let details = read(fields);
        Some(Self { url: url?, scheme: scheme?, authority: authority?, details: details? })
    }
}

impl FromFields for Change {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        Some(Self { details: read(fields)? })
    }
}

impl FromFields for Proof {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        Some(Self { challenge: fields.required("challenge", "the token of the challenge")? })
    }
}

impl FromFields for Rotation {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let hours = fields.or("overlap_hours", "a whole number from 0 to 168", USUAL_OVERLAP.as_hours())?;
        if !(0..=LONGEST_OVERLAP.as_hours()).contains(&hours) {
            fields.refuse("overlap_hours", "a whole number from 0 to 168");
            return None;
        }
        Some(Self { overlap_hours: SignedDuration::from_hours(hours) })
    }
}

impl FromFields for Since {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        Some(Self(fields.required("since", "an instant such as 2026-11-16T06:00:00Z")?))
    }
}
