//! S3: published attacks on tokens and assertions, end to end; keys changed without a failed request.

mod forge;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub_pipeline::identity::{Credential, Purpose, Role, rotate};
use hub_testkit::{Answer, ISSUER, Persona, TestHub, authority, client_key};
use serde_json::{Value, json};

use forge::{Pair, mac, message, parts, with, without};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Which of these tokens open anything.
async fn taken(caller: &Persona, tokens: Vec<(String, String)>) -> Vec<String> {
    let mut taken = Vec::new();
    for (attack, token) in tokens {
        let request = caller.request("GET", "/v1/authorities").header("authorization", format!("Bearer {token}"));
        let answer = caller.send(request).await;
        if (answer.status, answer.code().as_str()) != (401, "unauthenticated") {
            taken.push(format!("{attack}: {} {}", answer.status, answer.text()));
        }
    }
    taken
}

fn named(attack: &str, token: String) -> (String, String) {
    (attack.to_owned(), token)
}

/// Tokens that nobody should believe, made from a right one.
async fn forged(hub: &TestHub, right: &str) -> Vec<(String, String)> {
    let (header, claims) = parts(right);
    let thief = Pair::thief();
    let (kid, own) = Pair::hubs(hub, "token").await;
    let (receipt_kid, receipts) = Pair::hubs(hub, "receipt").await;
    let now = hub.now().as_second();
    let mut all = vec![
        named("alg none", format!("{}.", message(&with(&header, "alg", json!("none")), &claims))),
        named("alg NONE", format!("{}.", message(&with(&header, "alg", json!("NONE")), &claims))),
        named("signature cut off", format!("{}.", message(&header, &claims))),
        named("HS256 with the public key", mac(&header, &claims, &own.public())),
        named(
            "HS256 with the public key in base64url",
            mac(&header, &claims, URL_SAFE_NO_PAD.encode(own.public()).as_bytes()),
        ),
        named("HS256 with the JWK", mac(&header, &claims, own.jwk(&kid).to_string().as_bytes())),
        named("HS256 with nothing", mac(&header, &claims, b"")),
        named("another's key", thief.sign(&header, &claims)),
        named("embedded jwk", thief.sign(&with(&header, "jwk", thief.jwk(&kid)), &claims)),
        named("jku", thief.sign(&with(&header, "jku", json!("https://thief.example/jwks")), &claims)),
        named("x5u", thief.sign(&with(&header, "x5u", json!("https://thief.example/chain")), &claims)),
        named("x5c", thief.sign(&with(&header, "x5c", json!(["MIIB"])), &claims)),
        named("kid as a path", thief.sign(&with(&header, "kid", json!("../../../../dev/null")), &claims)),
        named("kid as SQL", thief.sign(&with(&header, "kid", json!("x' OR '1'='1")), &claims)),
        named("kid with NUL", thief.sign(&with(&header, "kid", json!("a\u{0}b")), &claims)),
        named("no kid", own.sign(&without(&header, "kid"), &claims)),
        named("crit", own.sign(&with(&header, "crit", json!(["b64"])), &claims)),
        named("b64", own.sign(&with(&header, "b64", json!(false)), &claims)),
        named("zip", own.sign(&with(&header, "zip", json!("DEF")), &claims)),
        named("typ JWT", own.sign(&with(&header, "typ", json!("JWT")), &claims)),
        named("alg ES256 under an Ed25519 key", own.sign(&with(&header, "alg", json!("ES256")), &claims)),
        named("a receipt's key", receipts.sign(&with(&header, "kid", json!(receipt_kid)), &claims)),
        named("expired", own.sign(&header, &with(&with(&claims, "exp", json!(now - 31)), "iat", json!(now - 600)))),
        named("too long a life", own.sign(&header, &with(&claims, "exp", json!(now + 601)))),
        named("not yet", own.sign(&header, &with(&claims, "nbf", json!(now + 31)))),
        named("another audience", own.sign(&header, &with(&claims, "aud", json!("https://other.example/v1")))),
        named(
            "several audiences",
            own.sign(&header, &with(&claims, "aud", json!([format!("{ISSUER}/v1"), "https://other.example"]))),
        ),
        named("another issuer", own.sign(&header, &with(&claims, "iss", json!("https://other.example")))),
        named("a role made up", own.sign(&header, &with(&claims, "roles", json!(["emperor"])))),
        named("two clients", own.sign(&header, &with(&claims, "client_id", json!("operator")))),
    ];
    for claim in ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "client_id", "roles", "authorities"] {
        all.push((format!("without {claim}"), own.sign(&header, &without(&claims, claim))));
    }
    all.extend(tampered(right));
    all
}

