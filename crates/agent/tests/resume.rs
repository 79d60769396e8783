//! The program cut off at every point of a push, and run again: nothing twice, nothing lost.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "the helpers of a test program")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

const HEADER: &str = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,M,03/02/2012,WBRI,A123456789012,,\n";
const EPISODES: &str = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n\
                        A1,01/05/2025,S,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\n";
const UASC: &str = "CHILD,SEX,DOB,DUC\n";
const VACANCIES: &str = "urn,setting_ref,provision,sector,host_la,approved_places,occupied_places,available_places,held_places,closed_places,age_min,age_max,sex_accepted,confirmed_at\n\
                         SC012345,st-1,childrens_home,private,E09000023,4,3,1,0,0,10,17,any,2026-04-06T16:05:00Z\n";

/// At which request the agent is killed, and whether the hub had taken it by then.
#[derive(Clone, Copy)]
struct Cut {
    request: usize,
    is_taken: bool,
}

/// A hub that takes a key once, and remembers every body that came with it.
#[derive(Default)]
struct Held {
    /// Dataset and bodies, by key.
    taken: BTreeMap<String, (String, Vec<Vec<u8>>)>,
    /// Submissions in the order they were first taken.
    order: Vec<String>,
    posts: usize,
    requests: usize,
}

struct Hub {
    address: String,
    held: Arc<Mutex<Held>>,
    cut: Arc<Mutex<Option<Cut>>>,
    reached: Receiver<()>,
}

impl Hub {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (held, cut) = (Arc::new(Mutex::new(Held::default())), Arc::new(Mutex::new(None)));
        let (tell, reached) = channel();
        let (seen, at) = (Arc::clone(&held), Arc::clone(&cut));
        std::thread::spawn(move || listen(&listener, &seen, &at, &tell));
        Self { address, held, cut, reached }
    }
}

fn listen(listener: &TcpListener, held: &Arc<Mutex<Held>>, cut: &Arc<Mutex<Option<Cut>>>, tell: &Sender<()>) {
    for stream in listener.incoming() {
        let (held, cut, tell) = (Arc::clone(held), Arc::clone(cut), tell.clone());
        std::thread::spawn(move || serve(stream.unwrap(), &held, &cut, &tell));
    }
}

fn serve(mut stream: TcpStream, held: &Mutex<Held>, cut: &Mutex<Option<Cut>>, tell: &Sender<()>) {
    let Some((head, body)) = read(&mut stream) else { return };
    let mut held = held.lock().unwrap();
    held.requests += 1;
    let here = cut.lock().unwrap().filter(|cut| cut.request == held.requests);
    let answer = here.is_none_or(|cut| cut.is_taken).then(|| held.answer(&head, body));
    drop(held);
    if here.is_some() {
        tell.send(()).unwrap();
        // The agent is killed while it waits for this answer.
        stream.read_to_end(&mut Vec::new()).ok();
    } else if let Some((status, body)) = answer {
        let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(format!("{head}{body}").as_bytes()).ok();
    }
}

fn read(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let whole = bytes.windows(4).position(|four| four == b"\r\n\r\n").and_then(|end| {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = header(&head, "content-length").parse().unwrap_or(0);
            bytes.get(end + 4..end + 4 + length).map(|body| (head, body.to_vec()))
        });
        if whole.is_some() {
            return whole;
        }
        let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
    }
}

fn header<'h>(head: &'h str, name: &str) -> &'h str {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:")));
    line.and_then(|line| line.split_once(':')).map_or("", |(_, value)| value.trim())
}

