//! The report an analyst reads: what was in the files, what is wrong, where, and what to do first.

mod export;
mod group;
mod render;
mod returned;
mod submitted;

pub use export::write_findings_csv;
pub use group::Group;
pub(crate) use group::group;
pub(crate) use render::render_findings;
pub use render::{Length, render_feed, render_files};
pub use returned::render_returned;
pub use submitted::{render_extra, render_status, render_submitted};
