//! S12: details are sealed at the borough and opened at the host; of what they say, nothing is found in the hub's database,
//! its log, its answers or its memory. The real binary, the real agent, every canary sealed by it.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use hub_domain::{Clock as _, SystemClock};
use hub_pipeline::identity::Role;
use hub_testkit::{
    Backend, Child, Feed, Launch, Persona, Process, TestDb, authority, count, enrol, plain_client, rows,
};
use serde_json::{Value, json};

/// How every one of them begins, and nothing that another test of this process writes.
const CANARY: &str = "qzversiegelt";

/// Texts that may be found nowhere at the hub, by where each was sealed.
pub(crate) type Canaries = BTreeMap<&'static str, String>;

/// A details file with a canary in every part and in both attachments.
pub(crate) fn details(folder: &Path) -> Canaries {
    let canary = |place: &str| format!("{CANARY}{place}qz");
    let mut all = Canaries::new();
    let mut put = |place: &'static str| {
        let text = canary(place);
        all.insert(place, text.clone());
        text
    };
    let text = format!(
        "[notice]\naddress_protected = true\n[sealed]\ndate_of_birth = \"{}\"\nsex = \"{}\"\nneeds = \"{}\"\n\
         [sealed.name]\ngiven = \"{}\"\nfamily = \"{}\"\n[sealed.identifiers]\nupn = \"{}\"\n\
         [sealed.address]\nlines = [\"{}\"]\n[sealed.carer]\nname = \"{}\"\nphone = \"{}\"\n\
         [sealed.parental_responsibility]\npersons = [\"{}\"]\n[sealed.risks]\nmissing = \"{}\"\n\
         [sealed.youth_justice]\nremand = \"{}\"\n\
         [[attachment]]\npart = \"care_plan\"\nfile = \"{}.txt\"\n",
        put("birth"),
        put("sex"),
        put("needs"),
        put("given"),
        put("family"),
        put("upn"),
        put("address"),
        put("carer"),
        put("phone"),
        put("parent"),
        put("risks"),
        put("remand"),
        put("filename"),
    );
    std::fs::write(folder.join("details.toml"), text).expect("a details file");
    let plan = format!("{}.txt", canary("filename"));
    std::fs::write(folder.join(plan), put("plan")).expect("a care plan");
    all
}

/// A settings folder of somebody who proves themselves by a secret.
fn desk(folder: &Path, hub: &str, slug: &str, client: &str, secret: &str) {
    let settings = json!({
        "authority": authority(slug), "hub": hub, "client_id": client,
        "pseudonym_key": "none", "client_secret_file": "client.secret",
    });
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(folder.join("hub-agent.json"), settings.to_string()).expect("settings");
    hub_agent::keys::write_secret(&folder.join("client.secret"), &secret.to_owned().into()).expect("a secret");
}

/// Runs `hub-agent --json` in a settings folder; its exit code, what it said, and why it stopped.
pub(crate) async fn agent(folder: &Path, args: &[&str]) -> (bool, Value, String) {
    let config = folder.join("hub-agent.json").display().to_string();
    let all: Vec<_> = ["hub-agent", "--json", "--config", &config].iter().chain(args).map(Into::into).collect();
    let ran = tokio::task::spawn_blocking(move || {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = hub_agent::command::run(all, &mut out, &mut err);
        (code == std::process::ExitCode::SUCCESS, out, err)
    });
    let (good, out, err) = ran.await.expect("the agent ran");
    let err = String::from_utf8(err).expect("text");
    (good, serde_json::from_slice(&out).unwrap_or_default(), err)
}

/// The same, which must be good.
pub(crate) async fn agent_does(folder: &Path, args: &[&str]) -> Value {
    let (good, said, err) = agent(folder, args).await;
    assert!(good, "{args:?}: {err}");
    said
}