impl Held {
    fn answer(&mut self, head: &str, body: Vec<u8>) -> (&'static str, String) {
        let line = head.lines().next().unwrap();
        if line.contains("/.well-known/") {
            return ("200 OK", r#"{"issuer":"https://hub.example"}"#.into());
        }
        if line.contains("/oauth/token") {
            return ("200 OK", r#"{"access_token":"t","expires_in":600}"#.into());
        }
        if line.starts_with("POST /v1/submissions") {
            self.posts += 1;
            let dataset = line.split("dataset=").nth(1).unwrap().split('&').next().unwrap().to_owned();
            let key = header(head, "idempotency-key").to_owned();
            if !self.taken.contains_key(&key) {
                self.order.push(key.clone());
            }
            self.taken.entry(key.clone()).or_insert((dataset, Vec::new())).1.push(body);
            let id = self.order.iter().position(|known| *known == key).unwrap();
            return ("202 Accepted", format!(r#"{{"id":"0190-{id}","state":"received","receipt":"a.b.c"}}"#));
        }
        if line.contains("/findings") {
            return ("200 OK", r#"{"findings":[]}"#.into());
        }
        if line.contains("/v1/contracts") {
            return ("200 OK", r#"{"items":[]}"#.into());
        }
        let id = line.split("/v1/submissions/").nth(1).unwrap().split(['?', ' ']).next().unwrap().to_owned();
        ("200 OK", format!(r#"{{"id":"{id}","state":"decided","verdict":"accepted"}}"#))
    }
}

fn agent(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hub-agent"));
    command.current_dir(folder).args(args).env_remove("HTTPS_PROXY").env_remove("https_proxy");
    command
}

const PUSH: [&str; 7] = ["push", "h.csv", "e.csv", "u.csv", "v.csv", "--as-at", "2026-04-07"];

fn push(folder: &Path) -> Output {
    agent(folder, &PUSH).output().unwrap()
}

fn borough(hub: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let made = agent(folder.path(), &["init", "--authority", "E09000023", "--hub", hub, "--client-id", "lewisham"]);
    assert!({ made }.output().unwrap().status.success());
    for (name, content) in [("h.csv", HEADER), ("e.csv", EPISODES), ("u.csv", UASC), ("v.csv", VACANCIES)] {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

/// Starts a push and kills it, without a chance to clean up, when it has come to the cut.
fn push_until(hub: &Hub, folder: &Path, cut: Cut) {
    *hub.cut.lock().unwrap() = Some(cut);
    let mut run = agent(folder, &PUSH).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    hub.reached.recv_timeout(std::time::Duration::from_mins(1)).unwrap();
    run.kill().unwrap();
    run.wait().unwrap();
    *hub.cut.lock().unwrap() = None;
}

#[test]
fn a_run_killed_at_any_request_is_finished_by_the_next_and_repeated_by_none() {
    let whole = Hub::start();
    let folder = borough(&whole.address);
    assert!(push(folder.path()).status.success());
    let requests = whole.held.lock().unwrap().requests;
    assert!(requests >= 8, "{requests}");
    for request in 1..=requests {
        for is_taken in [false, true] {
            let hub = Hub::start();
            let folder = borough(&hub.address);
            push_until(&hub, folder.path(), Cut { request, is_taken });
            let again = push(folder.path());
            let said = format!("{}{}", String::from_utf8_lossy(&again.stdout), String::from_utf8_lossy(&again.stderr));
            assert!(again.status.success(), "cut at {request}: {said}");
            let posts = {
                let held = hub.held.lock().unwrap();
                let mut datasets: Vec<&str> = held.taken.values().map(|(dataset, _)| dataset.as_str()).collect();
                datasets.sort_unstable();
                assert_eq!(datasets, ["placements", "vacancies"], "cut at {request}: one key each");
                let is_one = |bodies: &Vec<Vec<u8>>| bodies.iter().all(|body| *body == bodies[0]);
                assert!(held.taken.values().all(|(_, bodies)| is_one(bodies)), "cut at {request}: one key, one body");
                held.posts
            };
            assert!(push(folder.path()).status.success());
            assert_eq!(hub.held.lock().unwrap().posts, posts, "cut at {request}: a third run sends nothing");
            let open = agent(folder.path(), &["journal", "--open", "--json"]).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&open.stdout).trim(), "[]", "cut at {request}");
        }
    }
}

#[test]
fn what_was_begun_is_finished_as_it_was_though_the_files_have_changed() {
    let hub = Hub::start();
    let folder = borough(&hub.address);
    // The third request is the first submission.
    push_until(&hub, folder.path(), Cut { request: 3, is_taken: true });
    std::fs::write(folder.path().join("e.csv"), EPISODES.replace("U6", "U4")).unwrap();
    let resumed = agent(folder.path(), &["resume"]).output().unwrap();
    let said = String::from_utf8_lossy(&resumed.stdout).into_owned();
    assert!(
        resumed.status.success() && said.contains("Finished from a former run: placements as at 2026-04-07"),
        "{said}"
    );
    {
        let held = hub.held.lock().unwrap();
        assert_eq!((held.taken.len(), held.posts), (1, 2));
        let (_, bodies) = held.taken.values().next().unwrap();
        assert_eq!(bodies[0], bodies[1]);
    }
    assert!(push(folder.path()).status.success());
    assert_eq!(hub.held.lock().unwrap().taken.len(), 3, "the changed file is another submission");
    let listed = agent(folder.path(), &["journal"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&listed.stdout).matches("accepted").count(), 3);
}

#[test]
fn a_push_that_repeats_itself_sends_now_says_when_next_and_ends_when_told_to() {
    let hub = Hub::start();
    let folder = borough(&hub.address);
    let mut run = agent(folder.path(), &["push", "h.csv", "e.csv", "u.csv", "v.csv", "--every", "1d"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(run.stdout.take().unwrap()).lines().map(Result::unwrap);
    let said: Vec<String> = lines.take_while(|line| !line.starts_with("Next run: ")).collect();
    assert!(said.iter().any(|line| line.contains("vacancies →")), "{said:?}");
    assert_eq!(hub.held.lock().unwrap().taken.len(), 2);
    assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
    assert!(run.wait().unwrap().success());
    let told = agent(folder.path(), &["push", "h.csv", "--every", "1d", "--as-at", "2026-04-07"]).output().unwrap();
    assert_eq!(told.status.code(), Some(2), "a program that goes on is not told one day");
}

/// Runs what stands indented in the page, word for word but for the hub's address, in a copy of its example.
#[test]
fn the_page_for_the_first_evening_does_what_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/how-to/agent.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("return")).unwrap();
    for name in ["return/header.csv", "return/episodes.csv", "return/uasc.csv", "vacancies.csv", "postcodes.csv"] {
        std::fs::copy(root.join("examples/evening").join(name), folder.path().join(name)).unwrap();
    }
    let hub = Hub::start();
    let mut said = BTreeMap::new();
    for line in page.lines().filter_map(|line| line.strip_prefix("    ")) {
        if line.starts_with('"') {
            let path = folder.path().join("hub-agent.json");
            let mut settings: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let more: serde_json::Value = serde_json::from_str(&format!("{{{line}}}")).unwrap();
            settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            std::fs::write(&path, settings.to_string()).unwrap();
        }
        let Some(words) = line.strip_prefix("hub-agent ") else { continue };
        let words = words.replace("https://hub.example", &hub.address);
        let ran = agent(folder.path(), &words.split_whitespace().collect::<Vec<_>>()).output().unwrap();
        let out = String::from_utf8_lossy(&ran.stdout).into_owned();
        assert!(ran.status.success(), "{line}: {out}{}", String::from_utf8_lossy(&ran.stderr));
        said.insert(words.split(' ').next().unwrap().to_owned(), out);
    }
    let commands: Vec<&str> = said.keys().map(String::as_str).collect();
    assert_eq!(commands, ["doctor", "init", "journal", "map", "push", "resume", "schedule", "validate"]);
    let mapping = std::fs::read_to_string(folder.path().join("vacancies.toml")).unwrap();
    assert!(
        page.lines().filter(|line| line.contains("provision = \"Type")).all(|line| mapping.contains(line.trim())),
        "{mapping}"
    );
    let mut sent: Vec<String> = hub.held.lock().unwrap().taken.values().map(|(dataset, _)| dataset.clone()).collect();
    sent.sort();
    assert_eq!(sent, ["placements", "vacancies"]);
    assert!(said["journal"].contains("accepted") && said["resume"].contains("Nothing is half done"));
}
