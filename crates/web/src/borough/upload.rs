//! A form with a file in it (RFC 7578): measured as it arrives, refused as soon as it is too long or too slow, never whole
//! in memory.

use std::time::Duration;

use axum::extract::Request;
use axum::http::header;
use hub_pipeline::receive::{Spool, SpoolError, Upload};
use multer::{Field, Multipart};
use tokio::time::timeout;

use crate::form::Fields;
use crate::refused::Refused;

/// Longest file, bytes: longer ones are tried at the borough, by the same rules.
const LONGEST: u64 = 32 << 20;
/// Longest other field, bytes.
const SHORT: usize = 256;
/// Most fields.
const MOST: usize = 16;
/// Longest silence.
const IDLE: Duration = Duration::from_secs(15);

/// What was sent.
#[derive(Debug)]
pub(super) struct Sent {
    /// The other fields.
    pub(super) fields: Fields,
    /// What the file is called at home; only its ending is looked at.
    pub(super) name: String,
    /// The file.
    pub(super) upload: Upload,
}

/// Takes the form.
pub(super) async fn take(request: Request) -> Result<Sent, Refused> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let boundary =
        multer::parse_boundary(kind).map_err(|_| wrong("Choose a file, then send the form from its page."))?;
    let mut parts = Multipart::new(request.into_body().into_data_stream(), boundary);
    let (mut pairs, mut file) = (Vec::new(), None);
    while let Some(mut part) = in_time(parts.next_field()).await? {
        match (part.file_name().map(str::to_owned), part.name().unwrap_or_default().to_owned()) {
            (Some(name), _) => file = Some((name, spool(&mut part).await?)),
            (None, _) if pairs.len() >= MOST => return Err(wrong("The form has more fields than its page.")),
            (None, name) => pairs.push((name, short(&mut part).await?)),
        }
    }
    let (name, upload) = file.filter(|(_, upload)| upload.bytes > 0).ok_or_else(|| wrong("Choose a file."))?;
    Ok(Sent { fields: Fields::of(pairs), name, upload })
}

async fn spool(part: &mut Field<'_>) -> Result<Upload, Refused> {
    let mut spool = Spool::new(LONGEST);
    while let Some(piece) = in_time(part.chunk()).await? {
        spool.push(&piece).map_err(|error| match error {
            SpoolError::TooLong { limit } => {
                let told = format!("The file is longer than {} MiB. Try it with hub-agent validate.", limit >> 20);
                Refused::Invalid(told)
            }
            error @ SpoolError::Io(_) => Refused::fault(error),
        })?;
    }
    Ok(spool.finish())
}

async fn short(part: &mut Field<'_>) -> Result<String, Refused> {
    let mut bytes = Vec::new();
    while let Some(piece) = in_time(part.chunk()).await? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > SHORT {
            return Err(wrong("A field of the form is longer than its page lets it be."));
        }
    }
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    text.ok_or_else(|| wrong("The form holds what is not text."))
}

async fn in_time<T>(work: impl Future<Output = Result<T, multer::Error>>) -> Result<T, Refused> {
    let came = timeout(IDLE, work).await.map_err(|_| wrong("Nothing came for 15 seconds."))?;
    came.map_err(|_| wrong("The form broke off, or is no form of this hub's."))
}

fn wrong(told: &str) -> Refused {
    Refused::Invalid(told.to_owned())
}
