//! Limits, thresholds and addresses; read once, when the hub starts.

use std::time::Duration;

use hub_disclosure::{Gated, Known, Policy, Refused, Table};
use hub_domain::Calendar;
use hub_notices::Rules;
use hub_notices::alert::AlertRules;

use crate::retain::Periods;

/// What tables pass on their way out. There is one; tests put a spoilt table in its way.
pub type Gate = fn(Vec<Table>, &Policy, &Known) -> Result<Gated, Refused>;

/// The first week of each quarter, an hour after the consortium's release: the first day on which the gate lets it pass.
pub const QUARTERLY: &str = "0 7 1-7 1,4,7,10 *";
/// The word for no time at all.
pub const NEVER: &str = "never";
/// Who publishes, unless it is said.
pub const PUBLISHER: &str = "Regional sufficiency consortium";
/// The Open Government Licence, under which councils publish.
pub const OPEN_GOVERNMENT: &str = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/";

/// What an operator may set. Defaults suit a pilot and a region alike.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The hub's own address as others reach it; the issuer of its tokens.
    pub base_url: String,
    /// Longest body of one submission, bytes as sent.
    pub upload_bytes: u64,
    /// Longest body of one submission, bytes once decompressed.
    pub plain_bytes: u64,
    /// How long an Idempotency-Key is remembered (promise D3).
    pub remember: Duration,
    /// How long what is over is kept.
    pub periods: Periods,
    /// Counts below this are hidden (promise C2).
    pub threshold: u64,
    /// Lengths of the clocks that are policy and not law, for every authority alike.
    pub rules: Rules,
    /// Working days: those known to this version, and those of the operator's file. What was proclaimed is in the store.
    pub calendar: &'static Calendar,
    /// What makes an alert about a home.
    pub alerts: AlertRules,
    /// The release gate.
    pub gate: Gate,
    /// When a release is published, as a cron pattern in Europe/London.
    pub publish_at: String,
    /// When a snapshot for the public is tried, likewise, or [`NEVER`]: after the consortium's release of the day, since what
    /// that hides the snapshot hides too. However often it is tried, there is one a quarter (promise C4).
    pub publish_public_at: String,
    /// Who publishes, as the catalogue names it.
    pub publisher: String,
    /// Address of the licence of what anybody may read.
    pub public_licence: String,
    /// When the accounts of each placement are set beside each other, likewise: after the feeds, before offices open.
    pub reconcile_at: String,
    /// Deliveries in flight at once, in all.
    pub deliveries: usize,
    /// Deliveries in flight at once to one endpoint.
    pub per_endpoint: usize,
    /// Requests a second that one client may keep up; nought for no limit (promise S9).
    pub client_rate: u32,
    /// Requests that one client may make at once before its rate tells.
    pub client_burst: u32,
    /// Uploads of one authority received at once; further ones wait.
    pub authority_uploads: usize,
    /// Name of this process in leases.
    pub worker: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: "http://127.0.0.1:8080".to_owned(),
            upload_bytes: 256 << 20,
            plain_bytes: 1 << 30,
            remember: Duration::from_hours(7 * 24),
            periods: Periods::default(),
            threshold: 5,
            rules: Rules::default(),
            calendar: Calendar::england_and_wales(),
            alerts: AlertRules::default(),
            gate: hub_disclosure::gate_knowing,
            publish_at: "0 6 * * *".to_owned(),
            publish_public_at: QUARTERLY.to_owned(),
            publisher: PUBLISHER.to_owned(),
            public_licence: OPEN_GOVERNMENT.to_owned(),
            reconcile_at: "30 6 * * *".to_owned(),
            deliveries: 256,
            per_endpoint: 8,
            client_rate: 50,
            client_burst: 1_000,
            authority_uploads: 4,
            worker: "hub".to_owned(),
        }
    }
}
