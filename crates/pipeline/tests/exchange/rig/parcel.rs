//! What a borough sends: a request and its bytes.

use std::sync::atomic::{AtomicU64, Ordering};

use hub_contract::{Compression, Encoding, Format};
use hub_domain::{Dataset, Date, Mode};
use hub_pipeline::receive::{Request, Spool, Upload};

use super::{LEWISHAM, Row, code, ndjson};

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A submission to be sent, any number of times.
#[derive(Debug, Clone)]
pub(crate) struct Parcel {
    request: Request,
    bytes: Vec<u8>,
}

/// Lewisham's whole placements feed as NDJSON, under a key of its own.
pub(crate) fn on(as_at: &str, rows: &[Row]) -> Parcel {
    static KEYS: AtomicU64 = AtomicU64::new(0);
    let request = Request {
        authority: code(LEWISHAM),
        client: "lewisham-nightly".to_owned(),
        dataset: Dataset::Placements,
        mode: Mode::Full,
        as_at: day(as_at),
        covers_from: None,
        correction: false,
        key: format!("key-{}", KEYS.fetch_add(1, Ordering::Relaxed)),
        format: Format::Ndjson,
        compression: None,
        encoding: Encoding::Utf8,
        digest: None,
    };
    Parcel { request, bytes: ndjson(rows).into_bytes() }
}

impl Parcel {
    pub(crate) fn from(mut self, authority: &str) -> Self {
        self.request.authority = code(authority);
        self
    }

    pub(crate) fn of(mut self, dataset: Dataset) -> Self {
        self.request.dataset = dataset;
        self
    }

    pub(crate) fn changes(mut self) -> Self {
        self.request.mode = Mode::Changes;
        self
    }

    pub(crate) fn window(mut self, covers_from: &str) -> Self {
        self.request.mode = Mode::Window;
        self.request.covers_from = Some(day(covers_from));
        self
    }

    /// Says that it is everything, whatever else it says.
    pub(crate) fn full(mut self) -> Self {
        self.request.mode = Mode::Full;
        self
    }

    pub(crate) fn correction(mut self) -> Self {
        self.request.correction = true;
        self
    }

    pub(crate) fn key(mut self, key: &str) -> Self {
        key.clone_into(&mut self.request.key);
        self
    }

    pub(crate) fn by(mut self, client: &str) -> Self {
        client.clone_into(&mut self.request.client);
        self
    }

    pub(crate) fn digest(mut self, digest: [u8; 32]) -> Self {
        self.request.digest = Some(digest);
        self
    }

    pub(crate) fn csv(mut self, text: &str) -> Self {
        self.request.format = Format::Csv;
        self.bytes = text.as_bytes().to_vec();
        self
    }

    pub(crate) fn packed(mut self, compression: Compression, bytes: Vec<u8>) -> Self {
        self.request.compression = Some(compression);
        self.bytes = bytes;
        self
    }

    pub(crate) fn request(&self) -> Request {
        self.request.clone()
    }

    pub(crate) fn upload(&self) -> Upload {
        let mut spool = Spool::new(64 << 20);
        for chunk in self.bytes.chunks(64 * 1024) {
            spool.push(chunk).unwrap();
        }
        spool.finish()
    }
}
