//! Two boroughs, two hosts, and things of each: what the matrix asks for.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hub_agent::sealing::{Identities, Recipient, seal};
use hub_domain::{Clock as _, Dataset, SystemClock};
use hub_pipeline::identity::Role;
use hub_pipeline::publish::{Audience, publish_to};
use hub_testkit::{Child, Feed, Persona, TestHub, authority, rows};
use serde_json::{Value, json};

use super::table::Case;

/// A borough, the host it places with, and their things.
#[derive(Debug)]
pub(crate) struct Side {
    pub(crate) borough: &'static str,
    pub(crate) host: &'static str,
    /// An applied submission.
    pub(crate) submission: String,
    /// One that the shrink guard holds.
    pub(crate) held: String,
    /// One to be withdrawn.
    pub(crate) withdrawable: String,
    /// Notices, one for each verb that answers them.
    pub(crate) notices: Vec<String>,
    /// An endpoint of the host, and the token that it was sent.
    endpoint: String,
    token: String,
    /// A delivery to it that was given up.
    pub(crate) delivery: String,
    /// A place that a feed of the borough is collected from.
    source: String,
    /// The host's keys: one to seal to, one to retire.
    keys: [Recipient; 2],
    /// The second key's id.
    retirable: String,
}

/// A hub with callers and things.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) callers: Vec<Persona>,
    pub(crate) sides: [Side; 2],
    release: String,
}

/// An id that nobody's thing has.
pub(crate) const NOBODY: &str = "0199ffff-ffff-7fff-bfff-ffffffffffff";
/// An authority that does not take part.
pub(crate) const NOWHERE: &str = "X99999999";

impl World {
    /// Fills a hub. With `faulty`, boroughs and hosts bear tokens for both sides, as though the hub had forgotten to ask
    /// whose thing it is.
    pub(crate) async fn fill(hub: &TestHub, faulty: bool) -> Self {
        let sides = [Side::fill(hub, "lewisham", "kent").await, Side::fill(hub, "croydon", "surrey").await];
        hub_pipeline::reconcile::run(hub.hub()).await.expect("reconciled");
        let own = async |role: Role, slugs: [&str; 2]| {
            let codes: Vec<_> = slugs.iter().take(if faulty { 2 } else { 1 }).map(|slug| authority(slug)).collect();
            hub.as_client("caller", &[role], &codes).await
        };
        let operator = hub.as_operator().await;
        let release = operator.post("/v1/releases", &json!({})).await.expect(201).json();
        let snapshot = publish_to(hub.hub(), Audience::Public, "a quarter").await;
        snapshot.expect("the public's snapshot");
        let callers = vec![
            hub.anonymous(),
            own(Role::Borough, ["lewisham", "croydon"]).await,
            own(Role::Borough, ["croydon", "lewisham"]).await,
            own(Role::Host, ["kent", "surrey"]).await,
            own(Role::Host, ["surrey", "kent"]).await,
            hub.as_commissioner().await,
            hub.as_quality_lead().await,
            hub.as_broker().await,
            operator,
            hub.expired("lewisham").await,
            hub.as_reporting_tool().await,
        ];
        Self { callers, sides, release: text(&release["id"]) }
    }

    /// The side a caller means: its own unless it is foreign's turn.
    fn side(&self, caller: usize, case: Case) -> &Side {
        let second = matches!(caller, 2 | 4);
        &self.sides[usize::from(second != (case == Case::Foreign))]
    }

