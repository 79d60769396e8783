//! A stored payload as a reader: pieces are fetched by a task and read by a thread, two pieces ahead at most.

use std::io::{self, Read};
use std::sync::Arc;

use hub_domain::AuthorityCode;
use hub_store::submission::{self, Submission};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::{Fault, Hub};

/// The stored bytes of a submission, decompressed. Read it on a blocking thread.
pub(super) fn read(hub: Arc<Hub>, authority: AuthorityCode, id: Uuid) -> impl Read {
    let (to, from) = mpsc::channel(2);
    tokio::spawn(fetch(hub, authority, id, to));
    Plain { pieces: Some(Pieces { from, piece: Vec::new(), at: 0, done: false }), plain: None }
}

/// Whether what was sent is still kept: nothing of it would read as an empty file.
pub(super) async fn is_kept(hub: &Hub, kept: &Submission) -> Result<bool, Fault> {
    let mut link = hub.store.read().await?;
    Ok(submission::payload_piece(&mut link, kept.authority, kept.id, 0).await?.is_some())
}

/// The format a submission was declared in.
pub(super) fn format(kept: &Submission) -> Result<hub_contract::Format, Fault> {
    kept.format.parse().map_err(|_| Fault::Inconsistent("a stored submission's format"))
}

async fn fetch(hub: Arc<Hub>, authority: AuthorityCode, id: Uuid, to: mpsc::Sender<Result<Vec<u8>, Fault>>) {
    for n in 0.. {
        let piece = match hub.store.read().await {
            Ok(mut link) => submission::payload_piece(&mut link, authority, id, n).await.map_err(Fault::from),
            Err(error) => Err(error.into()),
        };
        let sent = match piece {
            Ok(Some(piece)) => to.send(Ok(piece)).await,
            Ok(None) => {
                // An empty piece is the end; a channel that closes without one is a fault, not a short file.
                let _ = to.send(Ok(Vec::new())).await;
                return;
            }
            Err(fault) => {
                let _ = to.send(Err(fault)).await;
                return;
            }
        };
        if sent.is_err() {
            return;
        }
    }
}

struct Pieces {
    from: mpsc::Receiver<Result<Vec<u8>, Fault>>,
    piece: Vec<u8>,
    at: usize,
    done: bool,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() && !self.done {
            self.piece = match self.from.blocking_recv() {
                Some(Ok(piece)) => piece,
                Some(Err(fault)) => return Err(io::Error::other(fault)),
                None => return Err(io::Error::other(Fault::Stopped)),
            };
            self.at = 0;
            self.done = self.piece.is_empty();
        }
        let left = self.piece.get(self.at..).unwrap_or_default();
        let taken = left.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..taken), left.get(..taken)) {
            to.copy_from_slice(from);
        }
        self.at += taken;
        Ok(taken)
    }
}

/// Decompresses. The decoder is made at the first read, on the reading thread, since making it may read.
struct Plain {
    pieces: Option<Pieces>,
    plain: Option<zstd::Decoder<'static, io::BufReader<Pieces>>>,
}

impl Read for Plain {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if let Some(pieces) = self.pieces.take() {
            self.plain = Some(zstd::Decoder::new(pieces)?);
        }
        self.plain.as_mut().map_or(Ok(0), |plain| plain.read(into))
    }
}
