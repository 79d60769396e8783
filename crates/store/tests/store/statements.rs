use std::path::{Path, PathBuf};

use hub_store::Checked;
use hub_testdb::{Backend, fresh, run};

use super::*;

async fn checked(store: &Store) -> Vec<Checked> {
    store.check_statements().await.unwrap()
}

hub_testdb::on_both! {
    async fn all_can_be_prepared_and_have_names_of_their_own(db: TestDb) {
        let all = checked(db.store()).await;
        let mut names: Vec<_> = all.iter().map(|one| one.name).collect();
        names.dedup();
        assert_eq!(names.len(), all.len());
        assert!(all.iter().any(|one| one.name == "record.believed_index" && one.columns == ["key", "fingerprint"]));
    }

    /// A planted fault: a column that a statement needs is gone.
    async fn a_statement_that_the_schema_does_not_bear_is_named(db: TestDb) {
        hub_store::testing::query(db.url(), "ALTER TABLE submission RENAME COLUMN held_reason TO because").await.unwrap();
        let fault = db.reopen(1).await.check_statements().await.unwrap_err();
        assert!(matches!(fault, StoreError::Statement(name, _) if name.starts_with("submission.")), "{fault:?}");
    }
}

/// The same statements, answering in the same columns, on both.
#[test]
fn are_the_same_on_both() {
    run(Backend::Postgres, async |postgres| {
        let sqlite = fresh(Backend::Sqlite).await.unwrap();
        let (ours, theirs) = (checked(sqlite.store()).await, checked(postgres.store()).await);
        assert_eq!(ours.len(), theirs.len());
        for (one, other) in ours.iter().zip(&theirs) {
            assert_eq!(one, other);
        }
    });
}

/// Every source file below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The names declared in a file: what is quoted after `=` within `statements! { … }`.
fn declared(text: &str) -> Vec<String> {
    let blocks = text.split("\nstatements! {\n").skip(1).filter_map(|rest| rest.split("\n}\n").next());
    let names = blocks.flat_map(str::lines).filter_map(|line| line.split_once(" = \"")?.1.split('"').next());
    names.filter(|name| name.contains('.')).map(str::to_owned).collect()
}

/// Each file that declares statements is in the registry: as many of the one as of the other.
#[test]
fn are_all_registered() {
    let mut files = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut files);
    let names: Vec<_> = files.iter().flat_map(|path| declared(&std::fs::read_to_string(path).unwrap())).collect();
    assert!(names.len() > 50);
    run(Backend::Sqlite, async |db| {
        let registered: Vec<_> = checked(db.store()).await.into_iter().map(|one| one.name.to_owned()).collect();
        let missing: Vec<_> = names.iter().filter(|name| !registered.contains(name)).collect();
        assert!(missing.is_empty(), "declared and not registered: {missing:?}");
        assert_eq!(registered.len(), names.len());
    });
}
