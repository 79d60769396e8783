use std::fmt;
use std::pin::Pin;

use super::{Outcome, Prepared, Sender};
use crate::guard::Guard;

/// An attempt under way.
pub type Carrying = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// What makes attempts: [`Sender`] over the network, or a stand-in for simulations of days and outages.
pub trait Carry: fmt::Debug + Send + Sync {
    /// The guard by which addresses are admitted.
    fn guard(&self) -> &Guard;

    /// Makes one attempt.
    fn carry(&self, prepared: Prepared) -> Carrying;
}

impl Carry for Sender {
    fn guard(&self) -> &Guard {
        Self::guard(self)
    }

    fn carry(&self, prepared: Prepared) -> Carrying {
        let sender = self.clone();
        Box::pin(async move { sender.send(&prepared).await })
    }
}
