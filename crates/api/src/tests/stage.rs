//! A hub over a fresh store, its clock standing, and a way to ask it things.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use hub_domain::{ManualClock, SequentialIds};
use hub_pipeline::identity::{Guard, Issuer, Seal};
use hub_pipeline::{Hub, Settings};
use hub_store::Store;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::{Api, router};

pub(super) const ISSUER: &str = "https://hub.example";
const NIGHT: &str = "2026-03-02T02:00:00Z";

pub(super) struct Stage {
    pub(super) hub: Arc<Hub>,
    pub(super) issuer: Arc<Issuer>,
    pub(super) api: Api,
    pub(super) router: Router,
    _folder: tempfile::TempDir,
}

/// An answer, read whole.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Stage {
    pub(super) async fn set() -> Self {
        Self::with(Settings { upload_bytes: 4096, worker: "test".to_owned(), ..Settings::default() }).await
    }

    pub(super) async fn with(settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("hub.db").display());
        let store = Store::open(&hub_store::Settings { url, connections: 4 }).await.unwrap();
        store.migrate().await.unwrap();
        let clock = Arc::new(ManualClock::at(NIGHT.parse().unwrap()));
        let ids = Arc::new(SequentialIds::default());
        let issuer = Issuer::open(store.clone(), clock.clone(), ids.clone(), ISSUER, Seal::none()).await.unwrap();
        let issuer = Arc::new(issuer);
        let hub = Arc::new(Hub::new(store, clock, ids, settings));
        let api = Api::new(hub.clone(), issuer.clone(), Guard::public(), Arc::new(|| "# no measures\n".to_owned()));
        Self { router: router(api.clone()), hub, issuer, api, _folder: folder }
    }

    pub(super) fn now(&self) -> hub_domain::Timestamp {
        self.hub.clock.now()
    }

    pub(super) async fn ask(&self, request: Request<Body>) -> Answer {
        ask(&self.router, request).await
    }

    pub(super) async fn get(&self, path: &str, token: &str) -> Answer {
        self.ask(bearing(Method::GET, path, token).body(Body::empty()).unwrap()).await
    }

    pub(super) async fn post(&self, path: &str, token: &str, json: &Value) -> Answer {
        let request = bearing(Method::POST, path, token).header("content-type", "application/json");
        self.ask(request.body(Body::from(json.to_string())).unwrap()).await
    }
}

pub(super) async fn ask(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Answer { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes().to_vec() }
}

/// A request that bears a token, unless it is blank.
pub(super) fn bearing(method: Method, path: &str, token: &str) -> axum::http::request::Builder {
    let request = Request::builder().method(method).uri(path);
    if token.is_empty() { request } else { request.header("authorization", format!("Bearer {token}")) }
}

impl Answer {
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of a problem that is one in every way.
    pub(super) fn problem(&self) -> String {
        let document = self.json();
        assert_eq!(self.header("content-type"), "application/problem+json", "{document}");
        assert_eq!(document["status"], self.status.as_u16());
        assert_eq!(document["request_id"], self.header("x-request-id"));
        let code = document["code"].as_str().unwrap();
        assert_eq!(document["type"], format!("/problems/{code}"));
        code.to_owned()
    }
}
