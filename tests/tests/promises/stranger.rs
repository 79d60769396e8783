//! What a stranger does: the README's own lines in their order, and the sector's published sample return pushed to a running
//! hub; with the real binaries, on both databases.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use hub_testkit::{Launch, Process, TestDb, agent_program, program};
use serde_json::Value;
use tempfile::TempDir;

const README: &str = include_str!("../../../README.md");
/// The address that the README's hub has. The test's has another, so that tests may run beside each other.
const USUAL: &str = "http://127.0.0.1:8080";

/// A small return as DfE defines it, for the collection year that the README's lines name.
const RETURN: [(&str, &str); 3] = [
    ("header.csv", "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,M,03/02/2012,WBRI,A123456789012,,\n"),
    (
        "episodes.csv",
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n\
         A1,01/05/2024,S,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\n",
    ),
    ("uasc.csv", "CHILD,SEX,DOB,DUC\n"),
];

/// A folder in which somebody types.
struct Desk {
    folder: TempDir,
    database: Option<String>,
}

/// A hub started by a typed line; killed when dropped.
struct Served(Child, String);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Desk {
    /// On SQLite the README names no database; PostgreSQL is named as it says.
    fn on(db: &TestDb) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = (!db.url().starts_with("sqlite:")).then(|| db.url().to_owned());
        Self { folder, database }
    }

    fn shell(&self, line: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).current_dir(self.folder.path()).env_clear().env("PATH", path());
        shell.envs(self.database.iter().map(|url| ("HUB_DATABASE_URL", url)));
        shell
    }

    fn type_in(&self, line: &str) -> String {
        let Output { status, stdout, stderr } = self.shell(line).output().expect("a shell");
        let said = String::from_utf8_lossy(&stdout).into_owned();
        assert!(status.success(), "{line}: {status}\n{said}{}", String::from_utf8_lossy(&stderr));
        said
    }

    /// Types a line that goes on until it is ended, at an address of its own.
    fn serve(&self, line: &str) -> Served {
        let line = line.split('#').next().unwrap_or(line);
        let line = format!("exec {} --listen 127.0.0.1:0 --json", line.trim_end());
        let mut child = self.shell(&line).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a shell");
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut first).expect("a first line");
        let said: Value = serde_json::from_str(&first).unwrap_or_else(|error| panic!("{line}: {error}: {first}"));
        let address = format!("http://{}", said["listening"].as_str().expect("an address"));
        assert_eq!(said["base_url"], address.as_str());
        Served(child, address)
    }

    /// The agent's settings name the hub where it really is.
    fn find(&self, served: &Served) {
        let settings = self.folder.path().join("hub-agent.json");
        let text = std::fs::read_to_string(&settings).expect("the agent's settings");
        assert!(text.contains(USUAL), "{text}");
        std::fs::write(settings, text.replace(USUAL, &served.1)).expect("the agent's settings");
    }
}

/// Where both programs are found, before whatever else there is.
fn path() -> String {
    let folders = [program(), agent_program()].map(|program| program.parent().expect("a folder").display().to_string());
    format!("{}:{}", folders[0], std::env::var("PATH").unwrap_or_default())
}

/// The lines of the README's section on a hub of one's own, block after block.
fn lines() -> Vec<&'static str> {
    let (_, section) = README.split_once("## A hub of your own").expect("the section");
    let section = section.split("\n## ").next().expect("its text");
    section.split("```").skip(1).step_by(2).flat_map(str::lines).filter(|line| !line.trim().is_empty()).collect()
}