/// The right token with one letter changed, at every seventh place; a claim rewritten under the old signature; and scraps.
fn tampered(right: &str) -> Vec<(String, String)> {
    let (header, claims) = parts(right);
    let signature = right.rsplit('.').next().expect("a signature");
    let promoted = message(&header, &with(&claims, "roles", json!(["operator"])));
    let mut all = vec![named("roles rewritten", format!("{promoted}.{signature}"))];
    for at in (0..right.len()).step_by(7) {
        let mut bytes = right.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        all.push((format!("letter {at}"), String::from_utf8(bytes).expect("text")));
    }
    for scrap in [".", "..", "...", "a.b.c", "{}", &"A".repeat(5_000)] {
        all.push((format!("scrap of {}", scrap.len()), scrap.to_owned()));
    }
    all
}

async fn spend(caller: &Persona, assertion: &str) -> Answer {
    let form = [("grant_type", "client_credentials"), ("client_assertion_type", TYPE), ("client_assertion", assertion)];
    caller.send(caller.request("POST", "/oauth/token").form(&form)).await
}

/// Claims of a right assertion, its `jti` as given.
fn claims(hub: &TestHub, client: &str, jti: &str) -> Value {
    let now = hub.now().as_second();
    json!({ "iss": client, "sub": client, "aud": ISSUER, "jti": jti, "iat": now, "nbf": now, "exp": now + 120 })
}

/// Registers a client under a key of this bench.
async fn bench_client(hub: &TestHub, id: &str, pair: &Pair) {
    let new = hub_pipeline::identity::NewClient {
        id: id.to_owned(),
        name: id.to_owned(),
        roles: vec![Role::Borough],
        authorities: vec![authority("lewisham")],
        credential: Credential::Keys(pair.jwk("k1").to_string()),
    };
    hub_pipeline::identity::add(hub.db().store(), new, hub.now()).await.expect("registered");
}

/// Assertions that nobody should believe.
fn assertions(hub: &TestHub, client: &str, pair: &Pair) -> Vec<(String, String)> {
    let header = json!({ "typ": "JWT", "alg": "EdDSA", "kid": "k1" });
    let (thief, now) = (Pair::thief(), hub.now().as_second());
    let right = |jti: &str| claims(hub, client, jti);
    let mut all = vec![
        named("alg none", format!("{}.", message(&with(&header, "alg", json!("none")), &right("1")))),
        named("HS256 with the public key", mac(&header, &right("2"), &pair.public())),
        named("another's key", thief.sign(&header, &right("3"))),
        named("embedded jwk", thief.sign(&with(&header, "jwk", thief.jwk("k1")), &right("4"))),
        named("jku", thief.sign(&with(&header, "jku", json!("https://thief.example")), &right("5"))),
        named("unknown kid", pair.sign(&with(&header, "kid", json!("k2")), &right("6"))),
        named("crit", pair.sign(&with(&header, "crit", json!(["exp"])), &right("7"))),
        named("an access token's type", pair.sign(&with(&header, "typ", json!("at+jwt")), &right("8"))),
        named(
            "aud is the token endpoint",
            pair.sign(&header, &with(&right("9"), "aud", json!(format!("{ISSUER}/oauth/token")))),
        ),
        named("aud is a list", pair.sign(&header, &with(&right("10"), "aud", json!([ISSUER])))),
        named("aud is another hub", pair.sign(&header, &with(&right("11"), "aud", json!("https://other.example")))),
        named("expired", pair.sign(&header, &with(&right("12"), "exp", json!(now - 31)))),
        named("six minutes", pair.sign(&header, &with(&right("13"), "exp", json!(now + 360)))),
        named("from the future", pair.sign(&header, &with(&right("14"), "iat", json!(now + 31)))),
        named("another's name", pair.sign(&header, &with(&right("15"), "sub", json!("operator")))),
        named("iss differs", pair.sign(&header, &with(&right("16"), "iss", json!("operator")))),
        named("no jti", pair.sign(&header, &without(&right("17"), "jti"))),
        named("jti with NUL", pair.sign(&header, &with(&right("18"), "jti", json!("a\u{0}b")))),
    ];
    for claim in ["iss", "sub", "aud", "exp"] {
        all.push((format!("without {claim}"), pair.sign(&header, &without(&right(claim), claim))));
    }
    all
}

