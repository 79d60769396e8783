//! Who is signed in: the cookie, and the gate around every page.

pub(crate) mod cookie;
pub(crate) mod gate;
mod origin;