/// Every byte that the hub keeps: in tables, and in what the database writes ahead of them and beside them.
async fn kept(db: &TestDb) -> Vec<u8> {
    if db.backend() == Backend::Sqlite {
        let file = db.url().trim_start_matches("sqlite:").split('?').next().expect("a path").to_owned();
        return ["", "-wal", "-journal"]
            .iter()
            .flat_map(|ending| std::fs::read(format!("{file}{ending}")).unwrap_or_default())
            .collect();
    }
    let mut bytes = Vec::new();
    let tables = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()";
    for table in rows(db.url(), tables).await.into_iter().flatten() {
        // Bytes are shown as hexadecimal digits: look for those too.
        for row in rows(db.url(), &format!("SELECT t::text FROM \"{table}\" AS t")).await.into_iter().flatten() {
            bytes.extend(row.into_bytes());
            bytes.push(b'\n');
        }
    }
    bytes
}

/// What PostgreSQL writes ahead of its tables, and its own log; of the cluster that belongs to this test process alone.
/// Nothing of a server that somebody else runs can be read, and nothing elsewhere is.
fn beside(db: &TestDb) -> Option<Vec<u8>> {
    let (_, folder) = db.url().split_once("?host=")?;
    let folder = Path::new(folder);
    let mut bytes = std::fs::read(folder.join("server.log")).expect("the server's log");
    let wal = std::fs::read_dir(folder.join("data/pg_wal")).expect("what is written ahead");
    for file in wal.map(|file| file.expect("a file").path()).filter(|path| path.is_file()) {
        bytes.extend(std::fs::read(file).unwrap_or_default());
    }
    Some(bytes)
}

/// A text as bytes that carry it may show it: as it is, as hexadecimal digits, and in base64, of either alphabet, wherever
/// among the three bytes of a group it begins.
fn guises(text: &str) -> Vec<Vec<u8>> {
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut guises = vec![text.as_bytes().to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes()];
    for before in 0..3 {
        let padded = [&vec![0; before][..], text.as_bytes()].concat();
        // Digits that also tell of the bytes before and after are left out.
        let (first, last) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
        for alphabet in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            guises.push(alphabet.encode(&padded).as_bytes()[first..last].to_vec());
        }
    }
    guises
}

/// What is found of the canaries in some bytes, in whatever guise.
fn found<'c>(canaries: &'c Canaries, bytes: &[u8]) -> Vec<&'c str> {
    let holds = |needle: &Vec<u8>| bytes.windows(needle.len()).any(|window| window == needle);
    canaries.iter().filter(|(_, canary)| guises(canary).iter().any(holds)).map(|(place, _)| *place).collect()
}

/// Whether any canary is there, in whatever guise: how all of them begin is looked for, in one pass.
fn any(bytes: &[u8]) -> bool {
    let guises = guises(CANARY);
    let begins = |byte: u8| guises.iter().any(|guise| guise[0] == byte);
    let starts: Vec<bool> = (0..=u8::MAX).map(begins).collect();
    let at = |from: usize| guises.iter().any(|guise| bytes[from..].starts_with(guise));
    (0..bytes.len()).any(|from| starts[usize::from(bytes[from])] && at(from))
}

/// Everything that either side and the operator can read about the notice.
async fn answers(notice: &str, people: &[&Persona]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let of_notice = ["", "/attempts", "/envelopes", "/envelopes/1", "/envelopes/2"];
    let paths = of_notice.map(|below| format!("/v1/notices/{notice}{below}"));
    let more = ["/v1/notices", "/v1/inbox", "/v1/events", "/metrics", "/v1/keys/sealing"].map(str::to_owned);
    for person in people {
        for path in paths.iter().chain(&more) {
            bytes.extend(person.get(path).await.body);
        }
    }
    bytes
}

/// Two settings folders, a hub, and a notice from Lewisham to Kent.
pub(crate) struct Scene {
    folder: tempfile::TempDir,
    process: Process,
    pub(crate) people: Vec<Persona>,
    pub(crate) notice: String,
}

