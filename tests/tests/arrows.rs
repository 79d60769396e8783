//! Which crate may use which: the table of `ARCHITECTURE.md`, held against the manifests.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Crate → what it may use. `*` is everything.
const TABLE: &[(&str, &[&str])] = &[
    ("hub-domain", &[]),
    ("hub-contract", &["hub-domain"]),
    ("hub-notices", &["hub-domain"]),
    ("hub-disclosure", &["hub-domain"]),
    ("hub-sufficiency", &["hub-domain", "hub-disclosure"]),
    ("hub-store", &["hub-domain", "hub-contract", "hub-notices"]),
    ("hub-webhook", &["hub-domain"]),
    ("hub-jobs", &["hub-domain", "hub-store"]),
    (
        "hub-pipeline",
        &[
            "hub-domain",
            "hub-contract",
            "hub-notices",
            "hub-sufficiency",
            "hub-disclosure",
            "hub-store",
            "hub-webhook",
            "hub-jobs",
        ],
    ),
    ("hub-api", &["hub-domain", "hub-contract", "hub-notices", "hub-sufficiency", "hub-pipeline", "hub-store"]),
    ("hub-web", &["hub-domain", "hub-contract", "hub-notices", "hub-sufficiency", "hub-pipeline", "hub-store"]),
    ("hub-agent", &["hub-domain", "hub-contract", "hub-notices"]),
    ("hub-demo", &["hub-domain", "hub-contract", "hub-agent", "hub-webhook"]),
    (
        "hub-server",
        &[
            "hub-domain",
            "hub-contract",
            "hub-notices",
            "hub-sufficiency",
            "hub-disclosure",
            "hub-store",
            "hub-webhook",
            "hub-jobs",
            "hub-pipeline",
            "hub-api",
            "hub-web",
            "hub-agent",
            "hub-demo",
        ],
    ),
    ("hub-testdb", &["hub-store"]),
];

/// Crates for tests and measurements only: they may use anything, and nothing may use them but as a dev-dependency.
const TESTS_ONLY: &[&str] = &["hub-testdb", "hub-testkit", "hub-tests", "hub-bench"];

/// Outside library → the only crates that may name it.
const NAMED_BY: &[(&str, &[&str])] = &[
    ("sqlx", &["hub-store"]),
    ("reqwest", &["hub-webhook", "hub-agent", "hub-web"]),
    ("axum", &["hub-api", "hub-web", "hub-demo", "hub-server"]),
    ("askama", &["hub-web"]),
    ("age", &["hub-agent"]),
];

fn uses() -> BTreeMap<String, BTreeSet<String>> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().expect("cargo metadata runs");
    let normal = |package: &cargo_metadata::Package| {
        let dependencies = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
        dependencies.map(|dependency| dependency.name.clone()).collect()
    };
    metadata.packages.iter().map(|package| (package.name.to_string(), normal(package))).collect()
}

/// Every arrow that the table does not allow.
fn forbidden(uses: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut found = Vec::new();
    for (name, dependencies) in
        uses.iter().filter(|(name, _)| !TESTS_ONLY.contains(&name.as_str()) || *name == "hub-testdb")
    {
        let Some((_, allowed)) = TABLE.iter().find(|(row, _)| row == name) else {
            found.push(format!("{name} has no row"));
            continue;
        };
        let ours = dependencies.iter().filter(|dependency| dependency.starts_with("hub-"));
        found.extend(ours.filter(|to| !allowed.contains(&to.as_str())).map(|to| format!("{name} -> {to}")));
    }
    for (library, may) in NAMED_BY {
        let namers = uses
            .iter()
            .filter(|(name, dependencies)| dependencies.contains(*library) && !TESTS_ONLY.contains(&name.as_str()));
        found.extend(
            namers.filter(|(name, _)| !may.contains(&name.as_str())).map(|(name, _)| format!("{name} -> {library}")),
        );
    }
    found
}

#[test]
fn crates_use_only_what_the_table_allows() {
    assert_eq!(forbidden(&uses()), Vec::<String>::new());
}

#[test]
fn a_forbidden_arrow_is_found() {
    let mut uses = uses();
    uses.get_mut("hub-domain").expect("domain is a crate").insert("hub-store".to_owned());
    uses.get_mut("hub-api").expect("api is a crate").insert("sqlx".to_owned());
    assert_eq!(forbidden(&uses), ["hub-domain -> hub-store", "hub-api -> sqlx"]);
}
