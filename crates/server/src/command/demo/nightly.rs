//! What the hub's schedule would run at its hour, begun when the play comes to it.

use std::pin::Pin;
use std::sync::Arc;

use hub_demo::NightlyError;
use hub_pipeline::{Hub, reconcile};

/// The running hub's own work.
#[derive(Debug)]
pub(super) struct Nightly(pub(super) Arc<Hub>);

impl hub_demo::Nightly for Nightly {
    fn reconcile(&self) -> Pin<Box<dyn Future<Output = Result<(), NightlyError>> + Send + '_>> {
        Box::pin(async move { reconcile::run(&self.0).await.map(drop).map_err(NightlyError::from) })
    }
}