impl Scene {
    pub(crate) async fn set(db: &TestDb) -> Self {
        let (own, host, now) = (authority("lewisham"), authority("kent"), SystemClock.now());
        let folder = tempfile::tempdir().expect("a folder");
        let clients = [
            ("lewisham", vec![Role::Borough], vec![own]),
            ("kent", vec![Role::Host], vec![host]),
            ("operator", vec![Role::Operator], vec![]),
        ];
        let process = Process::begin(&Launch { log: "trace", ..Launch::on(db.url()) }).await;
        let mut people = Vec::new();
        for (client, roles, authorities) in clients {
            let secret = enrol(db.store(), now, client, &roles, &authorities).await;
            if !authorities.is_empty() {
                desk(&folder.path().join(client), &process.base(), client, client, &secret);
            }
            people.push(Persona::enter(&process.base(), &plain_client(), client, &secret).await);
        }
        people[0].deliver(&Feed::placements(own, "first", &[Child::placed("sealed", host.as_str())])).await;
        let list = people[0].get("/v1/notices").await.expect(200).json();
        let notice = list["items"][0]["id"].as_str().expect("a notice").to_owned();
        Self { folder, process, people, notice }
    }

    pub(crate) fn lewisham(&self) -> std::path::PathBuf {
        self.folder.path().join("lewisham")
    }

    pub(crate) fn kent(&self) -> std::path::PathBuf {
        self.folder.path().join("kent")
    }

    /// Lewisham seals its details file for the notice.
    pub(crate) async fn seal(&self, more: &[&str]) -> (bool, Value, String) {
        let file = self.lewisham().join("details.toml").display().to_string();
        let args = ["notice", "seal", &self.notice, "--details", &file];
        agent(&self.lewisham(), &[&args[..], more].concat()).await
    }

