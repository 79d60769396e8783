use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hub_pipeline::identity::Role;

use super::stage::{Answer, ISSUER, Stage};

const FORM: &str = "application/x-www-form-urlencoded";

async fn token(stage: &Stage, kind: &str, basic: Option<&str>, form: &str) -> Answer {
    let mut request = Request::post("/oauth/token").header("content-type", kind);
    if let Some(pair) = basic {
        request = request.header("authorization", format!("Basic {}", STANDARD.encode(pair)));
    }
    stage.ask(request.body(Body::from(form.to_owned())).unwrap()).await
}

#[tokio::test]
async fn a_client_gets_a_token_by_form_or_by_basic_and_it_works() {
    let stage = Stage::set().await;
    let secret = stage.client("ops", &[Role::Operator], &[]).await;
    let form = format!("grant_type=client_credentials&client_id=ops&client_secret={secret}");
    let basic = format!("ops:{secret}");
    for answer in [
        token(&stage, FORM, None, &form).await,
        token(&stage, FORM, Some(&basic), "grant_type=client_credentials").await,
    ] {
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store");
        let json = answer.json();
        assert_eq!((json["token_type"].as_str(), json["expires_in"].as_i64()), (Some("Bearer"), Some(600)));
        assert_eq!(stage.get("/v1/feeds", json["access_token"].as_str().unwrap()).await.status.as_u16(), 200);
    }
}

#[tokio::test]
async fn a_refusal_speaks_both_languages_and_says_little() {
    let stage = Stage::set().await;
    stage.client("ops", &[Role::Operator], &[]).await;
    let table = [
        ("grant_type=password", 400, "unsupported_grant_type"),
        ("grant_type=client_credentials", 400, "invalid_request"),
        ("grant_type=client_credentials&grant_type=client_credentials", 400, "invalid_request"),
        ("grant_type=client_credentials&client_id=ops&client_secret=wrong", 401, "invalid_client"),
        ("grant_type=client_credentials&client_id=nobody&client_secret=wrong", 401, "invalid_client"),
        ("grant_type=client_credentials&client_id=%00&client_secret=wrong", 401, "invalid_client"),
    ];
    let mut unknown = Vec::new();
    for (form, status, error) in table {
        let answer = token(&stage, FORM, None, form).await;
        answer.problem();
        assert_eq!((answer.status.as_u16(), answer.json()["error"].as_str().unwrap()), (status, error), "{form}");
        if status == 401 {
            assert_eq!(answer.header("www-authenticate"), r#"Basic realm="hub""#);
            let mut document = answer.json();
            document["request_id"] = serde_json::Value::Null;
            unknown.push(document);
        }
    }
    assert!(unknown.iter().all(|one| *one == unknown[0]), "a wrong secret and an unknown client read alike");
    assert_eq!(token(&stage, "application/json", None, "{}").await.problem(), "unsupported-media-type");
    assert_eq!(token(&stage, FORM, None, &"x".repeat(70_000)).await.problem(), "too-large");
}

#[tokio::test]
async fn metadata_and_keys_are_public_and_hold_nothing_private() {
    let stage = Stage::set().await;
    let metadata = stage.get("/.well-known/oauth-authorization-server", "").await.json();
    assert_eq!(metadata["issuer"], ISSUER);
    assert_eq!(metadata["token_endpoint"], format!("{ISSUER}/oauth/token"));
    let keys = stage.get("/.well-known/jwks.json", "").await.json();
    let keys = keys["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 3);
    for key in keys {
        assert_eq!(
            (key["kty"].as_str(), key["use"].as_str(), key["alg"].as_str()),
            (Some("OKP"), Some("sig"), Some("EdDSA"))
        );
        assert!(key.get("d").is_none());
    }
}
