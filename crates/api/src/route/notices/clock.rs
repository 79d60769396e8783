//! What beside the notice itself either side is shown: clocks, what is outstanding, what was stated when.

use hub_domain::Timestamp;
use hub_notices::{Clock, Outstanding, Statement};
use hub_store::statement::StatementRow;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

/// A deadline and how the authority stands against it. A dispute stops none.
#[derive(Serialize, ToSchema)]
#[schema(as = Clock)]
pub(crate) struct ClockView {
    /// `planned`, `emergency`, `details`, `placement_plan`, `provider` or `ending`.
    kind: String,
    /// In time strictly before this instant.
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    /// The last whole day that is in time.
    last_day: String,
    /// `running`, `met`, `late`, `overdue`, `not_practicable` or `unknown`.
    status: String,
    /// Working days: left while it runs, 0 on the last day; negative once past, by how many.
    working_days: i32,
    /// When it was done.
    #[schema(value_type = Option<String>, format = DateTime)]
    given_at: Option<Timestamp>,
    /// The regulation it comes from, or the hub's policy.
    source: String,
    /// The length is the hub's policy, not law.
    policy: bool,
    /// Why it was not reasonably practicable.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// Something still to come before a notice is complete.
#[derive(Serialize, ToSchema)]
#[schema(as = Outstanding)]
pub(crate) struct OutstandingView {
    /// The field of a statement, the part of the sealed envelope, or `recipients.` and who has not been told.
    field: String,
    /// What wants it.
    rule: String,
    /// It travels sealed to the host.
    sealed: bool,
}

/// One statement of the placing authority.
#[derive(Serialize, ToSchema)]
#[schema(as = Statement)]
pub(crate) struct StatementView {
    /// Its id.
    id: Uuid,
    /// Its place among the statements, from 1; each stands in the place of the one before it.
    n: i64,
    /// `consult`, `placement`, `change`, `intention_to_end`, `ended` or `withdraw`.
    r#type: String,
    /// When the hub had it.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The client that said it.
    client: String,
    /// The key by which the client proved that it is; null where it has a secret.
    signed_by: Option<String>,
    /// Not given to the host.
    provisional: bool,
    /// SHA-256 of all that is said once it was said, as the hub keeps it, hexadecimal.
    digest: String,
    /// Names of the fields that it changed.
    changed: Vec<&'static str>,
}

impl StatementView {
    /// Each with what it changed of the one before it.
    pub(crate) fn all(rows: &[StatementRow]) -> Vec<Self> {
        let mut before = Statement::default();
        let view = |row: &StatementRow| {
            let said: Statement = serde_json::from_str(&row.body).unwrap_or_default();
            let changed = said.changed(&before);
            before = said;
            Self {
                id: row.id,
                n: row.n,
                r#type: row.kind.to_string(),
                at: row.at,
                client: row.client.clone(),
                signed_by: row.key_id.clone(),
                provisional: row.provisional,
                digest: Sha256::digest(&row.body)
                    .iter()
                    .fold(String::new(), |text, byte| text + &format!("{byte:02x}")),
                changed,
            }
        };
        rows.iter().map(view).collect()
    }
}

impl From<Clock> for ClockView {
    fn from(clock: Clock) -> Self {
        Self {
            kind: clock.kind.to_string(),
            due_at: clock.due_at,
            last_day: clock.last_day.to_string(),
            status: clock.status.to_string(),
            working_days: clock.working_days,
            given_at: clock.given_at,
            source: clock.source,
            policy: clock.policy,
            reason: clock.reason,
        }
    }
}

impl From<Outstanding> for OutstandingView {
    fn from(one: Outstanding) -> Self {
        Self { field: one.field.into_owned(), rule: one.rule.into_owned(), sealed: one.sealed }
    }
}
