//! Taking a backup.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256, digest};
use hub_domain::Timestamp;
use hub_store::tables::Shape;
use hub_store::{Link, Store, StoreError, release, submission};

use super::line;
use super::{BackupRefusal, FORM, LastRelease, MANIFEST, Manifest, SUMS, TableFile, path_of};
use crate::receive::hex;
use crate::sum::Sum;
use crate::{audit, boxed};

/// What a folder is called while it is being written.
const UNFINISHED: &str = ".unfinished";
/// How hard to compress: a backup is written every night and read hardly ever.
const LEVEL: i32 = 3;

/// The name of the folder of a backup begun at a moment: in order of name they are in order of time.
pub fn folder_of(at: Timestamp) -> String {
    at.strftime("hub-%Y%m%dT%H%M%SZ").to_string()
}

/// Takes a backup of one moment of the database into a folder that is not there yet.
///
/// Until the last file is on the disk the folder has another name, so that what was cut short is never taken for a backup. It
/// is its owner's alone: what it holds is about children. Writes files on the thread that it runs on.
#[boxed]
pub async fn take(store: &Store, folder: &Path, now: Timestamp) -> Result<Manifest, BackupRefusal> {
    if folder.exists() {
        return Err(BackupRefusal::There(folder.to_owned()));
    }
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(UNFINISHED);
    let unfinished = folder.with_file_name(name);
    let made = |source| BackupRefusal::making(&unfinished, source);
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(made)?;
    }
    make_private(&unfinished.join("tables")).map_err(made)?;
    let mut link = store.snapshot().await?;
    let manifest = all(&mut link, &unfinished, (store.kind(), now)).await?;
    drop(link);
    sign(&unfinished, &manifest).map_err(made)?;
    fs::rename(&unfinished, folder).map_err(|source| BackupRefusal::making(folder, source))?;
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent).and_then(|parent| parent.sync_all()).map_err(made)?;
    Ok(manifest)
}

async fn all(link: &mut Link, folder: &Path, (kind, now): (&str, Timestamp)) -> Result<Manifest, BackupRefusal> {
    let shapes = link.shapes().await?;
    let mut tables = Vec::with_capacity(shapes.len());
    for shape in shapes {
        tables.push(one(link, folder, shape).await?);
    }
    let (heads, broken) = audit::verify(link).await?;
    if let Some(audit::Broken { authority, n, why }) = broken.into_iter().next() {
        // It is kept all the same: it is what there is, and a restore will say so.
        tracing::error!(%authority, n, why, "the audit chain is broken");
    }
    let latest = release::latest(link, release::CONSORTIUM).await?;
    Ok(Manifest {
        form: FORM,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now,
        database: kind.to_owned(),
        schema: Store::level(),
        sequences: submission::sequences(link).await?,
        audit: heads,
        release: latest.map(|latest| LastRelease { number: latest.number, digest: latest.digest }),
        tables,
    })
}

async fn one(link: &mut Link, folder: &Path, shape: Shape) -> Result<TableFile, BackupRefusal> {
    let path = folder.join(path_of(&shape.name));
    let made = |source| BackupRefusal::making(&path, source);
    let mut out = Written::begin(&path).map_err(made)?;
    let (mut sum, mut text) = (Sum::default(), Vec::new());
    let mut failed: Option<io::Error> = None;
    let read = link
        .each_row(&shape, |cells| {
            text.clear();
            let written = line::write(cells, &mut text).map_err(io::Error::from).and_then(|()| {
                sum.add(&text);
                text.push(b'\n');
                out.write_all(&text)
            });
            written.map_err(|error| {
                failed = Some(error);
                StoreError::Decode("a row that is to be written")
            })
        })
        .await;
    if let Some(source) = failed {
        return Err(made(source));
    }
    read?;
    let (bytes, sha256) = out.end().map_err(made)?;
    let content = sum.content();
    Ok(TableFile { name: shape.name, columns: shape.columns, rows: sum.rows, bytes, sha256, content })
}

/// Writes the manifest, and the list of digests of everything.
fn sign(folder: &Path, manifest: &Manifest) -> io::Result<()> {
    let mut text = serde_json::to_vec_pretty(manifest)?;
    text.push(b'\n');
    let own = format!(
        "{}  {MANIFEST}
",
        hex(digest(&SHA256, &text).as_ref())
    );
    let others = manifest.tables.iter().map(|table| {
        format!(
            "{}  {}
",
            table.sha256,
            table.path()
        )
    });
    let sums: String = std::iter::once(own).chain(others).collect();
    for (name, text) in [(MANIFEST, text.as_slice()), (SUMS, sums.as_bytes())] {
        let mut file = private(&folder.join(name))?;
        file.write_all(text)?;
        file.sync_all()?;
    }
    File::open(folder.join("tables"))?.sync_all()?;
    File::open(folder)?.sync_all()
}

/// A compressed file as it is written: its length and its digest are taken as the bytes pass.
struct Written {
    packed: zstd::Encoder<'static, Counted>,
}

struct Counted {
    file: BufWriter<File>,
    bytes: u64,
    digest: Context,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_all(bytes)?;
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Written {
    fn begin(path: &Path) -> io::Result<Self> {
        let counted = Counted { file: BufWriter::new(private(path)?), bytes: 0, digest: Context::new(&SHA256) };
        Ok(Self { packed: zstd::Encoder::new(counted, LEVEL)? })
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.packed.write_all(bytes)
    }

    /// Bytes and SHA-256 of the file, once it is on the disk.
    fn end(self) -> io::Result<(u64, String)> {
        let Counted { file, bytes, digest } = self.packed.finish()?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok((bytes, hex(digest.finish().as_ref())))
    }
}

/// A new file for its owner alone.
fn private(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A folder, and those above it that are not there, for its owner alone.
fn make_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Deletes all but the latest `keep` backups of a folder, by their names; which were deleted. Folders of other names are
/// left alone.
pub fn prune(parent: &Path, keep: usize) -> Result<Vec<PathBuf>, BackupRefusal> {
    let failed = |source| BackupRefusal::reading(parent, source);
    let mut found = Vec::new();
    for entry in fs::read_dir(parent).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.file_name().and_then(|name| name.to_str()).is_some_and(is_ours) && path.join(MANIFEST).is_file() {
            found.push(path);
        }
    }
    found.sort();
    let over = found.len().saturating_sub(keep.max(1));
    found.truncate(over);
    for path in &found {
        fs::remove_dir_all(path).map_err(|source| BackupRefusal::making(path, source))?;
    }
    Ok(found)
}

/// Whether a name is one that [`folder_of`] gives.
fn is_ours(name: &str) -> bool {
    let Some(stamp) = name.strip_prefix("hub-") else { return false };
    stamp.len() == 16 && stamp.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'T' | b'Z'))
}
