//! What lies in an envelope: a tar archive, so that any system can take it apart once it is decrypted.

use std::collections::BTreeSet;
use std::io::Read as _;

use hub_domain::{AuthorityCode, Timestamp};
use hub_notices::SealedPart;
use hub_notices::envelope::{EnvelopeKind, Fingerprint};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::signing::{SignatureError, SigningKey, verify};
use crate::keys::KeyError;

/// First member of every manifest.
const FORMAT: &str = "sufficiency-hub sealed details 1";
const MANIFEST: &str = "manifest.json";
const SIGNATURE: &str = "manifest.json.jws";
const FOLDER: &str = "attachments/";
/// Longest archive, bytes: what is left of the hub's 10 MiB for what sealing adds.
pub const MOST_BYTES: usize = (10 << 20) - (128 << 10);
/// Sizes to which an archive is padded, so that the length of an envelope says little of what is in it.
const SIZES: [usize; 8] = [16 << 10, 64 << 10, 256 << 10, 1 << 20, 2 << 20, 4 << 20, 7 << 20, MOST_BYTES];

/// What the archive begins with.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Which layout this is.
    pub format: String,
    /// The notice it belongs to: one taken from another notice is noticed.
    pub notice: Uuid,
    /// Details, or a protected address.
    pub kind: EnvelopeKind,
    /// Who placed the child.
    pub placing: AuthorityCode,
    /// Whom it is for.
    pub host: AuthorityCode,
    /// When it was sealed.
    pub sealed_at: Timestamp,
    /// The sealed fields, by part.
    pub sealed: Map<String, Value>,
    /// The files that follow.
    pub attachments: Vec<Attached>,
}

/// A file of the archive.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// What it is.
    pub part: SealedPart,
    /// Its name, without a folder.
    pub name: String,
    /// Its length.
    pub bytes: usize,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// A file to be sealed, or that was.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// What it is.
    pub part: SealedPart,
    /// Its name, without a folder.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A manifest and its files.
#[derive(Clone, PartialEq)]
pub struct Contents {
    /// What the archive begins with.
    pub manifest: Manifest,
    /// The files, in the manifest's order.
    pub attachments: Vec<Attachment>,
    /// Whose key signed the manifest, and with it the files; `None` where nobody did, or it is not packed yet.
    pub signed_by: Option<Fingerprint>,
}