    /// Sends the request of one cell.
    pub(super) async fn ask(&self, method: &str, path: &str, caller: usize, case: Case) -> hub_testkit::Answer {
        let persona = &self.callers[caller];
        let side = self.side(caller, case);
        if (method, path) == ("POST", "/v1/submissions") {
            let key = format!("matrix-{caller}-{case:?}");
            let mut feed = Feed::empty(authority(side.borough), Dataset::Quality, &key);
            if case == Case::Absent {
                feed.authority = NOWHERE.parse().expect("a code");
            }
            return persona.submit(&feed).await;
        }
        let request = persona.request(method, &self.address((method, path), side, (caller, case)));
        let request = match path {
            "/oauth/token" => request.form(&self.form(case)),
            "/v1/endpoints" if method == "POST" => {
                let host = if case == Case::Absent { NOWHERE.to_owned() } else { authority(side.host).to_string() };
                request.json(&json!({ "url": "http://127.0.0.1:9/notices", "authority": host }))
            }
            "/v1/sources" if method == "POST" => {
                let borough =
                    if case == Case::Absent { NOWHERE.to_owned() } else { authority(side.borough).to_string() };
                request.json(&drop_of(&borough))
            }
            "/v1/releases" if method == "POST" => request.json(&json!({})),
            "/v1/endpoints/{id}/verify" => request.json(&json!({ "challenge": side.token })),
            "/v1/endpoints/{id}" | "/v1/endpoints/{id}/rotate" if method == "POST" => request.json(&json!({})),
            "/v1/notices" if method == "POST" => {
                let borough =
                    if case == Case::Absent { NOWHERE.to_owned() } else { authority(side.borough).to_string() };
                request.json(&placement(&borough, authority(side.host).as_str(), caller, case))
            }
            "/v1/notices/{id}/statements" => {
                request.json(&json!({ "type": "intention_to_end", "ending_on": format!("2027-01-{:02}", caller + 1) }))
            }
            "/v1/keys/sealing" if method == "POST" => {
                let host = if case == Case::Absent { NOWHERE.to_owned() } else { authority(side.host).to_string() };
                request.json(&json!({ "recipient": new_key(), "authority": host }))
            }
            path if path.ends_with("/envelopes") && method == "POST" => sealed(request, &side.keys[0], "details"),
            path if path.ends_with("{n}/open") => {
                request.json(&json!({ "officer": "Pat Made-Up", "reason": "a visit" }))
            }
            "/v1/children/export" | "/v1/children/erase" => {
                // Foreign: the caller's own authority is not named. Absent: nobody's child, of an authority that is there.
                let words = if case == Case::Absent { "nobody".to_owned() } else { format!("{} 0", side.borough) };
                let mut asked =
                    json!({ "authority": authority(side.borough), "child_ref": hub_testkit::child_ref(&words) });
                if path.ends_with("erase") {
                    asked["reason"] = json!("asked for");
                }
                request.json(&asked)
            }
            "/v1/notices/{id}/dispute" => request.json(&json!({ "reason": "not_here", "note": "seen" })),
            path if path.starts_with("/v1/notices/") && method == "POST" => request.json(&json!({ "note": "seen" })),
            _ => request,
        };
        persona.send(request).await
    }

