//! A whole night: seven boroughs' files through the agent to the hub, from the hub to the hosts' receivers and inboxes, and
//! out as a release.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::time::Duration;

use futures_util::future::try_join_all;
use hub_agent::settings::Proof;
use hub_agent::{Connection, HubClient, HubError, Input, Options, PseudonymKey, Submission, prepare};
use hub_demo::{CAST, Member, Region};
use hub_domain::{AuthorityCode, Dataset, Mode};
use hub_pipeline::identity::Role;
use hub_testkit::{Persona, Receiver, TestHub, authority, client_key, count, rows};
use hub_webhook::{Jwk, Received, Verifier, VerifyingKey, verify};
use serde_json::{Value, json};

/// What one borough sends: its feeds, by dataset, each with the rows that the contract leaves out.
type Feeds = Vec<(Dataset, Vec<u8>, BTreeSet<u64>)>;

fn boroughs() -> impl Iterator<Item = &'static Member> {
    CAST.iter().filter(|member| member.role == hub_demo::Role::Borough)
}

/// Every borough's feeds, made once by the agent's own library: reading 903 files is the same work for both databases.
fn feeds() -> &'static BTreeMap<AuthorityCode, Feeds> {
    static FEEDS: OnceLock<BTreeMap<AuthorityCode, Feeds>> = OnceLock::new();
    FEEDS.get_or_init(|| {
        let region = Region::drawn(7);
        boroughs().map(|member| (member.authority(), prepared(&region, member))).collect()
    })
}

fn prepared(region: &Region, member: &Member) -> Feeds {
    let folder = tempfile::tempdir().expect("a folder");
    let paths = region.files(member).write(folder.path()).expect("the borough's files");
    let (postcodes, files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.ends_with("postcodes.csv"));
    let inputs: Vec<Input> = files.iter().map(|path| Input::read(path).expect("a file")).collect();
    let options = Options {
        authority: member.authority(),
        as_at: hub_demo::NIGHT,
        mode: Mode::Full,
        covers_from: None,
        key: PseudonymKey::from_bytes([7; 32]),
        postcodes: postcodes.into_iter().next(),
        mappings: Vec::new(),
    };
    let made = prepare(&inputs, &options).expect("feeds");
    let left_out = |report: &hub_contract::Report| {
        let errors = report.findings.iter().filter(|finding| finding.severity == hub_contract::Severity::Error);
        errors.filter_map(|finding| finding.row).collect()
    };
    made.feeds.into_iter().map(|feed| (feed.dataset, feed.csv, left_out(&feed.report))).collect()
}

/// Sends one borough's feeds as `hub-agent push` does; the verdicts.
async fn push(hub: &TestHub, member: &Member) -> Result<Vec<String>, HubError> {
    let (own, id) = (member.authority(), format!("{}-agent", member.slug()));
    let key = client_key(hub.db().store(), hub.now(), &id, &[Role::Borough], &[own]).await;
    let agent = HubClient::new(Connection::new(&hub.base(), &id, Proof::Key(key)), hub.clock().clone())?;
    let mut verdicts = Vec::new();
    for (dataset, csv, _) in &feeds()[&own] {
        let (dataset, mode, as_at) = (*dataset, Mode::Full, hub_demo::NIGHT);
        let sent = Submission {
            authority: own,
            dataset,
            mode,
            as_at,
            covers_from: None,
            dry_run: false,
            correction: false,
            csv,
        };
        let kept = agent.submit(&sent).await?;
        let decided = agent.await_report(&kept.id, Duration::from_secs(120)).await?;
        verdicts.push(format!("{dataset}: {}", decided.verdict.unwrap_or_default()));
    }
    Ok(verdicts)
}

/// A host's receiver, registered by the host.
async fn desk(hub: &TestHub, slug: &str) -> (Persona, Receiver) {
    let (host, receiver) = (hub.as_host(slug).await, Receiver::answering(204).await);
    host.post("/v1/endpoints", &json!({ "url": receiver.url() })).await.expect(201);
    (host, receiver)
}

