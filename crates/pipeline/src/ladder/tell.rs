//! Saying a step to those it is for, each once.

use hub_domain::{AuthorityCode, Timestamp};
use hub_notices::{Audience, Party, Step};
use hub_store::Tx;
use hub_store::event::{self, Event, Side};
use serde_json::{Map, Value};

use super::{EVERYBODY, Switches};
use crate::{Fault, Hub};

/// What is said, of what: an authority hears each subject of a step once.
pub(super) struct Word<'a> {
    pub(super) step: Step,
    pub(super) subject: &'a str,
    /// The same by other names.
    pub(super) also: &'a [String],
    /// What everybody learns.
    pub(super) data: &'a Map<String, Value>,
    pub(super) now: Timestamp,
}

/// Whom the audiences of a step belong to: `None` where nobody is to hear on that side.
#[derive(Clone, Copy)]
pub(super) struct Sides {
    pub(super) placing: Option<AuthorityCode>,
    pub(super) host: Option<AuthorityCode>,
}

/// Tells every audience of the step that has not heard and wants to hear; who was told.
pub(super) async fn tell(
    hub: &Hub,
    tx: &mut Tx,
    switches: &Switches,
    word: &Word<'_>,
    sides: Sides,
) -> Result<Vec<Audience>, Fault> {
    let mut told = Vec::new();
    for audience in word.step.audiences() {
        let (authority, side) = match audience.side() {
            Party::Placing => (sides.placing, Side::Placing),
            Party::Host => (sides.host, Side::Host),
            Party::Hub => (Some(EVERYBODY), Side::Hub),
        };
        let Some(authority) = authority.filter(|authority| switches.is_on(*authority, word.step)) else { continue };
        let also: Vec<String> = word.also.iter().map(|of| subject(of, side)).collect();
        if event::has_any(tx, authority, word.step.event(), &also).await? {
            continue;
        }
        let mut data = word.data.clone();
        data.insert("step".to_owned(), word.step.as_str().into());
        data.insert("audience".to_owned(), audience.as_str().into());
        let event = Event {
            authority,
            id: hub.ids.next(),
            kind: word.step.event().to_owned(),
            subject: subject(word.subject, side),
            at: word.now,
            data: Value::Object(data).to_string(),
        };
        if event::append_for(tx, &event, side).await? {
            told.push(*audience);
        }
    }
    Ok(told)
}

/// An authority may place into a home and host it: then both its sides are told.
fn subject(of: &str, side: Side) -> String {
    format!("{of}/{side}")
}