macro_rules! hidden {
    ($($name:ident),+) => {$(
        impl std::fmt::Debug for $name {
            /// Nothing of a child goes into a log.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
hidden!(Manifest, Attached, Attachment, Contents);

/// The contents cannot be packed or unpacked.
#[derive(Debug, thiserror::Error)]
pub enum ContentsError {
    /// More than fits.
    #[error(
        "the details and their attachments come to {bytes} bytes; an envelope holds {MOST_BYTES}. Make the files smaller"
    )]
    TooLong {
        /// How much there is.
        bytes: usize,
    },
    /// The archive could not be written or read.
    #[error("the archive could not be written or read")]
    Archive(#[from] std::io::Error),
    /// It decrypts, and is laid out otherwise.
    #[error("it opens, but {0}: it was not made by hub-agent, or by a newer one")]
    Layout(&'static str),
    /// It is signed, and not by whom or of what it says.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// It could not be signed.
    #[error("it could not be signed")]
    Sign(#[source] KeyError),
}

impl Contents {
    /// A manifest with these fields and files.
    pub fn new(
        (notice, kind): (Uuid, EnvelopeKind),
        (placing, host): (AuthorityCode, AuthorityCode),
        sealed_at: Timestamp,
        sealed: Map<String, Value>,
        attachments: Vec<Attachment>,
    ) -> Self {
        let attached = attachments.iter().map(|file| Attached {
            part: file.part,
            name: file.name.clone(),
            bytes: file.bytes.len(),
            sha256: sha256(&file.bytes),
        });
        let attached = attached.collect();
        let format = FORMAT.to_owned();
        let manifest = Manifest { format, notice, kind, placing, host, sealed_at, sealed, attachments: attached };
        Self { manifest, attachments, signed_by: None }
    }

    /// Which parts there are.
    pub fn parts(&self) -> BTreeSet<SealedPart> {
        let fields = self.manifest.sealed.keys().filter_map(|name| name.parse().ok());
        fields.chain(self.attachments.iter().map(|file| file.part)).collect()
    }

    /// The archive, padded; signed, where there is somebody to sign it.
    pub fn pack(&self, signer: Option<&SigningKey>) -> Result<Vec<u8>, ContentsError> {
        let manifest = serde_json::to_vec_pretty(&self.manifest).map_err(std::io::Error::from)?;
        let mut archive = tar::Builder::new(Vec::new());
        append(&mut archive, MANIFEST, &manifest)?;
        if let Some(signer) = signer {
            let signature = signer.sign(&manifest).map_err(ContentsError::Sign)?;
            append(&mut archive, SIGNATURE, signature.as_bytes())?;
        }
        for file in &self.attachments {
            append(&mut archive, &format!("{FOLDER}{}", file.name), &file.bytes)?;
        }
        let mut bytes = archive.into_inner()?;
        let fitting = SIZES.iter().find(|size| **size >= bytes.len());
        let size = *fitting.ok_or(ContentsError::TooLong { bytes: bytes.len() })?;
        // A tar archive ends with noughts; more of them end it as well.
        bytes.resize(size, 0);
        Ok(bytes)
    }

    /// The contents of an archive; the signature and every file are held against the manifest, and nothing is written
    /// anywhere.
    pub fn unpack(archive: &[u8]) -> Result<Self, ContentsError> {
        let mut archive = tar::Archive::new(archive);
        let mut entries = archive.entries()?.peekable();
        let text = match entries.next() {
            Some(entry) => read(entry?, MANIFEST)?,
            None => return Err(ContentsError::Layout("nothing is in it")),
        };
        let is_signed = entries.peek().is_some_and(|next| next.as_ref().is_ok_and(|entry| is_named(entry, SIGNATURE)));
        let signed_by = match entries.next_if(|_| is_signed) {
            Some(entry) => {
                let signature = String::from_utf8(read(entry?, SIGNATURE)?).map_err(|_| SignatureError::Form)?;
                Some(verify(&text, &signature)?)
            }
            None => None,
        };
        let manifest: Manifest =
            serde_json::from_slice(&text).map_err(|_| ContentsError::Layout("its manifest does not read"))?;
        if manifest.format != FORMAT {
            return Err(ContentsError::Layout("its manifest names another format"));
        }
        let attachments = files(&manifest, entries)?;
        Ok(Self { manifest, attachments, signed_by })
    }
}

/// The files that the manifest names, as it names them.
fn files<'a>(
    manifest: &Manifest,
    mut entries: impl Iterator<Item = std::io::Result<tar::Entry<'a, &'a [u8]>>>,
) -> Result<Vec<Attachment>, ContentsError> {
    let mut attachments = Vec::new();
    for said in &manifest.attachments {
        let entry = entries.next().ok_or(ContentsError::Layout("a file is missing"))?;
        let bytes = read(entry?, &format!("{FOLDER}{}", said.name))?;
        if !is_plain(&said.name) || sha256(&bytes) != said.sha256 {
            return Err(ContentsError::Layout("a file is not the one its manifest names"));
        }
        attachments.push(Attachment { part: said.part, name: said.name.clone(), bytes });
    }
    Ok(attachments)
}

fn is_named(entry: &tar::Entry<'_, &[u8]>, name: &str) -> bool {
    entry.path_bytes().as_ref() == name.as_bytes()
}

fn append(archive: &mut tar::Builder<Vec<u8>>, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o600);
    header.set_cksum();
    archive.append_data(&mut header, name, bytes)
}

fn read(mut entry: tar::Entry<'_, &[u8]>, wanted: &str) -> Result<Vec<u8>, ContentsError> {
    if !is_named(&entry, wanted) {
        return Err(ContentsError::Layout("a file is not where it belongs"));
    }
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether a name is that of a file and no way to another folder.
pub(super) fn is_plain(name: &str) -> bool {
    let odd =
        |letter: char| letter.is_control() || matches!(letter, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    !name.is_empty() && name.len() <= 120 && !name.starts_with('.') && !name.chars().any(odd)
}

/// SHA-256, hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(files: Vec<Attachment>) -> Contents {
        let sealed = Map::from_iter([("name".to_owned(), Value::from("Made Up"))]);
        let sides = ("E09000023".parse().unwrap(), "E10000016".parse().unwrap());
        let now = "2026-06-01T09:00:00Z".parse().unwrap();
        Contents::new((Uuid::from_u128(7), EnvelopeKind::Details), sides, now, sealed, files)
    }

    fn file(name: &str, bytes: usize) -> Attachment {
        Attachment { part: SealedPart::CarePlan, name: name.to_owned(), bytes: vec![b'x'; bytes] }
    }

    #[test]
    fn what_goes_in_comes_out_and_its_length_says_little() {
        for (bytes, padded) in [(0, 16 << 10), (10_000, 16 << 10), (20_000, 64 << 10), (5_000_000, 7 << 20)] {
            let packed = contents(vec![file("care plan.pdf", bytes), file("é.txt", 3)]);
            let archive = packed.pack(None).unwrap();
            assert_eq!(archive.len(), padded, "{bytes}");
            assert!(Contents::unpack(&archive).unwrap() == packed, "{bytes}");
            assert_eq!(packed.parts(), BTreeSet::from([SealedPart::Name, SealedPart::CarePlan]));
        }
        let much = contents(vec![file("a", MOST_BYTES)]).pack(None);
        assert!(matches!(much, Err(ContentsError::TooLong { .. })));
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_refused() {
        for name in ["../evil", "a/b", "/etc/passwd", "..", ".hidden", "c:\\x", "", "a\nb"] {
            assert!(!is_plain(name), "{name}");
        }
        let mut evil = contents(vec![file("x", 3)]);
        evil.manifest.attachments[0].name = "..".to_owned();
        let mut archive = tar::Builder::new(Vec::new());
        append(&mut archive, MANIFEST, &serde_json::to_vec(&evil.manifest).unwrap()).unwrap();
        append(&mut archive, "attachments/x", b"xxx").unwrap();
        assert!(matches!(Contents::unpack(&archive.into_inner().unwrap()), Err(ContentsError::Layout(_))));
    }

    #[test]
    fn a_signature_is_carried_and_what_was_changed_after_it_is_refused() {
        let key = SigningKey::generate().unwrap();
        let ours = contents(vec![file("care plan.pdf", 10_000), file("é.txt", 3)]);
        let archive = ours.pack(Some(&key)).unwrap();
        let read = Contents::unpack(&archive).unwrap();
        assert_eq!(read.signed_by, Some(key.fingerprint().unwrap()));
        assert!(Contents { signed_by: None, ..read } == ours);
        // Somebody who can seal to the host too, and cannot sign: the same signature over another name.
        let at = archive.windows(7).position(|part| part == b"Made Up").unwrap();
        let mut forged = archive.clone();
        forged[at] = b'F';
        let refused = Contents::unpack(&forged);
        assert!(matches!(refused, Err(ContentsError::Signature(SignatureError::Forged))), "{refused:?}");
        // And over another file.
        let mut other = ours.clone();
        other.attachments[0].bytes[0] = b'y';
        other.manifest.attachments[0].sha256 = sha256(&other.attachments[0].bytes);
        let head = 512 * archive[..].chunks(512).position(|block| block.starts_with(SIGNATURE.as_bytes())).unwrap();
        let unsigned = other.pack(None).unwrap();
        let cut = 512 * unsigned.chunks(512).position(|block| block.starts_with(FOLDER.as_bytes())).unwrap();
        let forged = [&unsigned[..cut], &archive[head..head + 1024], &unsigned[cut..]].concat();
        let refused = Contents::unpack(&forged);
        assert!(matches!(refused, Err(ContentsError::Signature(SignatureError::Forged))), "{refused:?}");
    }

    #[test]
    fn a_changed_file_or_another_layout_is_refused() {
        let mut changed = contents(vec![file("x", 3)]);
        changed.attachments[0].bytes = b"yyy".to_vec();
        assert!(matches!(Contents::unpack(&changed.pack(None).unwrap()), Err(ContentsError::Layout(_))));
        let mut newer = contents(Vec::new());
        newer.manifest.format = "sufficiency-hub sealed details 2".to_owned();
        assert!(matches!(Contents::unpack(&newer.pack(None).unwrap()), Err(ContentsError::Layout(_))));
        for junk in [vec![0; 1024], b"{}".to_vec(), Vec::new()] {
            assert!(Contents::unpack(&junk).is_err());
        }
    }
}