/// Every notice that `caller` finds under `path`, page after page.
async fn notices(caller: &Persona, path: &str) -> Vec<Value> {
    let (mut all, mut next) = (Vec::new(), Some(path.to_owned()));
    while let Some(path) = next {
        let page = caller.get(&path).await.expect(200).json();
        all.extend(page["items"].as_array().expect("a list").iter().cloned());
        next = page["next"].as_str().map(str::to_owned);
    }
    all
}

/// What is wrong with a host's post: letters that nobody signed, a notice not told exactly once, or its ending not told
/// exactly when it has one; letters without a notice.
fn wrong_post(
    keys: &[Verifier],
    now: hub_domain::Timestamp,
    inbox: &[Value],
    letters: &[hub_testkit::Letter],
) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for letter in letters {
        let [id, timestamp, signature] =
            ["webhook-id", "webhook-timestamp", "webhook-signature"].map(|name| letter.header(name));
        if verify(&Received { id, timestamp, signature }, &letter.body, keys, now).is_err() {
            wrong.push(format!("{id} is not the hub's"));
        }
        let event = letter.json();
        let subject = event["subject"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned();
        let kind =
            event["type"].as_str().unwrap_or_default().trim_start_matches("uk.sufficiencyhub.notice.").to_owned();
        if !told.entry(subject).or_default().insert(kind.clone()) {
            wrong.push(format!("{kind} came twice"));
        }
    }
    for notice in inbox {
        let id = notice["id"].as_str().unwrap_or_default();
        let first = if notice["kind"] == "placement" { "raised.v1" } else { "registered.v1" };
        let ended = if notice["ending"].is_null() { None } else { Some("ended.v1") };
        let due: BTreeSet<String> = std::iter::once(first).chain(ended).map(str::to_owned).collect();
        let came = told.remove(id).unwrap_or_default();
        if came != due {
            wrong.push(format!("{due:?} were due about {id}, {came:?} came"));
        }
    }
    wrong.extend(told.into_keys().map(|subject| format!("a letter about {subject}, which is not in the inbox")));
    wrong
}

/// The hub's published webhook keys.
async fn published_keys(hub: &TestHub) -> Vec<Verifier> {
    let set = hub.anonymous().get("/.well-known/jwks.json").await.json();
    let keys = set["keys"].as_array().expect("keys").iter().filter(|key| key["purpose"] == "webhook");
    keys.map(|key| serde_json::from_value::<Jwk>(key.clone()).expect("a key"))
        .map(|jwk| Verifier::Ed25519(VerifyingKey::from_jwk(&jwk).expect("a key")))
        .collect()
}

/// Children that the feeds place in `host`'s area, by placing authority: a good row of an open episode
/// whose `placement_la` it is.
fn placed_with(host: AuthorityCode) -> BTreeSet<String> {
    let mut placed = BTreeSet::new();
    for (own, feeds) in feeds() {
        let (_, csv, left_out) =
            feeds.iter().find(|(dataset, _, _)| *dataset == Dataset::Placements).expect("placements");
        let mut reader = csv::Reader::from_reader(csv.as_slice());
        let headings = reader.headers().expect("headings").clone();
        let at = |name: &str| headings.iter().position(|heading| heading == name).expect("a column");
        let (child, end, la) = (at("child_ref"), at("episode_end"), at("placement_la"));
        let rows =
            (1..).zip(reader.records()).filter(|(nth, _)| !left_out.contains(nth)).map(|(_, row)| row.expect("a row"));
        let here = rows.filter(|row| row[end].is_empty() && row[la] == *host.as_str() && *own != host);
        placed.extend(here.map(|row| row[child].to_owned()));
    }
    placed
}