    /// The right secret, another client's name with it, and a client that is not there.
    fn form(&self, case: Case) -> BTreeMap<&'static str, String> {
        let client = match case {
            Case::Own => self.callers[1].client.clone(),
            Case::Foreign => self.callers[2].client.clone(),
            Case::Absent => "nobody".to_owned(),
        };
        let secret = self.callers[1].secret.clone();
        BTreeMap::from([
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", client),
            ("client_secret", secret),
        ])
    }

    /// The path with what it names.
    fn address(&self, (method, path): (&str, &str), side: &Side, (caller, case): (usize, Case)) -> String {
        let here = case != Case::Absent;
        let or_nobody = |id: &str| if here { id.to_owned() } else { NOBODY.to_owned() };
        let borough = if here { authority(side.borough).to_string() } else { NOWHERE.to_owned() };
        let host = if here { authority(side.host).to_string() } else { NOWHERE.to_owned() };
        match path {
            "/v1/notices" if method == "POST" => path.to_owned(),
            "/v1/sources" if method == "POST" => path.to_owned(),
            "/v1/submissions" | "/v1/feeds" | "/v1/checks" | "/v1/notices" | "/v1/sources" | "/v1/quality/trend" => {
                format!("{path}?authority={borough}")
            }
            "/v1/events" | "/v1/reconciliation" | "/v1/reconciliation/nights" => {
                // Either side's own authority.
                format!("{path}?authority={}", if matches!(caller, 3 | 4) { host } else { borough })
            }
            "/v1/register/placed" | "/v1/timeliness/placed" => format!("{path}?authority={borough}"),
            _ if path.starts_with("/v1/own/") => format!("{}?authority={borough}", path.replace("{name}", "flows")),
            "/v1/inbox" | "/v1/register" | "/v1/timeliness" | "/v1/deliveries" => format!("{path}?authority={host}"),
            "/v1/endpoints/{id}/replay" => {
                format!("{}?since=2026-01-01T00:00:00Z", path.replace("{id}", &or_nobody(&side.endpoint)))
            }
            _ if path.starts_with("/v1/deliveries/") => path.replace("{id}", &or_nobody(&side.delivery)),
            "/v1/submissions/{id}/confirm" => path.replace("{id}", &or_nobody(&side.held)),
            "/v1/submissions/{id}/withdraw" => path.replace("{id}", &or_nobody(&side.withdrawable)),
            "/v1/authorities/{code}/sealing-keys" => path.replace("{code}", &host),
            "/v1/keys/sealing/{id}/retire" => path.replace("{id}", &or_nobody(&side.retirable)),
            _ if path.starts_with("/v1/notices/") && path.contains("/envelopes") => {
                let n = if path.ends_with("/open") { "2" } else { "1" };
                path.replace("{id}", &or_nobody(&side.notices[0])).replace("{n}", n)
            }
            "/v1/notices/{id}/query" => path.replace("{id}", &or_nobody(&side.notices[1])),
            "/v1/notices/{id}/dispute" => path.replace("{id}", &or_nobody(&side.notices[2])),
            "/v1/definitions/{id}" => path.replace("{id}", if here { "flows" } else { "nothing" }),
            "/v1/questions/{id}" => path.replace("{id}", if here { "recurring-gaps" } else { "18" }),
            _ if path.ends_with("/explain") => {
                let path =
                    path.replace("{id}", &self.release).replace("{name}", if here { "flows" } else { "nothing" });
                format!("{path}?row=all")
            }
            "/v1/replay" => format!("{path}?age_band=13-15&host={}", authority(side.borough)),
            _ if path.starts_with("/v1/submissions/") => path.replace("{id}", &or_nobody(&side.submission)),
            _ if path.starts_with("/v1/notices/") => path.replace("{id}", &or_nobody(&side.notices[0])),
            _ if path.starts_with("/v1/sources/") => path.replace("{id}", &or_nobody(&side.source)),
            _ if path.starts_with("/v1/endpoints/") => path.replace("{id}", &or_nobody(&side.endpoint)),
            _ => {
                let release = if path.ends_with("{id}") { or_nobody(&self.release) } else { self.release.clone() };
                let path = path.replace("{id}", &release);
                let path = path.replace("{name}", if here { "flows" } else { "nothing" });
                let path = path.replace("{dataset}", if here { "placements" } else { "nothing" });
                let path = path.replace("{code}", if here { "not-found" } else { "nothing" });
                path.replace("{*file}", if here { "index.html" } else { "nothing.html" })
            }
        }
    }
}

/// A whole notice of a placement, of another child for each cell.
fn placement(borough: &str, host: &str, caller: usize, case: Case) -> Value {
    let mut members = hub_testkit::placement(&format!("{caller} {case:?}"), host);
    members["type"] = json!("placement");
    members["authority"] = json!(borough);
    members
}