    async fn kinds(&self) -> Vec<String> {
        let notice = self.people[0].get(&format!("/v1/notices/{}", self.notice)).await.expect(200).json();
        let events = notice["events"].as_array().cloned().unwrap_or_default();
        events.iter().map(|event| event["kind"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// What the host's files hold.
fn read_all(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    files
        .flat_map(|path| [path.display().to_string().into_bytes(), std::fs::read(&path).expect("bytes")].concat())
        .collect()
}

hub_testdb::on_both! {
    async fn no_canary_that_was_sealed_is_found_at_the_hub(db: TestDb) {
        let scene = Scene::set(&db).await;
        let canaries = details(&scene.lewisham());
        let (good, _, err) = scene.seal(&[]).await;
        assert!(!good && err.contains("has registered no key"), "{err}");
        agent_does(&scene.kent(), &["sealing-key", "init", "--register"]).await;
        let (good, said, err) = scene.seal(&[]).await;
        assert!(good, "{err}");
        assert_eq!(said["envelopes"].as_array().map(Vec::len), Some(2), "the protected address has one of its own");
        assert!(count(db.url(), "FROM envelope_piece").await >= 2);

        // The control: whoever holds the key reads all of it.
        let out = scene.kent().join("opened").display().to_string();
        agent_does(&scene.kent(), &["notice", "open", &scene.notice, "--out", &out]).await;
        let early = agent(&scene.kent(), &["notice", "open", &scene.notice, "--out", &out, "--protected-address"]).await;
        assert!(!early.0, "a protected address needs a name and a reason");
        let why = ["--protected-address", "--officer", "Pat Made-Up", "--reason", "first visit"];
        let args = [&["notice", "open", &scene.notice, "--out", &out][..], &why].concat();
        agent_does(&scene.kent(), &args).await;
        assert_eq!(found(&canaries, &read_all(Path::new(&out))).len(), canaries.len());

        let people: Vec<&Persona> = scene.people.iter().collect();
        let answers = answers(&scene.notice, &people).await;
        assert_eq!(found(&canaries, &answers), Vec::<&str>::new(), "in an answer");
        assert_eq!(found(&canaries, scene.process.log().as_bytes()), Vec::<&str>::new(), "in the log");
        assert_eq!(found(&canaries, &kept(&db).await), Vec::<&str>::new(), "in the database");
        assert!(!beside(&db).is_some_and(|bytes| any(&bytes)), "in what the database writes beside its tables");
        let (told, kinds) = (String::from_utf8_lossy(&answers).into_owned(), scene.kinds().await);
        assert!(told.contains("Pat Made-Up") && told.contains("first visit"), "the placing authority sees who and why");
        for kind in ["sealed", "details_read", "address_opened"] {
            assert!(kinds.iter().any(|one| one == kind), "{kind} in {kinds:?}");
        }

        assert!(!scene.process.remembers(CANARY.as_bytes()), "in the memory of the running hub");

        // The planted fault: one canary in clear, in a field that the hub may read.
        let clear = json!({ "note": canaries["family"] });
        scene.people[1].post(&format!("/v1/notices/{}/query", scene.notice), &clear).await.expect(200);
        assert_eq!(found(&canaries, &kept(&db).await), ["family"]);
        assert!(beside(&db).is_none_or(|bytes| any(&bytes)), "what was kept was written ahead");
        scene.kinds().await;
        assert!(scene.process.remembers(CANARY.as_bytes()), "what it was sent in clear is in its memory");
    }

    async fn a_host_that_has_another_key_gets_its_details_again_and_no_key_is_slipped_in(db: TestDb) {
        let scene = Scene::set(&db).await;
        details(&scene.lewisham());
        agent_does(&scene.kent(), &["sealing-key", "init", "--register"]).await;
        assert!(scene.seal(&[]).await.0);
        let rotated = agent_does(&scene.kent(), &["sealing-key", "rotate"]).await;
        let new = rotated["fingerprint"].as_str().expect("a fingerprint").to_owned();
        let events = scene.people[0].get("/v1/events").await.expect(200).json();
        let told = events["items"].as_array().and_then(|all| all.iter().find(|one| one["kind"] == "sealing_key.rotated"));
        let told = told.expect("Lewisham is told");
        assert_eq!(told["data"]["notices"], json!([scene.notice]));
        assert_eq!(told["data"]["fingerprint"], json!(new));

        // Nobody has compared the new key: nothing is sealed to it.
        let (good, said, _) = agent(&scene.lewisham(), &["notice", "reseal"]).await;
        let why = said["left"][0]["because"].as_str().unwrap_or_default().to_owned();
        assert!(!good && why.contains("has changed") && why.contains(&new), "{said}");
        let said = agent_does(&scene.lewisham(), &["notice", "reseal", "--accept-fingerprint", &new]).await;
        assert_eq!(said, json!({ "resealed": [scene.notice], "left": [] }));
        let said = agent_does(&scene.lewisham(), &["notice", "reseal"]).await;
        assert_eq!(said, json!({ "resealed": [], "left": [] }), "nothing is left to do");

        let place = format!("/v1/notices/{}/envelopes", scene.notice);
        let list = scene.people[1].get(&place).await.expect(200).json();
        let sealed_for = |n: usize| list["items"][n]["fingerprints"].as_array().map_or(0, Vec::len);
        assert_eq!((list["items"].as_array().map(Vec::len), sealed_for(0), sealed_for(2)), (Some(4), 1, 2), "{list}");
        let gone = scene.people[1].get(&format!("{place}/1")).await;
        assert_eq!((gone.status, gone.code().as_str()), (410, "envelope-superseded"));
        assert_eq!(count(db.url(), "FROM envelope_piece").await, 2, "what was superseded is not kept");

        // A machine that never sealed the notice says so.
        std::fs::remove_file(scene.lewisham().join("sealed-journal.json")).expect("a journal");
        agent_does(&scene.kent(), &["sealing-key", "rotate"]).await;
        let (good, said, _) = agent(&scene.lewisham(), &["notice", "reseal"]).await;
        let why = said["left"][0]["because"].as_str().unwrap_or_default();
        assert!(!good && why.contains("not sealed from this machine"), "{said}");
    }

    async fn a_notice_raised_with_its_details_becomes_complete(db: TestDb) {
        let scene = Scene::set(&db).await;
        agent_does(&scene.kent(), &["sealing-key", "init", "--register"]).await;
        let sealed = json!({
            "name": "Made Uppington", "date_of_birth": "2012-09-30", "sex": "F", "address": "1 Nowhere Lane",
            "carer": { "name": "Pat Made-Up", "phone": "020 7946 0000" }, "needs": "made up", "risks": "none",
        });
        std::fs::write(scene.lewisham().join("plan.txt"), b"a plan").expect("a plan");
        let notice = hub_testkit::placement("raised with details", authority("kent").as_str());
        let mut notice = notice.as_object().cloned().unwrap_or_default();
        notice.insert("type".to_owned(), json!("placement"));
        let plan = json!([{ "part": "care_plan", "file": "plan.txt" }]);
        let details = json!({ "notice": notice, "sealed": sealed, "attachment": plan });
        let file = scene.lewisham().join("details.json").display().to_string();
        std::fs::write(&file, details.to_string()).expect("a details file");
        let said = agent_does(&scene.lewisham(), &["notice", "raise", "--details", &file]).await;
        let id = said["notice"]["id"].as_str().expect("a notice").to_owned();
        let place = format!("/v1/notices/{id}");
        let before = scene.people[0].get(&place).await.expect(200).json();
        let lacking = before["outstanding"].as_array().cloned().unwrap_or_default();
        assert!(!lacking.iter().any(|one| one["sealed"] == true), "every sealed part is there: {lacking:?}");

        let listed = agent_does(&scene.kent(), &["notice", "list"]).await;
        assert!(listed.as_array().is_some_and(|all| all.iter().any(|one| one["id"] == id.as_str())), "{listed}");
        let out = scene.kent().join("out").display().to_string();
        agent_does(&scene.kent(), &["notice", "open", &id, "--out", &out]).await;
        assert_eq!(std::fs::read(Path::new(&out).join("plan.txt")).expect("a plan"), b"a plan");
        let opened = scene.people[0].get(&place).await.expect(200).json();
        assert_eq!(opened["state"], "opened", "fetching it is looking at it");
        let done = scene.people[1].post(&format!("{place}/acknowledge"), &json!({})).await.expect(200).json();
        let lacking = done["outstanding"].as_array().cloned().unwrap_or_default();
        assert_eq!(done["state"], if lacking.is_empty() { "complete" } else { "acknowledged" }, "{lacking:?}");
        assert_eq!(lacking, Vec::<Value>::new());
    }

    async fn whoever_has_the_wrong_key_or_half_an_envelope_is_told_so(db: TestDb) {
        let scene = Scene::set(&db).await;
        details(&scene.lewisham());
        agent_does(&scene.kent(), &["sealing-key", "init", "--register"]).await;
        assert!(scene.seal(&[]).await.0);
        let out = scene.kent().join("out").display().to_string();
        let other = scene.kent().join("other.key").display().to_string();
        agent_does(&scene.kent(), &["sealing-key", "init", "--identity", &other]).await;
        let (_, _, err) = agent(&scene.kent(), &["notice", "open", &scene.notice, "--identity", &other, "--out", &out]).await;
        assert!(err.contains("sealed for other keys"), "{err}");
        let change = match db.backend() {
            Backend::Sqlite => "UPDATE envelope_piece SET body = substr(body, 1, length(body) - 9)",
            Backend::Postgres => "UPDATE envelope_piece SET body = substring(body FROM 1 FOR octet_length(body) - 9)",
        };
        rows(db.url(), change).await;
        let (_, _, err) = agent(&scene.kent(), &["notice", "open", &scene.notice, "--out", &out]).await;
        assert!(err.contains("cut short or was changed"), "{err}");
        assert!(!Path::new(&out).exists(), "nothing was written");
    }
}

/// Each guise is one that a canary has been seen in: wherever it stands in a longer text, and whoever encodes that.
#[test]
fn a_canary_is_found_in_every_guise() {
    let canaries = Canaries::from([("family", format!("{CANARY}familyqz"))]);
    let clear = Canaries::from([("family", "a text that nobody sealed".to_owned())]);
    for before in 0..7 {
        let text = format!("{}{CANARY}familyqz and more", "?>~".repeat(before)[..before].to_owned());
        let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        let guises =
            [text.clone(), hex.to_uppercase(), hex, STANDARD_NO_PAD.encode(&text), URL_SAFE_NO_PAD.encode(&text)];
        for guise in guises {
            assert_eq!(found(&canaries, guise.as_bytes()), ["family"], "{guise}");
            assert!(any(guise.as_bytes()) && found(&clear, guise.as_bytes()).is_empty(), "{guise}");
        }
    }
}