hub_testkit::on_both! {
    async fn no_published_attack_opens_anything(hub: TestHub) {
        let caller = hub.as_borough("lewisham").await;
        assert_eq!(caller.get("/v1/authorities").await.status, 200, "the control is taken");
        let found = taken(&hub.anonymous(), forged(&hub, &caller.token).await).await;
        assert!(found.is_empty(), "{}", found.join("\n"));
        let (header, claims) = parts(&caller.token);
        let (_, own) = Pair::hubs(&hub, "token").await;
        let planted = vec![named("nothing changed", own.sign(&header, &claims))];
        assert_eq!(taken(&hub.anonymous(), planted).await.len(), 1, "the gate notices a token that opens something");
    }

    async fn a_token_comes_in_one_header_and_ends(hub: TestHub) {
        let caller = hub.as_borough("lewisham").await;
        let token = caller.token.clone();
        let anybody = hub.anonymous();
        assert_eq!(anybody.get(&format!("/v1/authorities?access_token={token}")).await.code(), "unauthenticated");
        let twice = caller.request("GET", "/v1/authorities").header("authorization", format!("Bearer {token}"));
        assert_eq!(caller.send(twice).await.code(), "unauthenticated");
        let basic = anybody.request("GET", "/v1/authorities").header("authorization", format!("Basic {token}"));
        assert_eq!(anybody.send(basic).await.code(), "unauthenticated");
        hub.clock().advance(629);
        assert_eq!(caller.get("/v1/authorities").await.status, 200, "half a minute of leeway");
        hub.clock().advance(2);
        assert_eq!(caller.get("/v1/authorities").await.code(), "unauthenticated");
    }

    async fn no_published_attack_passes_for_a_client(hub: TestHub) {
        let (anybody, pair) = (hub.anonymous(), Pair::thief());
        bench_client(&hub, "bench", &pair).await;
        for (attack, assertion) in assertions(&hub, "bench", &pair) {
            let answer = spend(&anybody, &assertion).await;
            assert_eq!((answer.status, answer.json()["error"].as_str()), (401, Some("invalid_client")), "{attack}: {}", answer.text());
        }
        let header = json!({ "typ": "JWT", "alg": "EdDSA", "kid": "k1" });
        let right = pair.sign(&header, &claims(&hub, "bench", "once"));
        let other = hub.replica().await;
        assert_eq!(spend(&anybody, &right).await.status, 200, "the control is taken");
        assert_eq!(spend(&anybody, &right).await.status, 401, "replayed");
        assert_eq!(spend(&other.anonymous(), &right).await.status, 401, "replayed at another replica");
        let raced = pair.sign(&header, &claims(&hub, "bench", "raced"));
        let (here, there) = (hub.anonymous(), other.anonymous());
        let raced = futures_util::future::join_all((0..20).map(|n| spend(if n % 2 == 0 { &here } else { &there }, &raced))).await;
        let passed = raced.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(passed, 1, "twenty at once over two replicas");
    }

    async fn the_hubs_keys_change_without_a_failed_request(hub: TestHub) {
        let other = hub.replica().await;
        let mut caller = hub.as_borough("lewisham").await;
        let (mut refused, mut signed_by) = (Vec::new(), std::collections::BTreeSet::new());
        for step in 0..120 {
            if step % 30 == 10 {
                hub.issuer().rotate_key(Purpose::Token).await.expect("a new key");
            }
            if step % 16 == 0 {
                caller.base = if step % 32 == 0 { other.base() } else { hub.base() };
                caller.renew().await;
                signed_by.insert(parts(&caller.token).0["kid"].to_string());
            }
            for base in [hub.base(), other.base()] {
                let answer = caller.at(&base).get("/v1/authorities").await;
                if answer.status != 200 {
                    refused.push((step, answer.status));
                }
            }
            hub.clock().advance(30);
        }
        assert_eq!(refused, []);
        assert!(signed_by.len() >= 4, "keys did change: {signed_by:?}");
        caller.renew().await;
        let kid = parts(&caller.token).0["kid"].as_str().expect("a key id").to_owned();
        other.issuer().retire_key(&kid).await.expect("retired");
        assert_eq!(caller.at(&other.base()).get("/v1/authorities").await.status, 401, "a leaked key ends at once");
    }

    async fn a_clients_key_changes_without_a_failed_request(hub: TestHub) {
        let (store, now) = (hub.db().store().clone(), hub.now());
        let own = [authority("lewisham")];
        let first = client_key(&store, now, "nightly", &[Role::Borough], &own).await;
        let agent = |key: &hub_agent::keys::ClientKey| {
            let proof = hub_agent::settings::Proof::Key(key.clone());
            let mut connection = hub_agent::Connection::new(&hub.base(), "nightly", proof);
            connection.retry = hub_agent::Retry { tries: 1, ..hub_agent::Retry::default() };
            hub_agent::HubClient::new(connection, hub.clock().clone()).expect("a client")
        };
        let id = {
            let sender = hub.as_borough("lewisham").await;
            let kept = sender.deliver(&hub_testkit::Feed::empty(own[0], hub_domain::Dataset::Quality, "k")).await;
            kept["id"].as_str().expect("an id").to_owned()
        };
        agent(&first).status(&id, 0).await.expect("the first key opens");
        let second = hub_agent::keys::ClientKey::generate().expect("a pair");
        let jwk = Credential::Keys(second.public_jwk().to_string());
        rotate(&store, "nightly", &jwk, true, now).await.expect("rotated");
        agent(&second).status(&id, 0).await.expect("the second opens");
        agent(&first).status(&id, 0).await.expect("and the first still does");
        rotate(&store, "nightly", &jwk, false, now).await.expect("rotated again");
        agent(&second).status(&id, 0).await.expect("the second opens");
        agent(&first).status(&id, 0).await.expect_err("the first no longer does");
    }
}
