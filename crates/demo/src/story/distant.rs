//! One placement at a distance, as its notice tells it afterwards.

use std::fmt::{self, Write};

use hub_domain::{AuthorityCode, Date};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::play::{Callers, Opened, PlayError};

/// A placement at a distance: consulted on, told of, and its details opened by the host. It names no child.
#[derive(Debug, Clone, Serialize)]
pub struct Distant {
    /// The notice.
    pub notice: Uuid,
    /// Who places.
    pub placing: AuthorityCode,
    /// Its name.
    pub placing_name: String,
    /// Who hosts, and opened the details.
    pub host: AuthorityCode,
    /// Its name.
    pub host_name: String,
    /// First day.
    pub start: Date,
    /// `at_a_distance`.
    pub class: String,
    /// What wants a person's eye: nothing, where the host was consulted first and the director approved.
    pub flags: Vec<String>,
    /// How notice of the placement stands: `met`.
    pub clock_status: Option<String>,
    /// How far the host has got.
    pub state: String,
    /// What happened to it, in order.
    pub history: Vec<String>,
    /// Parts that were sealed for the host; the hub could read none of them.
    pub sealed: Vec<String>,
    /// Parts that the host opened and whose signature it checked.
    pub opened: Vec<String>,
}

#[derive(Deserialize)]
struct Noticed {
    start: Date,
    class: String,
    flags: Vec<String>,
    state: String,
    clocks: Vec<Clock>,
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Clock {
    kind: String,
    status: String,
}

#[derive(Deserialize)]
struct Event {
    kind: String,
}

pub(super) async fn read(callers: &Callers, opened: &Opened) -> Result<Distant, PlayError> {
    let pair = opened.pair;
    let path = format!("/v1/notices/{}", opened.notice);
    let noticed: Noticed = callers.of_member(pair.placing)?.get(&path).await?;
    let clock = noticed.clocks.into_iter().find(|clock| clock.kind == "planned");
    Ok(Distant {
        notice: opened.notice,
        placing: pair.placing.authority(),
        placing_name: pair.placing.name(),
        host: pair.host.authority(),
        host_name: pair.host.name(),
        start: noticed.start,
        class: noticed.class,
        flags: noticed.flags,
        clock_status: clock.map(|clock| clock.status),
        state: noticed.state,
        history: noticed.events.into_iter().map(|event| event.kind).collect(),
        sealed: opened.sealed.clone(),
        opened: opened.read.clone(),
    })
}

impl Distant {
    /// The placement as a commissioner reads it in a terminal.
    pub(super) fn write(&self, out: &mut String) -> fmt::Result {
        let words = |all: &[String]| all.join(", ").replace('_', " ");
        let (placing, host) = (&self.placing_name, &self.host_name);
        let start = self.start.strftime("%A %-d %B");
        writeln!(out, "\nONE PLACEMENT AT A DISTANCE: {placing} to {host}, from {start}")?;
        let clock = self.clock_status.as_deref().unwrap_or("no clock");
        let flags = if self.flags.is_empty() { "nothing amiss".to_owned() } else { words(&self.flags) };
        writeln!(
            out,
            "  {host} was consulted first, the director approved, notice: {clock}; {flags}; {}.",
            self.state
        )?;
        writeln!(out, "  Sealed at {placing} for {host} alone, signed inside: {}.", words(&self.sealed))?;
        let (sealed, opened) = (self.sealed.len(), self.opened.len());
        writeln!(
            out,
            "  The hub could read none of it; {host} opened {opened} of {sealed} parts and knows who signed them."
        )?;
        writeln!(out, "  In its history: {}.", words(&self.history))
    }
}