fn plays_the_readme(db: &TestDb) {
    let desk = Desk::on(db);
    let exports = desk.folder.path().join("exports");
    std::fs::create_dir(&exports).expect("a folder");
    for (name, text) in RETURN {
        std::fs::write(exports.join(name), text).expect("a file");
    }
    let (mut served, mut typed) = (None, Vec::new());
    for line in lines() {
        let words: Vec<&str> = line.split_whitespace().take(2).collect();
        match words[..] {
            // Cargo has built them, and they are on this shell's path.
            ["cargo" | "export", _] => continue,
            ["hub", "serve"] => {
                let hub = desk.serve(line);
                desk.find(&hub);
                served = Some(hub);
            }
            ["hub-agent", "push"] => assert!(desk.type_in(line).contains("  accepted"), "{line}"),
            _ => drop(desk.type_in(line)),
        }
        typed.push(words.join(" "));
    }
    let all = [
        "hub migrate",
        "hub authority",
        "hub-agent init",
        "hub client",
        "hub serve",
        "hub-agent validate",
        "hub-agent push",
    ];
    assert_eq!(typed, all);
    let listed: Value = serde_json::from_str(&desk.type_in("hub submission list --json")).expect("a list");
    assert_eq!((listed.as_array().map(Vec::len), &listed[0]["counts"]["opened"]), (Some(1), &1.into()), "{listed}");
    // The next night one need is another: no file says that this is wrong, and the hub knows.
    let changed = RETURN[1].1.replace(",N1,", ",N2,");
    std::fs::write(exports.join("episodes.csv"), changed).expect("a file");
    let told = desk.type_in("hub-agent push exports/ --as-at 2025-04-01");
    let (_, extra) = told.split_once("Against what it already held, the hub also found").expect("what it found");
    assert!(extra.contains("episodes.csv, CIN, line 2") || extra.contains("episodes.csv, line 2, CIN"), "{told}");
    drop(served);
}

fn sample() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/ssda903_samples/csc-validator-be-903");
    folder.is_dir().then(|| folder.canonicalize().expect("a folder"))
}

/// 2,675 invented children, 5,050 episodes, and every fault that a validator's authors could think of.
fn pushes_the_sample(db: &TestDb, folder: &Path) {
    let (mut desk, process) = (Desk::on(db), Process::start(&Launch::on(db.url())));
    desk.database = Some(db.url().to_owned());
    desk.type_in("hub authority add lewisham --joined 2017-04-01");
    desk.type_in(&format!("hub-agent init --authority E09000023 --hub {} --client-id lewisham-agent", process.base()));
    desk.type_in("hub client add lewisham-agent --role borough --authority lewisham --jwk client.jwk");
    let files =
        ["header.csv", "episodes.csv", "uasc.csv"].map(|name| folder.join(name).display().to_string()).join(" ");
    let push = format!("hub-agent push {files} --as-at 31/03/2018 --json");
    let told = desk.shell(&push).output().expect("a shell");
    assert_eq!(told.status.code(), Some(1), "there is much to mend: {}", String::from_utf8_lossy(&told.stderr));
    let document: Value = serde_json::from_slice(&told.stdout).expect("a document");
    let sent = &document["sent"][0]["submission"];
    assert_eq!((&sent["verdict"], &sent["counts"]["rows_read"]), (&"accepted_with_findings".into(), &5_050.into()));
    let accepted = sent["counts"]["rows_accepted"].as_u64().expect("rows");
    assert!(accepted > 4_000 && sent["counts"]["opened"].as_u64() == Some(accepted), "{sent}");
    assert!(sent["receipt"].as_str().is_some_and(|receipt| receipt.split('.').count() == 3));
    // The hub found what the agent had said it would, and nothing else.
    assert_eq!(document["sent"][0]["extra_findings"], Value::Array(Vec::new()));
    let again = desk.shell(&push.replace(" --json", "")).output().expect("a shell");
    let text = String::from_utf8_lossy(&again.stdout).into_owned();
    for part in ["5,050 rows about 2,123 children", "episodes.csv, LS, lines 51", "accepted, with findings"] {
        assert!(text.contains(part), "{part} in:\n{text}");
    }
    let listed: Value =
        serde_json::from_str(&desk.type_in("hub submission list --dataset placements --json")).expect("a list");
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "the same again is the same submission");
}

hub_testdb::on_both! {
    async fn the_readmes_own_lines_work(db: TestDb) {
        tokio::task::spawn_blocking(move || plays_the_readme(&db)).await.expect("it ends");
    }

    async fn the_published_sample_is_pushed_to_a_running_hub(db: TestDb) {
        let Some(folder) = sample() else {
            return hub_testdb::say_not_run("the published SSDA903 sample is not beside this repository: nothing was pushed");
        };
        tokio::task::spawn_blocking(move || pushes_the_sample(&db, &folder)).await.expect("it ends");
    }
}