hub_testkit::on_both! {
    async fn seven_boroughs_to_their_hosts_and_to_a_release(hub: TestHub) {
        hub.clock().set("2026-11-17T02:00:00Z".parse().expect("an instant"));
        for member in &CAST {
            hub.join(member.authority(), member.joined).await;
        }
        let (kent, kents) = desk(&hub, "kent").await;
        let (surrey, surreys) = desk(&hub, "surrey").await;
        let verdicts = try_join_all(boroughs().map(|member| push(&hub, member))).await.expect("seven nights");
        let all: Vec<&String> = verdicts.iter().flatten().collect();
        assert_eq!((verdicts.len(), all.len()), (7, 28));
        assert!(all.iter().all(|verdict| verdict.contains("accepted")), "{all:?}");
        hub.run_jobs().await;
        let keys = published_keys(&hub).await;
        for (slug, caller, receiver) in [("kent", &kent, &kents), ("surrey", &surrey, &surreys)] {
            let inbox = notices(caller, "/v1/inbox?limit=200").await;
            assert!(inbox.iter().all(|notice| notice["host"]["code"] == authority(slug).as_str()));
            let open = inbox.iter().filter(|notice| notice["ending"].is_null());
            let children: BTreeSet<String> = open.map(|notice| notice["child_ref"].as_str().unwrap_or_default().to_owned()).collect();
            let placed = placed_with(authority(slug));
            let missing: Vec<_> = placed.difference(&children).collect();
            let extra: Vec<_> = children.difference(&placed).collect();
            assert!(missing.is_empty() && extra.is_empty(), "{slug} was not told of {missing:?}, and wrongly of {extra:?}");
            assert!(!children.is_empty());
            let mut letters = receiver.letters();
            assert_eq!(wrong_post(&keys, hub.now(), &inbox, &letters), Vec::<String>::new(), "{slug}");
            // The planted fault: one letter changed on its way.
            letters[0].body.push(b' ');
            assert_eq!(wrong_post(&keys, hub.now(), &inbox, &letters).len(), 1);
        }
        acknowledge(&hub, &kent).await;
        release(&hub).await;
    }
}

/// A host that takes no webhooks reads its inbox; one click acknowledges, and the placing borough sees it.
async fn acknowledge(hub: &TestHub, kent: &Persona) {
    let inbox = notices(kent, "/v1/inbox?limit=200").await;
    let notice = inbox.iter().find(|notice| notice["kind"] == "placement").unwrap_or(&inbox[0]);
    let path = format!("/v1/notices/{}", notice["id"].as_str().expect("an id"));
    kent.post(&format!("{path}/acknowledge"), &json!({ "note": "seen" })).await.expect(200);
    let code: AuthorityCode = notice["placing"]["code"].as_str().expect("a code").parse().expect("a code");
    let placing = hub.as_client("placing", &[Role::Borough], &[code]).await;
    assert_eq!(placing.get(&path).await.expect(200).json()["state"], "acknowledged");
    let attempts = placing.get(&format!("{path}/attempts")).await.expect(200).json();
    assert_eq!(attempts["items"][0]["state"], "delivered", "{attempts}");
    let greenwich = hub.as_host("greenwich").await;
    assert!(!notices(&greenwich, "/v1/inbox?limit=200").await.is_empty());
    assert_eq!(count(hub.db().url(), "FROM job WHERE state = 'failed'").await, 0);
}

/// The release of that night: every table there, every row of it naming the release, the same again after a restart.
async fn release(hub: &TestHub) {
    let published =
        hub.as_operator().await.post("/v1/releases", &json!({ "reason": "night" })).await.expect(201).json();
    let id = published["id"].as_str().expect("an id");
    let commissioner = hub.as_commissioner().await;
    for name in ["children_in_care", "placement_mix", "flows", "vacancies", "market_gaps", "provider_quality"] {
        let table = commissioner.get(&format!("/v1/tables/{name}")).await.expect(200);
        let document = table.json();
        assert_eq!(document["release"], id, "{name}");
        assert!(document["rows"].as_array().is_some_and(|rows| !rows.is_empty()), "{name} has no rows");
    }
    let replica = hub.replica().await;
    let again = commissioner.at(&replica.base()).get("/v1/tables/flows").await.expect(200);
    assert_eq!(again.body, commissioner.get("/v1/tables/flows").await.body, "every replica serves the same bytes");
    let seven = rows(hub.db().url(), "SELECT authority FROM submission GROUP BY authority").await;
    assert_eq!(seven.len(), 7);
}
