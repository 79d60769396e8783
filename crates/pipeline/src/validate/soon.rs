//! Keys that a submission will close, told while the rest of it is still being judged: by the time they are closed their
//! pages have been read, and the one transaction that writes does not wait for a disk.

use hub_store::record;
use hub_store::submission::Submission;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::{Fault, Hub};

/// Keys told at once. A borough's night changes fewer: nothing is read twice for those.
const PIECE: usize = 500;

/// Where such keys are told; by default nowhere.
#[derive(Default)]
pub(super) struct Soon {
    keys: Vec<String>,
    to: Option<UnboundedSender<Vec<String>>>,
}

/// Both ends.
pub(super) fn soon() -> (Soon, UnboundedReceiver<Vec<String>>) {
    let (to, from) = unbounded_channel();
    (Soon { keys: Vec::new(), to: Some(to) }, from)
}

impl Soon {
    pub(super) fn tell(&mut self, key: &str) {
        let Some(to) = &self.to else { return };
        self.keys.push(key.to_owned());
        if self.keys.len() == PIECE && to.send(std::mem::take(&mut self.keys)).is_err() {
            self.to = None;
        }
    }

    /// No more keys will be told.
    pub(super) fn close(&mut self) {
        self.to = None;
    }
}

/// Reads what is believed under each key that is told, until no more are.
pub(super) async fn read(hub: &Hub, kept: &Submission, mut told: UnboundedReceiver<Vec<String>>) -> Result<(), Fault> {
    while let Some(keys) = told.recv().await {
        let mut link = hub.store.read().await?;
        record::by_keys(&mut link, kept.authority, kept.dataset, &keys).await?;
    }
    Ok(())
}
