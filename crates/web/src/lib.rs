//! Pages for people: server-rendered, without a script, in our own stylesheet.
//!
//! [`ROUTES`] is the list of every page and form: its path, who sees it, its place in the navigation and its handler. Around
//! each row stands the gate (`session`), which knows the signed-in person, refuses whoever the row does not
//! admit and turns every refusal into a page; a handler gets a `Page` and gives an answer.
//!
//! This room knows no SQL: it reads through `hub-store` and changes things through `hub-pipeline` only. Statutory words stay
//! in the code; on pages a placement is a *home* that a child is *living in*.

mod assets;
mod borough;
mod chart;
mod desk;
mod figure;
mod flows;
mod form;
mod front;
mod gaps;
mod indicators;
mod layout;
mod operator;
mod providers;
mod refused;
mod region;
mod router;
mod routes;
mod session;
mod sign_in;
mod state;
mod vacancies;

pub use assets::stylesheet;
pub use router::join;
pub use routes::{BROKERS, CONSORTIUM, ROUTES, Route, Who};
pub use sign_in::{Provider, ProviderError, ProviderSettings};
pub use state::Web;
