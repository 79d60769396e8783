//! Feeds that the hub collects itself, from a drop on loopback.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use hub_domain::Dataset;
use hub_jobs::Runner;
use hub_pipeline::identity::Seal;
use hub_pipeline::jobs;
use hub_pipeline::sources::{
    self, Checksum, Collected, NewSource, SOURCE_FAILED, SOURCE_RECOVERED, Shows, SourceRefusal, Terms,
};
use hub_store::event;
use hub_store::source::{Collection, Outcome, Source};
use hub_webhook::{Fetcher, Guard};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::rig::{LEWISHAM, Rig, at, code, csv, home};

/// A borough's drop: what lies at each path, and who may have it.
struct Drop {
    origin: String,
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    asked: Arc<Mutex<Vec<(String, String)>>>,
}

impl Drop {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let drop = Self { origin, files: Arc::default(), asked: Arc::default() };
        let (files, asked) = (Arc::clone(&drop.files), Arc::clone(&drop.asked));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&files), Arc::clone(&asked)));
            }
        });
        drop
    }

    /// Lays a file there, and its checksum beside it.
    fn lay(&self, path: &str, text: &str) {
        let sum: String = digest(&SHA256, text.as_bytes())
            .as_ref()
            .iter()
            .fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        self.put(path, text);
        self.put(&format!("{path}.sha256"), &format!("{sum}  {path}\n"));
    }

    fn put(&self, path: &str, text: &str) {
        lock(&self.files).insert(path.to_owned(), text.as_bytes().to_vec());
    }

    fn take_away(&self, path: &str) {
        lock(&self.files).remove(path);
    }

    /// Paths that were asked for since the last call, and with what.
    fn asked(&self) -> Vec<(String, String)> {
        std::mem::take(&mut lock(&self.asked))
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(
    stream: TcpStream,
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    asked: Arc<Mutex<Vec<(String, String)>>>,
) {
    let mut stream = BufReader::new(stream);
    let (mut path, mut shown) = (String::new(), String::new());
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        if let Some(rest) = line.strip_prefix("GET ") {
            rest.split(' ').next().unwrap().clone_into(&mut path);
        }
        if line.to_ascii_lowercase().starts_with("authorization: ") {
            line[15..].trim().clone_into(&mut shown);
        }
        if line == "\r\n" {
            lock(&asked).push((path.clone(), std::mem::take(&mut shown)));
            let file = lock(&files).get(&path).cloned();
            let head = match &file {
                Some(file) => format!("HTTP/1.1 200 Here\r\ncontent-length: {}\r\n\r\n", file.len()),
                None => "HTTP/1.1 404 Gone\r\ncontent-length: 0\r\n\r\n".to_owned(),
            };
            let body = [head.into_bytes(), file.unwrap_or_default()].concat();
            if stream.get_mut().write_all(&body).await.is_err() {
                return;
            }
        }
    }
}

fn new(drop: &Drop, path: &str) -> NewSource {
    NewSource {
        authority: code(LEWISHAM),
        dataset: Dataset::Vacancies,
        url: drop.url(path),
        pattern: "30 3 * * *".to_owned(),
        terms: Terms::default(),
        secret: None,
        by: "lewisham".to_owned(),
    }
}

pub(crate) fn fetcher() -> Fetcher {
    Fetcher::new(Guard::for_demonstration()).unwrap()
}

async fn register(rig: &Rig, new: &NewSource) -> Source {
    sources::register(&rig.hub, &Guard::for_demonstration(), new).await.unwrap()
}

async fn once(rig: &Rig, source: &Source) -> (Collected, Collection) {
    let place = (source.authority, source.id);
    let done = sources::collect(&rig.hub, &fetcher(), place, rig.now()).await.unwrap();
    (done, times(rig, source).await.remove(0))
}

async fn times(rig: &Rig, source: &Source) -> Vec<Collection> {
    sources::find(&rig.hub, source.authority, source.id, 100).await.unwrap().unwrap().1
}

async fn told(rig: &Rig, kind: &str) -> usize {
    event::latest(&mut *rig.link().await, code(LEWISHAM), kind, 100).await.unwrap().len()
}

/// A night's vacancies: homes by their reference.
fn homes(names: &[&str]) -> String {
    csv(&names.iter().map(|name| home(name)).collect::<Vec<_>>())
}

