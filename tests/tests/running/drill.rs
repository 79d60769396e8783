//! The restore drill (promise D12): boroughs push, a backup is taken while they push more, and elsewhere, on either kind of
//! database, the same releases come back byte for byte. And what must not be restored is not, with a sentence that says why.

use std::path::{Path, PathBuf};

use futures_util::future::join;
use hub_pipeline::audit::{self, Deed};
use hub_pipeline::backup::{self, BackupRefusal, Manifest};
use hub_store::{Store, testing};
use hub_testkit::{Backend, Child, Feed, Persona, Setup, TestDb, TestHub, authority, count};
use serde_json::json;
use tempfile::TempDir;

/// Every table of the release that is served now, as it is served.
async fn served(reader: &Persona) -> Vec<(String, Vec<u8>)> {
    let list = reader.get("/v1/tables").await.json();
    let mut all = Vec::new();
    for item in list["items"].as_array().expect("a list of tables") {
        let name = item["name"].as_str().expect("a name").to_owned();
        let bytes = reader.get(&format!("/v1/tables/{name}")).await.body.to_vec();
        all.push((name, bytes));
    }
    assert!(all.len() > 20, "{} tables are no release", all.len());
    all
}

/// A borough's night: so many children, some of them over the border.
async fn night(hub: &TestHub, borough: &str, name: &str, children: usize) {
    let sender = hub.as_borough(borough).await;
    let code = authority(borough);
    let child = |n: usize| match n % 3 {
        0 => Child::placed(&format!("{borough} {n}"), authority("kent").as_str()),
        _ => Child::placed(&format!("{borough} {n}"), code.as_str()),
    };
    let children: Vec<Child> = (0..children).map(child).collect();
    sender.deliver(&Feed::placements(code, &format!("{borough}-{name}"), &children)).await;
}

/// Entries in an authority's audit chain.
async fn audited(store: &Store) {
    let mut tx = store.begin().await.expect("a transaction");
    for n in 0..3 {
        let deed = Deed {
            authority: authority("lewisham"),
            at: hub_testkit::NIGHT.parse().expect("an instant"),
            actor: "drill",
            action: "retention.deleted",
            subject: format!("payload {n}"),
            detail: json!({ "rows": n }),
        };
        audit::append(&mut tx, deed).await.expect("an entry");
    }
    tx.commit().await.expect("committed");
}

struct Drill {
    backup: PathBuf,
    manifest: Manifest,
    before: Vec<(String, Vec<u8>)>,
    _folder: TempDir,
}

/// Push, publish, back up while more is pushed.
async fn drilled(hub: &TestHub) -> Drill {
    for borough in ["lewisham", "bromley", "kent"] {
        hub.join(authority(borough), "2026-03-01".parse().expect("a date")).await;
    }
    night(hub, "lewisham", "first", 60).await;
    night(hub, "bromley", "first", 40).await;
    audited(hub.db().store()).await;
    hub.run_jobs().await;
    hub.as_operator().await.post("/v1/releases", &json!({})).await.expect(201);
    let before = served(&hub.as_commissioner().await).await;
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("backups").join(backup::folder_of(hub.now()));
    let more = async {
        night(hub, "lewisham", "second", 75).await;
        night(hub, "bromley", "second", 50).await;
    };
    let (manifest, ()) = join(backup::take(hub.db().store(), &backup, hub.now()), more).await;
    Drill { manifest: manifest.expect("a backup"), backup, before, _folder: folder }
}

/// Every table's rows, as a backup of it counts and sums them.
fn contents(manifest: &Manifest) -> Vec<(&str, u64, &str)> {
    manifest.tables.iter().map(|table| (table.name.as_str(), table.rows, table.content.as_str())).collect()
}

/// A hub over a database made of the backup serves what was served, and its backup is the same again, row for row.
async fn comes_back(drill: &Drill, empty: TestDb) {
    let restored = backup::restore(empty.store(), &drill.backup).await.expect("restored");
    assert_eq!(restored.audited, 3);
    let again = tempfile::tempdir().expect("a folder");
    let second =
        backup::take(empty.store(), &again.path().join("again"), drill.manifest.made_at).await.expect("a backup");
    assert_eq!(contents(&second), contents(&drill.manifest));
    assert_eq!((&second.sequences, &second.audit), (&drill.manifest.sequences, &drill.manifest.audit));
    let hub = TestHub::over(empty, Setup::default()).await;
    assert_eq!(served(&hub.as_commissioner().await).await, drill.before, "the release is another");
    // It goes on: the next night is taken and published.
    night(&hub, "lewisham", "third", 61).await;
    hub.as_operator().await.post("/v1/releases", &json!({})).await.expect(201);
}

/// The sentence with which a restore is refused, having written nothing.
async fn refused(store: &Store, url: &str, backup: &Path) -> String {
    let rows = count(url, "FROM submission").await;
    let refusal = backup::restore(store, backup).await.expect_err("it must not be restored");
    assert!(!matches!(refusal, BackupRefusal::Fault(_)), "{refusal:?}");
    assert_eq!(count(url, "FROM submission").await, rows, "something was written");
    refusal.to_string()
}

