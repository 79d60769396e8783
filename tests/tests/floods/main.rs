//! S5: the real binary under bodies that swell, bodies that never end, and peers that hardly speak.

mod bombs;
mod slow;

use hub_domain::{Clock as _, SystemClock};
use hub_pipeline::identity::Role;
use hub_testkit::{Launch, Persona, Process, TestDb, authority, enrol, plain_client};

/// A hub of its own and a borough that may send to it.
async fn hub(db: &TestDb, args: &[&str]) -> (Process, Persona) {
    let secret = enrol(db.store(), SystemClock.now(), "sender", &[Role::Borough], &[authority("lewisham")]).await;
    let args = args.iter().map(|arg| (*arg).to_owned()).collect();
    let process = Process::begin(&Launch { args, ..Launch::on(db.url()) }).await;
    let caller = Persona::enter(&process.base(), &plain_client(), "sender", &secret).await;
    (process, caller)
}
