//! Every statement that the store runs.

use crate::db::Statement;
use crate::{
    audit, delivery, endpoint, envelope, event, holiday, idempotency, identity, job, ladder, member, notice, pairs,
    population, reading, reconciliation, record, release, retention, schedule, sealing, source, statement, submission,
    trend,
};

/// One line per module that declares statements; a test counts that none is missing.
const MODULES: &[&[&[Statement]]] = &[
    &[pairs::ALL],
    submission::ALL,
    &[audit::ALL],
    &[idempotency::ALL],
    record::ALL,
    &[member::ALL],
    job::ALL,
    &[schedule::ALL, schedule::LEDGER],
    &[event::ALL],
    notice::ALL,
    &[statement::ALL],
    endpoint::ALL,
    delivery::ALL,
    &[reading::ALL],
    reconciliation::ALL,
    &[ladder::ALL],
    &[release::ALL],
    &[retention::ALL],
    &[population::ALL],
    &[holiday::ALL],
    identity::ALL,
    &[sealing::ALL],
    source::ALL,
    &[trend::ALL],
    envelope::ALL,
];

/// Every statement, module by module.
pub(crate) fn statements() -> impl Iterator<Item = &'static Statement> {
    MODULES.iter().flat_map(|module| module.iter()).flat_map(|file| file.iter())
}
