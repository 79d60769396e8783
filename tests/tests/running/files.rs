//! The files that start the hub and watch it: what they name is there. No container engine is needed to read them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use hub_testkit::{Backend, Child, Feed, TestHub, authority, program};
use serde_json::{Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn yaml(name: &str) -> Value {
    yaml_serde::from_str(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What `hub ARGS --help` says; blank where there is no such command.
fn help(args: &[&str]) -> String {
    let mut command = Command::new(program());
    let ran = command.args(args).arg("--help").env_clear().output().expect("the program runs");
    if ran.status.success() { String::from_utf8_lossy(&ran.stdout).into_owned() } else { String::new() }
}

/// Every word of these that begins so.
fn words(text: &str, prefix: &str) -> BTreeSet<String> {
    let parts = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    parts.filter(|part| part.starts_with(prefix) && part.len() > prefix.len()).map(str::to_owned).collect()
}

/// Every setting that the program reads from its environment.
fn settings() -> BTreeSet<String> {
    ["serve", "backup", "doctor"].iter().flat_map(|command| words(&help(&[command]), "HUB_")).collect()
}

/// The `hub` commands of a compose document: entry points, commands and health checks.
fn commands(compose: &Value) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let services = compose["services"].as_object().expect("services");
    for service in services.values().filter(|service| service["build"] == ".") {
        let list = |value: &Value| -> Vec<String> {
            value
                .as_array()
                .map(|all| all.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect())
                .unwrap_or_default()
        };
        for line in list(&service["entrypoint"]) {
            found.extend(
                line.split("||")
                    .filter_map(|part| part.trim().strip_prefix("hub "))
                    .map(|rest| rest.split(' ').map(str::to_owned).collect()),
            );
        }
        found.push(list(&service["command"]));
    }
    found.retain(|command| !command.is_empty());
    found
}

/// Commands that are none of the program's.
fn unknown(commands: &[Vec<String>]) -> Vec<String> {
    let known = |command: &Vec<String>| {
        let words: Vec<&str> = command.iter().map(String::as_str).take_while(|word| !word.starts_with('-')).collect();
        let told = help(&words);
        !told.is_empty()
            && command.iter().filter(|word| word.starts_with("--")).all(|flag| told.contains(flag.as_str()))
    };
    commands.iter().filter(|command| !known(command)).map(|command| command.join(" ")).collect()
}

/// Settings of the program's services that it does not read.
fn strange(compose: &Value, known: &BTreeSet<String>) -> Vec<String> {
    let services = compose["services"].as_object().expect("services");
    let ours = services.values().filter(|service| service["build"] == ".");
    let names = ours.filter_map(|service| service["environment"].as_object()).flat_map(|all| all.keys());
    names.filter(|name| name.starts_with("HUB_") && !known.contains(*name)).cloned().collect()
}

#[test]
fn the_compose_file_names_commands_and_settings_that_there_are() {
    let compose = yaml("docker-compose.yml");
    let all = commands(&compose);
    assert!(all.len() >= 3, "{all:?}");
    assert_eq!(unknown(&all), Vec::<String>::new());
    let known = settings();
    assert!(known.contains("HUB_DATABASE_URL") && known.contains("HUB_NO_WORK"), "{known:?}");
    assert_eq!(strange(&compose, &known), Vec::<String>::new());
    // What it mounts is there.
    for line in
        read("docker-compose.yml").lines().filter_map(|line| line.split("./").nth(1)).filter(|line| line.contains(':'))
    {
        let file = line.split(':').next().expect("a path");
        assert!(root().join(file).exists(), "{file}");
    }
    for service in ["hub-a", "hub-b", "worker", "proxy", "prometheus", "grafana", "database"] {
        assert!(compose["services"][service].is_object(), "{service}");
    }
    assert_eq!(compose["services"]["hub-a"]["read_only"], true);
    // The planted faults.
    let spoilt =
        read("docker-compose.yml").replace("[\"migrate\"]", "[\"migrat\"]").replace("HUB_NO_WORK", "HUB_NO_WORKS");
    let spoilt: Value = yaml_serde::from_str(&spoilt).expect("YAML");
    assert_eq!(unknown(&commands(&spoilt)), ["migrat"]);
    assert!(!strange(&spoilt, &known).is_empty());
}

#[test]
fn the_image_runs_commands_that_there_are_as_nobody() {
    let file = read("Dockerfile");
    let check = file.lines().find(|line| line.starts_with("HEALTHCHECK")).expect("a health check");
    assert!(check.contains(r#"CMD ["hub", "doctor", "--ready"]"#), "{check}");
    assert!(help(&["doctor"]).contains("--ready"));
    assert!(file.contains("\nUSER hub\n") && file.matches("\nFROM ").count() == 2, "two stages, and not as root");
    assert!(file.contains(r#"CMD ["serve"]"#) && settings().contains("HUB_LISTEN"));
}

#[test]
fn the_service_unit_runs_a_command_that_there_is() {
    let unit = read("examples/operations/hub.service");
    let start = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).expect("a command");
    let command: Vec<String> = start.split(' ').skip(1).map(str::to_owned).collect();
    assert_eq!(unknown(&[command]), Vec::<String>::new());
    let known = settings();
    for name in words(&unit, "HUB_") {
        assert!(known.contains(&name), "{name}");
    }
    for wanted in
        ["DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "LoadCredential=", "TimeoutStopSec=35"]
    {
        assert!(unit.contains(wanted), "{wanted}");
    }
}

/// Measures that a file asks for.
fn asked(text: &str) -> BTreeSet<String> {
    let plain = |name: String| name.strip_suffix("_bucket").map_or(name.clone(), str::to_owned);
    words(text, "hub_").into_iter().map(plain).collect()
}

/// Measures that a hub shows once it has had a night.
async fn shown() -> BTreeSet<String> {
    let hub = TestHub::start(Backend::Sqlite).await.expect("a hub");
    let code = authority("lewisham");
    hub.join(code, "2026-03-01".parse().expect("a date")).await;
    let sender = hub.as_borough("lewisham").await;
    let desk = hub.as_host("kent").await;
    let receiver = hub_testkit::Receiver::answering(200).await;
    desk.post("/v1/endpoints", &json!({ "url": receiver.url(), "scheme": "v1" })).await.expect(201);
    hub.run_jobs().await;
    let away: Vec<Child> =
        (0..3).map(|n| Child::placed(&format!("measured {n}"), authority("kent").as_str())).collect();
    sender.deliver(&Feed::placements(code, "measured", &away)).await;
    hub.run_jobs().await;
    hub.as_operator().await.post("/v1/releases", &json!({})).await.expect(201);
    hub.as_commissioner().await.get("/v1/tables/flows").await;
    hub_testkit::until("every measure is taken", std::time::Duration::from_secs(30), async || {
        let text = hub.anonymous().get("/metrics").await.text();
        text.contains("hub_release_age_seconds").then_some(text)
    })
    .await
    .lines()
    .filter_map(|line| line.strip_prefix("# TYPE "))
    .filter_map(|line| line.split(' ').next().map(str::to_owned))
    .collect()
}

#[test]
fn every_measure_that_is_asked_for_is_shown() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let shown = runtime.block_on(shown());
    // Counted when something happens that a quiet night has not.
    let seldom = ["hub_feeds_chased_total"];
    let is_there = |name: &String| shown.contains(name) || seldom.contains(&name.as_str());
    for file in ["examples/operations/alerts.yml", "examples/operations/grafana/hub.json"] {
        let asked = asked(&read(file));
        assert!(asked.len() >= 8, "{file}: {asked:?}");
        let lacking: Vec<&String> = asked.iter().filter(|name| !is_there(name)).collect();
        assert!(lacking.is_empty(), "{file} asks for {lacking:?}; shown are {shown:?}");
    }
    // The planted fault.
    assert!(!is_there(&"hub_releases_refuse_total".to_owned()));
}

#[test]
fn every_alert_says_what_is_wrong_and_where_to_read_on() {
    let rules = yaml("examples/operations/alerts.yml");
    let all = rules["groups"][0]["rules"].as_array().expect("rules");
    assert!(all.len() >= 8);
    for rule in all {
        let page = rule["annotations"]["page"].as_str().unwrap_or_default();
        assert!(root().join(page).is_file(), "{rule}");
        assert!(rule["annotations"]["summary"].is_string() && rule["labels"]["severity"].is_string(), "{rule}");
    }
}
