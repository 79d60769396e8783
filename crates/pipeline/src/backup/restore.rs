//! Restoring a backup into an empty database.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use hub_store::tables::{Shape, Value};
use hub_store::{Link, Store, StoreError, Tx};

use super::check::{check, damaged};
use super::line;
use super::{BackupRefusal, Manifest, TableFile};
use crate::sum::Sum;
use crate::{audit, boxed};

/// Bytes of lines that are written together.
const PIECE: usize = 4 << 20;

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// Entries of audit chains that were followed.
    pub audited: i64,
}

/// Restores a backup into a database that is empty, or has the hub's tables and nothing in them.
///
/// The backup is read whole and found undamaged before anything is written. All of it is one transaction, at the end of which
/// every table is read back and compared with the manifest, and every audit chain followed.
#[boxed]
pub async fn restore(store: &Store, folder: &Path) -> Result<Restored, BackupRefusal> {
    let manifest = check(folder)?;
    at_this_level(&manifest)?;
    empty(&mut *store.read().await?).await?;
    store.migrate().await?;
    let mut tx = store.begin().await?;
    let shapes = tx.shapes().await?;
    same_tables(&shapes, &manifest)?;
    for (table, shape) in manifest.tables.iter().zip(&shapes) {
        if tx.has_rows(shape).await? {
            return Err(BackupRefusal::NotEmpty(shape.name.clone()));
        }
        fill(&mut tx, shape, table, folder).await?;
    }
    for (table, shape) in manifest.tables.iter().zip(&shapes) {
        if found(&mut tx, shape).await? != (table.rows, table.content.clone()) {
            return Err(BackupRefusal::Differs(format!("the table {}", table.name)));
        }
    }
    let audited = chains(&mut tx, &manifest).await?;
    tx.commit().await?;
    Ok(Restored { manifest, audited })
}

fn at_this_level(manifest: &Manifest) -> Result<(), BackupRefusal> {
    let (made, own, program) = (manifest.schema, Store::level(), manifest.program.clone());
    match made.cmp(&own) {
        std::cmp::Ordering::Less => Err(BackupRefusal::Older { made, own, program }),
        std::cmp::Ordering::Greater => Err(BackupRefusal::Newer { made, own, program }),
        std::cmp::Ordering::Equal => Ok(()),
    }
}

/// Before the schema is made: a database with anything in it is left as it is.
async fn empty(link: &mut Link) -> Result<(), BackupRefusal> {
    let shapes = match link.shapes().await {
        Err(StoreError::Decode(what)) => return Err(BackupRefusal::OtherTables(format!("one is not {what}"))),
        shapes => shapes?,
    };
    for shape in shapes {
        if link.has_rows(&shape).await? {
            return Err(BackupRefusal::NotEmpty(shape.name));
        }
    }
    Ok(())
}

fn same_tables(shapes: &[Shape], manifest: &Manifest) -> Result<(), BackupRefusal> {
    let kept = manifest.tables.iter().map(|table| (&table.name, &table.columns));
    let here = shapes.iter().map(|shape| (&shape.name, &shape.columns));
    if kept.clone().eq(here.clone()) {
        return Ok(());
    }
    let name = kept.zip(here).find(|(kept, here)| kept != here).map_or_else(String::new, |(_, (name, _))| name.clone());
    Err(BackupRefusal::OtherTables(if name.is_empty() { "there are more, or fewer".to_owned() } else { name }))
}

/// Writes a table's lines.
async fn fill(tx: &mut Tx, shape: &Shape, table: &TableFile, folder: &Path) -> Result<(), BackupRefusal> {
    let path = folder.join(table.path());
    let failed = |source| BackupRefusal::reading(&path, source);
    let unread = |_| damaged(&table.path(), "does not read as it was written");
    let mut lines = BufReader::new(zstd::Decoder::new(File::open(&path).map_err(failed)?).map_err(failed)?);
    let (mut rows, mut bytes, mut text): (Vec<Vec<Value>>, usize, String) = (Vec::new(), 0, String::new());
    loop {
        text.clear();
        let length = lines.read_line(&mut text).map_err(unread)?;
        if length == 0 {
            return Ok(tx.fill(shape, &rows).await?);
        }
        let row = line::read(text.trim_end_matches('\n'), &table.columns);
        rows.push(row.ok_or_else(|| damaged(&table.path(), "has a line that is no row"))?);
        bytes += length;
        if bytes >= PIECE {
            tx.fill(shape, &rows).await?;
            rows.clear();
            bytes = 0;
        }
    }
}

/// What a table holds: its rows, and the sum of their lines.
async fn found(tx: &mut Tx, shape: &Shape) -> Result<(u64, String), BackupRefusal> {
    let (mut sum, mut text) = (Sum::default(), Vec::new());
    tx.each_row(shape, |cells| {
        text.clear();
        line::write(cells, &mut text).map_err(|_| StoreError::Decode("a row"))?;
        sum.add(&text);
        Ok(())
    })
    .await?;
    Ok((sum.rows, sum.content()))
}

/// Follows the audit chains to where the manifest says that they come; how many entries there are.
async fn chains(tx: &mut Tx, manifest: &Manifest) -> Result<i64, BackupRefusal> {
    let (heads, broken) = audit::verify(tx).await.map_err(BackupRefusal::Fault)?;
    if let Some(audit::Broken { authority, n, why }) = broken.into_iter().next() {
        return Err(BackupRefusal::Chain { authority, n, why });
    }
    if heads != manifest.audit {
        return Err(BackupRefusal::Differs("the end of an audit chain".to_owned()));
    }
    Ok(heads.values().map(|head| head.n).sum())
}
