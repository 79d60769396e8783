//! Real hubs on real databases, the people who call them, and the strangers they call: for tests only.
//!
//! [`TestHub`] runs the whole hub in this process, wired as the binary wires it, with a clock that moves when told.
//! [`Process`] runs the real `hub` binary, to be killed. [`Persona`] is a caller with a token, [`Receiver`] a host's
//! system, [`Trap`] an address that nobody may call; [`Markup`] reads a page strictly. Nothing here waits by sleeping: [`until`] polls a condition and
//! gives up loudly.
//!
//! ```
//! hub_testkit::on_both! {
//!     async fn says_which_version(hub: TestHub) {
//!         assert_eq!(hub.anonymous().get("/version").await.status, 200);
//!     }
//! }
//! ```

mod answer;
mod behind;
mod chance;
mod feed;
mod hub;
mod markup;
mod persona;
mod process;
mod program;
mod raw;
mod receiver;
mod trap;
mod visitor;
mod wait;
mod watch;

pub use answer::Answer;
pub use behind::{count, rows};
pub use chance::{Chance, seed, trials};
pub use feed::{Child, Feed, child_ref, placement};
pub use hub::{ISSUER, NIGHT, Setup, TestHub, authority, plain_client, run};
pub use markup::{Element, Markup};
pub use persona::{Persona, client_key, enrol};
pub use process::{Launch, Process};
pub use program::{agent_program, program};
pub use raw::{Exchange, exchange, request_bytes};
pub use receiver::{Letter, Receiver};
pub use trap::Trap;
pub use visitor::Visitor;
pub use wait::{until, until_blocking};
pub use watch::Watch;

pub use hub_server::wire::People;
pub use hub_testdb::{Backend, TestDb, stamp};

/// Stamps each test for both databases, each with a hub of its own: `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($hub:ident: TestHub) $body:block)*) => {
        $crate::stamp! { $crate::run, $crate::TestHub: $($(#[$meta])* async fn $name($hub) $body)* }
    };
}