/// A copy of the backup, to be spoilt.
fn copy(backup: &Path, to: &Path) -> PathBuf {
    let to = to.to_owned();
    std::fs::create_dir_all(to.join("tables")).expect("a folder");
    for file in [backup::MANIFEST, backup::SUMS] {
        std::fs::copy(backup.join(file), to.join(file)).expect("copied");
    }
    for file in std::fs::read_dir(backup.join("tables")).expect("a folder") {
        let file = file.expect("a file");
        std::fs::copy(file.path(), to.join("tables").join(file.file_name())).expect("copied");
    }
    to
}

/// Writes another manifest, and its digest, as somebody would who can count.
fn forge(backup: &Path, change: impl FnOnce(&mut Manifest)) {
    let path = backup.join(backup::MANIFEST);
    let mut manifest: Manifest =
        serde_json::from_slice(&std::fs::read(&path).expect("a manifest")).expect("a manifest");
    change(&mut manifest);
    let text = serde_json::to_vec(&manifest).expect("JSON");
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &text);
    let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    std::fs::write(&path, text).expect("written");
    std::fs::write(backup.join(backup::SUMS), format!("{hex}  {}\n", backup::MANIFEST)).expect("written");
}

fn cut(path: &Path) {
    let bytes = std::fs::read(path).expect("a file");
    std::fs::write(path, &bytes[..bytes.len() / 2]).expect("written");
}

/// Each way in which a backup can be spoilt, and what is said of it.
async fn spoilt_ones_are_refused(drill: &Drill, empty: &TestDb) {
    let folder = tempfile::tempdir().expect("a folder");
    let spoilt = |name: &str| copy(&drill.backup, &folder.path().join(name));
    let mut table: Vec<(PathBuf, &str)> = Vec::new();
    let one = spoilt("truncated");
    cut(&one.join("tables/record.ndjson.zst"));
    table.push((one, "tables/record.ndjson.zst has"));
    let one = spoilt("changed");
    let file = one.join("tables/submission.ndjson.zst");
    let mut bytes = std::fs::read(&file).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).expect("written");
    table.push((one, "tables/submission.ndjson.zst is not what was written"));
    let one = spoilt("missing");
    std::fs::remove_file(one.join("tables/notice.ndjson.zst")).expect("removed");
    table.push((one, "tables/notice.ndjson.zst is missing"));
    let one = spoilt("manifest");
    cut(&one.join(backup::MANIFEST));
    table.push((one, "manifest.json is not what was written"));
    let one = spoilt("unfinished");
    std::fs::remove_file(one.join(backup::MANIFEST)).expect("removed");
    table.push((one, "holds no manifest"));
    for (name, change, told) in FORGED {
        let one = spoilt(name);
        forge(&one, change);
        table.push((one, told));
    }
    for (backup, told) in table {
        let said = refused(empty.store(), empty.url(), &backup).await;
        assert!(said.contains(told), "{}: {said}", backup.display());
    }
}

type Forged = (&'static str, fn(&mut Manifest), &'static str);

/// Manifests that are whole, and not to be restored by this program.
const FORGED: [Forged; 5] = [
    ("older", |manifest| manifest.schema -= 1, "which made it, and then run `hub migrate`"),
    ("newer", |manifest| manifest.schema += 1, "which this program does not know"),
    ("form", |manifest| manifest.form += 1, "which this program does not read"),
    ("rows", |manifest| manifest.tables[0].rows += 1, "does not read back"),
    ("audit", |manifest| manifest.audit.clear(), "the end of an audit chain does not read back"),
];

hub_testkit::on_both! {
    async fn what_was_published_comes_back_byte_for_byte_on_either_database(hub: TestHub) {
        let drill = drilled(&hub).await;
        let shown = backup::check(&drill.backup).expect("whole");
        assert_eq!(contents(&shown), contents(&drill.manifest));
        assert!(shown.rows() > 100, "{} rows", shown.rows());
        for backend in [Backend::Sqlite, Backend::Postgres] {
            let Some(empty) = hub_testdb::fresh(backend).await else { continue };
            comes_back(&drill, empty).await;
        }
    }

    async fn what_is_damaged_or_of_another_schema_is_refused(hub: TestHub) {
        let drill = drilled(&hub).await;
        let Some(empty) = hub_testdb::fresh(hub.db().backend()).await else { return };
        spoilt_ones_are_refused(&drill, &empty).await;
        let said = refused(hub.db().store(), hub.db().url(), &drill.backup).await;
        assert!(said.contains("the database is not empty"), "{said}");
        assert!(matches!(
            backup::take(hub.db().store(), &drill.backup, hub.now()).await,
            Err(BackupRefusal::There(_))
        ));
        // The planted fault's other half: the backup that was not spoilt is restored there after all.
        backup::restore(empty.store(), &drill.backup).await.expect("restored");
    }

    async fn an_entry_changed_behind_the_hub_breaks_its_chain(hub: TestHub) {
        audited(hub.db().store()).await;
        let broken = async || audit::verify(&mut hub.db().store().read().await.expect("a link")).await.expect("read").1;
        assert_eq!(broken().await, []);
        testing::query(hub.db().url(), "UPDATE audit SET subject = 'another' WHERE n = 2").await.expect("changed");
        let found = broken().await;
        assert_eq!((found.len(), found[0].n, found[0].why), (1, 2, "the entry is not what was written"));
        testing::query(hub.db().url(), "DELETE FROM audit WHERE n = 2").await.expect("deleted");
        assert_eq!(broken().await[0].why, "the entry is missing");
    }
}
