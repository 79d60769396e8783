//! What `docker-compose.yml` starts, as processes: a database, two replicas that answer, and a worker. Each job runs once, either
//! replica answers, and a release published by one is served by both within a second.

use std::ops::Range;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use hub_domain::{Clock as _, SystemClock};
use hub_pipeline::identity::Role;
use hub_testkit::{Child, Feed, Launch, Persona, Process, TestDb, authority, count, enrol, plain_client, rows, until};
use serde_json::{Value, json};

/// Longest until the other replica serves what one has published.
const SOON: Duration = Duration::from_secs(1);
/// What takes longer is seen to.
const PATIENCE: Duration = Duration::from_secs(60);

const BOROUGHS: [&str; 3] = ["lewisham", "bromley", "croydon"];

/// A process of that name in leases.
fn launch(db: &TestDb, name: &str, args: &[&str]) -> Launch {
    let mut launch = Launch::on(db.url());
    launch.args = args.iter().map(|arg| (*arg).to_owned()).collect();
    launch.env.push(("HUB_WORKER".to_owned(), name.to_owned()));
    launch
}

/// A new client's token, got from one replica.
async fn caller(db: &TestDb, process: &Process, name: &str, role: Role, of: &[&str]) -> Persona {
    let codes: Vec<_> = of.iter().map(|slug| authority(slug)).collect();
    let secret = enrol(db.store(), SystemClock.now(), name, &[role], &codes).await;
    Persona::enter(&process.base(), &plain_client(), name, &secret).await
}

/// The number of the release that a replica serves; nought for none.
async fn release(reader: &Persona) -> i64 {
    let ready: Value = reader.get("/health/ready").await.json();
    ready["release"].as_i64().unwrap_or_default()
}

/// Nights of three boroughs, sent to the replicas by turns; each verdict is read at the other.
async fn nights(senders: &[Persona], [one, other]: &[String; 2], nights: Range<usize>) {
    for night in nights {
        let pushes = BOROUGHS.iter().zip(senders).enumerate().map(async |(nth, (borough, sender))| {
            let (here, there) = if (night + nth) % 2 == 0 { (one, other) } else { (other, one) };
            let child = |n: usize| Child::placed(&format!("{borough} {n}"), "E10000016");
            let children: Vec<Child> = (0..10 + night).map(child).collect();
            let feed = Feed::placements(authority(borough), &format!("{borough}-{night}"), &children);
            let kept = sender.at(here).submit(&feed).await.expect(202).json();
            let id = kept["id"].as_str().expect("an id").to_owned();
            let seen = sender.at(there).get(&format!("/v1/submissions/{id}?wait=30")).await.json();
            let verdict = seen["verdict"].as_str().unwrap_or_default();
            assert!(verdict.starts_with("accepted"), "{seen}");
        });
        join_all(pushes).await;
    }
}

/// Jobs that were begun more or less than once, or by somebody who was not to.
async fn wrong_jobs(db: &TestDb, workers: &str) -> Vec<Vec<String>> {
    let sql = format!(
        "SELECT kind, CAST(attempt AS TEXT), worker FROM job WHERE state = 'failed' OR attempt > 1 \
         OR (state = 'done' AND (attempt <> 1 OR worker NOT IN ({workers})))"
    );
    rows(db.url(), &sql).await
}

hub_testdb::on_both! {
    async fn two_replicas_answer_and_a_worker_works(db: TestDb) {
        let worker = Process::begin(&launch(&db, "worker", &[])).await;
        let [one, other] =
            [Process::begin(&launch(&db, "one", &["--no-work"])).await, Process::begin(&launch(&db, "other", &["--no-work"])).await];
        let mut senders = Vec::new();
        for borough in BOROUGHS {
            senders.push(caller(&db, &one, borough, Role::Borough, &[borough]).await);
        }
        let operator = caller(&db, &other, "operator", Role::Operator, &[]).await;
        let bases = [one.base(), other.base()];
        nights(&senders, &bases, 0..3).await;
        assert_eq!(count(db.url(), "FROM job WHERE kind = 'validate' AND state = 'done'").await, 9);
        assert_eq!(wrong_jobs(&db, "'worker'").await, Vec::<Vec<String>>::new());
        for (nth, base) in bases.iter().enumerate() {
            operator.at(base).post("/v1/releases", &json!({})).await.expect(201);
            let (published, number) = (Instant::now(), i64::try_from(nth).expect("few") + 1);
            let all = [bases[0].clone(), bases[1].clone(), worker.base()];
            until("every process serves the release", PATIENCE, async || {
                let served = join_all(all.iter().map(async |base| release(&operator.at(base)).await)).await;
                served.iter().all(|served| *served == number).then_some(())
            })
            .await;
            // A second between two looks, and the time of a look.
            let took = published.elapsed();
            assert!(took < SOON + Duration::from_millis(500), "served by all after {took:?}");
            eprintln!("{}: release {number} was served by all three after {took:?}", db.backend().name());
        }
        // One replica goes: the other answers, and the worker works.
        drop(one);
        nights(&senders, &[bases[1].clone(), bases[1].clone()], 3..4).await;
    }

    async fn three_that_all_work_run_each_job_once(db: TestDb) {
        let names = ["a", "b", "c"];
        let processes = join_all(names.iter().map(async |name| Process::begin(&launch(&db, name, &[])).await)).await;
        let mut senders = Vec::new();
        for borough in BOROUGHS {
            senders.push(caller(&db, &processes[0], borough, Role::Borough, &[borough]).await);
        }
        nights(&senders, &[processes[1].base(), processes[2].base()], 0..8).await;
        until("every job has run", PATIENCE, async || {
            (count(db.url(), "FROM job WHERE kind = 'validate' AND state = 'done'").await == 24).then_some(())
        })
        .await;
        assert_eq!(wrong_jobs(&db, "'a', 'b', 'c'").await, Vec::<Vec<String>>::new());
        let doubled = "FROM (SELECT schedule, slot FROM ledger GROUP BY schedule, slot HAVING COUNT(*) > 1) AS d";
        assert_eq!(count(db.url(), doubled).await, 0);
        // The planted fault: a job that somebody began twice is seen.
        rows(db.url(), "UPDATE job SET attempt = 2 WHERE id = (SELECT MIN(id) FROM job WHERE kind = 'validate')").await;
        assert_eq!(wrong_jobs(&db, "'a', 'b', 'c'").await.len(), 1);
    }
}