hub_testdb::on_both! {
    async fn each_slot_is_collected_once_and_nothing_twice(db: TestDb) {
        let (rig, drop) = (Rig::over(db).await, Drop::start().await);
        let source = register(&rig, &new(&drop, "/{date}/v.csv")).await;
        let runner = sources::handle(&rig.hub, runner_of(&rig), Arc::new(fetcher()));
        drop.lay("/2026-07-21/v.csv", &homes(&["h1", "h2"]));
        assert_eq!(sources::queue_due(&rig.hub).await.unwrap(), 0, "half past three has not come");
        // 03:30 in London is 02:30 in summer.
        rig.clock.set(at("2026-07-21T02:31:00Z"));
        assert_eq!(sources::queue_due(&rig.hub).await.unwrap(), 1);
        let (second, _) = rig.replica().await;
        assert_eq!(sources::queue_due(&second).await.unwrap(), 0, "a replica finds the slot taken");
        runner.run_until_idle(rig.now()).await.unwrap();
        rig.run().await;
        let taken = times(&rig, &source).await.remove(0);
        assert_eq!((taken.outcome, taken.slot), (Outcome::Taken, at("2026-07-21T02:30:00Z")));
        let kept = rig.submission(code(LEWISHAM), taken.submission.unwrap()).await;
        assert!(kept.verdict.is_some_and(hub_store::submission::Verdict::is_applied), "{:?}", kept.verdict);
        assert_eq!((kept.as_at.to_string(), Some(&kept.digest)), ("2026-07-21".to_owned(), taken.digest.as_ref()));
        assert_eq!(rig.believed_of(LEWISHAM, Dataset::Vacancies).await.len(), 2);

        drop.asked();
        rig.clock.set(at("2026-07-22T02:31:00Z"));
        drop.lay("/2026-07-22/v.csv", &homes(&["h1", "h2"]));
        assert_eq!(sources::queue_due(&rig.hub).await.unwrap(), 1);
        runner.run_until_idle(rig.now()).await.unwrap();
        let again = times(&rig, &source).await;
        assert_eq!((again.len(), again[0].outcome, again[0].submission), (2, Outcome::Unchanged, None));
        let paths: Vec<String> = drop.asked().into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["/2026-07-22/v.csv.sha256"], "the checksum says that there is nothing to read");
        assert_eq!(rig.count("submission").await, 1);
    }

    async fn a_source_that_fails_is_said_and_recovers(db: TestDb) {
        let (rig, drop) = (Rig::over(db).await, Drop::start().await);
        let source = register(&rig, &new(&drop, "/v.csv")).await;
        let (done, missed) = once(&rig, &source).await;
        assert_eq!((done, missed.outcome, missed.reason.as_deref()), (Collected::Failed("no-file"), Outcome::Failed, Some("no-file")));
        assert_eq!(told(&rig, SOURCE_FAILED).await, 1);
        assert_eq!(once(&rig, &source).await.0, Collected::Failed("no-file"));
        assert_eq!(told(&rig, SOURCE_FAILED).await, 1, "once for a slot");

        rig.clock.set(at("2026-07-21T04:00:00Z"));
        drop.lay("/v.csv", &homes(&["h1"]));
        drop.put("/v.csv.sha256", &"0".repeat(64));
        assert_eq!(once(&rig, &source).await.0, Collected::Failed("checksum-differs"));
        assert_eq!(rig.count("submission").await, 0);
        rig.clock.set(at("2026-07-21T04:05:00Z"));
        drop.lay("/v.csv", &homes(&["h1"]));
        assert_eq!(once(&rig, &source).await.1.outcome, Outcome::Taken);
        assert_eq!(told(&rig, SOURCE_RECOVERED).await, 1);
        assert_eq!(sources::list(&rig.hub, code(LEWISHAM)).await.unwrap()[0].failing_since, None);

        rig.clock.set(at("2026-07-21T05:00:00Z"));
        drop.lay("/v.csv", "not,a,feed\n1,2,3\n");
        let (done, refused) = once(&rig, &source).await;
        assert_eq!((done, refused.outcome, refused.reason.as_deref()), (Collected::Settled, Outcome::Refused, Some("file-refused")));
        assert_eq!(told(&rig, SOURCE_FAILED).await, 3);
    }

    async fn a_checksum_that_must_be_there_is_waited_for(db: TestDb) {
        let (rig, drop) = (Rig::over(db).await, Drop::start().await);
        let strict = Terms { checksum: Checksum::Required, ..Terms::default() };
        let source = register(&rig, &NewSource { terms: strict, ..new(&drop, "/v.csv") }).await;
        drop.put("/v.csv", &homes(&["h1"]));
        assert_eq!(once(&rig, &source).await.0, Collected::Failed("no-checksum"));
        drop.put("/v.csv.sha256", "soon\n");
        rig.clock.set(at("2026-07-21T02:10:00Z"));
        assert_eq!(once(&rig, &source).await.0, Collected::Failed("checksum-unreadable"));
        let loose = register(&rig, &new(&drop, "/w.csv")).await;
        drop.put("/w.csv", &homes(&["h2"]));
        assert_eq!(once(&rig, &loose).await.1.outcome, Outcome::Taken, "where there is none it need not agree");
        drop.take_away("/w.csv");
    }

    async fn a_credential_lies_sealed_and_is_shown_to_the_drop_alone(db: TestDb) {
        let (rig, drop) = (Rig::over(db).await, Drop::start().await);
        let sealed = rig.sealed_by(Seal::read(Seal::fresh().unwrap().expose_secret()).unwrap());
        let terms = Terms { shows: Some(Shows::Basic("hub".to_owned())), ..Terms::default() };
        let asked = NewSource { terms, secret: Some(SecretString::from("made-up-password")), ..new(&drop, "/v.csv") };
        let guard = Guard::for_demonstration();
        let source = sources::register(&sealed, &guard, &asked).await.unwrap();
        let kept = source.secret.clone().unwrap();
        assert!(Seal::is_sealed(&kept) && !format!("{source:?}").contains("made-up"));
        drop.lay("/v.csv", &homes(&["h1"]));
        let place = (source.authority, source.id);
        assert_eq!(sources::collect(&sealed, &fetcher(), place, rig.now()).await.unwrap(), Collected::Settled);
        // hub:made-up-password
        assert!(drop.asked().iter().all(|(_, shown)| shown == "Basic aHViOm1hZGUtdXAtcGFzc3dvcmQ="));
        rig.clock.set(at("2026-07-21T04:00:00Z"));
        assert_eq!(once(&rig, &source).await.0, Collected::Failed("credential-sealed"), "without the key file nothing is asked");
        assert_eq!(drop.asked(), []);
        sources::remove(&rig.hub, source.authority, source.id).await.unwrap();
        let left = rig.number("SELECT CAST(COUNT(*) AS TEXT) FROM source WHERE secret IS NOT NULL").await;
        assert_eq!(left, 0, "a source that was removed keeps no credential");
    }

    async fn what_cannot_work_is_not_registered(db: TestDb) {
        let (rig, drop) = (Rig::over(db).await, Drop::start().await);
        let good = new(&drop, "/v.csv");
        let refused = async |guard: Guard, new: NewSource| sources::register(&rig.hub, &guard, &new).await.unwrap_err();
        let near = refused(Guard::public(), good.clone()).await;
        assert!(matches!(near, SourceRefusal::Address(_)), "this machine is nobody's drop: {near}");
        for url in ["https://169.254.169.254/v.csv", "https://10.0.0.8/v.csv", "https://u:p@drop.example/v.csv", "file:///v.csv"] {
            let told = refused(Guard::public(), NewSource { url: url.to_owned(), ..good.clone() }).await;
            assert!(matches!(told, SourceRefusal::Address(_)), "{url}: {told}");
        }
        let tests = Guard::for_demonstration;
        let told = refused(tests(), NewSource { pattern: "at dawn".to_owned(), ..good.clone() }).await;
        assert!(matches!(told, SourceRefusal::Pattern(_)));
        let told = refused(tests(), NewSource { secret: Some(SecretString::from("x")), ..good.clone() }).await;
        assert!(matches!(told, SourceRefusal::Credential));
        let told = refused(tests(), NewSource { dataset: Dataset::Regulator, ..good.clone() }).await;
        assert!(matches!(told, SourceRefusal::Dataset));
        let paused = register(&rig, &good).await;
        assert!(sources::pause(&rig.hub, paused.authority, paused.id, true).await.unwrap());
        rig.clock.set(at("2026-07-23T02:31:00Z"));
        assert_eq!(sources::queue_due(&rig.hub).await.unwrap(), 0, "a paused source is left alone");
        assert!(sources::pause(&rig.hub, paused.authority, paused.id, false).await.unwrap());
        assert_eq!(sources::queue_due(&rig.hub).await.unwrap(), 0, "and what passed meanwhile is not made up for");
    }
}

/// A runner of every other job, as a serving hub has.
fn runner_of(rig: &Rig) -> Runner {
    let running = hub_jobs::runner::Settings { worker: "collector".to_owned(), ..Default::default() };
    let runner = Runner::new(rig.hub.store.clone(), rig.clock.clone(), rig.hub.pulse.jobs.clone(), running);
    jobs::handle(&rig.hub, runner)
}
