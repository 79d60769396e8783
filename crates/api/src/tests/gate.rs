use axum::body::Body;
use axum::http::{Method, Request};
use axum::routing::get;
use axum::{Router, http::StatusCode};

use super::stage::{Stage, ask, bearing};
use crate::gate::Gate;
use crate::{ROUTES, Who};

fn request(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn a_route_without_a_row_cannot_be_reached() {
    let open = Router::new().route("/v1/secret", get(|| async { "secret" })).route("/version", get(|| async { "v" }));
    let router = open.layer(Gate::new("test"));
    let answer = ask(&router, request("/v1/secret")).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::NOT_FOUND, "not-found"));
    assert_eq!(ask(&router, request("/version")).await.status, StatusCode::OK, "one with a row can");
}

#[tokio::test]
async fn a_panic_is_a_problem_and_its_words_stay_inside() {
    async fn fail() -> &'static str {
        panic!("child-level words")
    }
    let router = Router::new().route("/version", get(fail)).layer(Gate::new("test"));
    let answer = ask(&router, request("/version")).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (500, "internal"));
    assert!(!answer.text().contains("child"), "{}", answer.text());
}

#[tokio::test]
async fn what_is_not_there_and_what_is_not_taken_are_problems_too() {
    let stage = Stage::set().await;
    assert_eq!(stage.get("/v1/nothing", "").await.problem(), "not-found");
    assert_eq!(stage.get("/v1/submissions/../../etc/passwd", "").await.problem(), "not-found");
    let wrong = stage.ask(bearing(Method::DELETE, "/v1/releases", "").body(Body::empty()).unwrap()).await;
    assert_eq!((wrong.status.as_u16(), wrong.problem().as_str()), (405, "method-not-allowed"));
    assert_eq!(wrong.header("allow"), "GET,HEAD,POST");
    let odd = stage.ask(bearing(Method::TRACE, "/version", "").body(Body::empty()).unwrap()).await;
    assert_eq!(odd.problem(), "method-not-allowed");
}

#[tokio::test]
async fn without_a_token_only_public_routes_answer() {
    let stage = Stage::set().await;
    for row in ROUTES {
        let path = row.path.replace("{id}", "01900000-0000-7000-8000-000000000001").replace("{dataset}", "placements");
        let path = path.replace("{name}", "flows").replace("{code}", "not-found").replace("{*file}", "index.html");
        let method = Method::from_bytes(row.method.as_bytes()).unwrap();
        let answer = stage.ask(bearing(method, &path, "").body(Body::empty()).unwrap()).await;
        let refused = answer.status == StatusCode::UNAUTHORIZED;
        assert_eq!(refused, row.who != Who::Public, "{} {path}: {}", row.method, answer.status);
        if refused {
            assert_eq!(answer.problem(), "unauthenticated");
            assert!(answer.header("www-authenticate").starts_with("Bearer "));
        }
    }
}

#[tokio::test]
async fn head_answers_like_get_without_the_body() {
    let stage = Stage::set().await;
    let answer = stage.ask(bearing(Method::HEAD, "/version", "").body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0));
}