impl Side {
    async fn fill(hub: &TestHub, borough: &'static str, host: &'static str) -> Self {
        let (sender, desk) = (hub.as_borough(borough).await, hub.as_host(host).await);
        let own = authority(borough);
        hub.join(own, "2020-01-01".parse().expect("a date")).await;
        let registered = json!({ "url": "http://127.0.0.1:9/notices", "scheme": "v1" });
        let endpoint = desk.post("/v1/endpoints", &registered).await.expect(201).json();
        let away = |n: usize| Child::placed(&format!("{borough} {n}"), authority(host).as_str());
        let children: Vec<Child> = (0..6).map(away).collect();
        let applied = sender.deliver(&Feed::placements(own, "first", &children)).await;
        let held = sender.deliver(&Feed::placements(own, "second", &children[..3])).await;
        assert_eq!(held["verdict"], "held", "{held}");
        let withdrawable = sender.deliver(&Feed::empty(own, Dataset::Vacancies, "third")).await;
        let mut stated = hub_testkit::placement(&format!("{borough} stated"), authority(host).as_str());
        stated["type"] = json!("placement");
        sender.post("/v1/notices", &stated).await.expect(201);
        let list = sender.get("/v1/notices").await.expect(200).json();
        let of = |child: &Child| {
            list["items"]
                .as_array()
                .and_then(|items| items.iter().find(|item| item["child_ref"] == child.child.as_str()))
        };
        let notices = children[..3].iter().map(|child| text(&of(child).expect("a notice")["id"])).collect();
        let [submission, held, withdrawable, endpoint] =
            [applied, held, withdrawable, endpoint].map(|thing| text(&thing["id"]));
        let keys = [new_key(), new_key()];
        let mut ids = Vec::new();
        for key in &keys {
            let kept = desk.post("/v1/keys/sealing", &json!({ "recipient": key })).await.expect(201).json();
            ids.push(text(&kept["id"]));
        }
        let retirable = ids.remove(1);
        let notices: Vec<String> = notices;
        let place = format!("/v1/notices/{}/envelopes", notices[0]);
        for kind in ["details", "protected_address"] {
            sender.send(sealed(sender.request("POST", &place), &keys[0], kind)).await.expect(201);
        }
        let said = json!({ "officer": "Pat Made-Up", "reason": "a visit" });
        desk.post(&format!("{place}/2/open"), &said).await.expect(200);
        let url = hub.db().url();
        let token =
            rows(url, &format!("SELECT challenge FROM endpoint WHERE id = '{endpoint}'")).await.concat().concat();
        let log = desk.get(&format!("/v1/deliveries?notice={}", notices[0])).await.expect(200).json();
        let delivery = text(&log["items"][0]["id"]);
        rows(url, &format!("UPDATE delivery SET state = 'dead', finished_at = 1 WHERE id = '{delivery}'")).await;
        hub_pipeline::trend::measure(hub.hub()).await.expect("measured");
        let source = sender.post("/v1/sources", &drop_of(own.as_str())).await.expect(201).json();
        let source = text(&source["id"]);
        Self {
            borough,
            host,
            submission,
            held,
            withdrawable,
            notices,
            endpoint,
            token,
            delivery,
            source,
            keys,
            retirable,
        }
    }
}

/// A place to collect a feed from, where nothing listens.
fn drop_of(borough: &str) -> Value {
    json!({ "authority": borough, "dataset": "vacancies", "url": "http://127.0.0.1:9/v.csv", "pattern": "0 4 * * *" })
}

/// A public key that nobody has seen.
fn new_key() -> Recipient {
    let keys = Identities::none().with_new(SystemClock.now()).expect("a key");
    keys.newest().expect("a public key")
}

/// The request with an envelope in it, sealed to `key`.
fn sealed(request: reqwest::RequestBuilder, key: &Recipient, kind: &str) -> reqwest::RequestBuilder {
    let bytes = seal(std::slice::from_ref(key), b"made up").expect("an envelope");
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &bytes);
    let digest = format!("sha-256=:{}:", STANDARD.encode(digest));
    let said = [("kind", kind), ("contains", "address"), ("recipients", key.fingerprint().as_str())]
        .map(|(k, v)| (k, v.to_owned()));
    request.query(&said).header("content-type", "application/age").header("content-digest", digest).body(bytes)
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}
