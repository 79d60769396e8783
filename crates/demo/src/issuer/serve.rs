use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use hub_domain::Clock;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::code::{Codes, Grant};
use super::page::page;
use super::personas::{Persona, personas};
use super::token::{self, Key};

/// Where the issuer is, under the hub's own address.
pub const PLACE: &str = "/demonstration";
/// The hub's client id there.
pub const CLIENT: &str = "hub";
/// Seconds an ID token lives.
const LIFETIME: i64 = 300;
/// What the page may do: show itself, in the hub's stylesheet.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

/// How the issuer is opened.
#[derive(Debug, Clone)]
pub struct Accounts {
    /// Its name: the address it is reached at, [`PLACE`] and all.
    pub issuer: String,
    /// The only address that codes are sent to.
    pub back: String,
    /// The stylesheet's address.
    pub stylesheet: String,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

#[derive(Debug)]
struct Desk {
    accounts: Accounts,
    personas: Vec<Persona>,
    codes: Codes,
    key: Key,
}

/// What was sent, by name.
struct Sent(Vec<(String, String)>);

/// The issuer's routes. `None` when the machine has no chance to make a key of.
pub fn accounts(accounts: Accounts) -> Option<Router> {
    let desk = Desk { accounts, personas: personas(), codes: Codes::default(), key: Key::generate()? };
    let place = |path: &str| format!("{PLACE}{path}");
    let routes = Router::new()
        .route(&place("/.well-known/openid-configuration"), get(configuration))
        .route(&place("/keys"), get(keys))
        .route(&place("/choose"), get(choose))
        .route(&place("/as"), get(become_one))
        .route(&place("/token"), post(exchange));
    Some(routes.with_state(Arc::new(desk)))
}

async fn configuration(State(desk): State<Arc<Desk>>) -> Response {
    let issuer = &desk.accounts.issuer;
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/choose"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
        "code_challenge_methods_supported": ["S256"],
    });
    answer(StatusCode::OK, &document)
}

async fn keys(State(desk): State<Arc<Desk>>) -> Response {
    answer(StatusCode::OK, &desk.key.published())
}

/// The authorisation endpoint: whom do you want to be?
async fn choose(State(desk): State<Arc<Desk>>, RawQuery(query): RawQuery) -> Response {
    let asked = Sent::read(query.as_deref().unwrap_or_default().as_bytes());
    if let Err(why) = desk.grant(&asked, 0) {
        return (StatusCode::BAD_REQUEST, why).into_response();
    }
    let shown = page(&desk.accounts.stylesheet, &format!("{PLACE}/as"), &asked.again(), &desk.personas);
    let mut response = Html(shown).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response.headers_mut().insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer"));
    response
}

/// A persona was chosen: back to the hub with a code.
async fn become_one(State(desk): State<Arc<Desk>>, RawQuery(query): RawQuery) -> Response {
    let asked = Sent::read(query.as_deref().unwrap_or_default().as_bytes());
    let found = desk.personas.iter().position(|persona| Some(persona.id.as_str()) == asked.get("persona"));
    let Some(persona) = found else {
        return (StatusCode::BAD_REQUEST, "There is no such persona.").into_response();
    };
    let (grant, code) = match (desk.grant(&asked, persona), token::code()) {
        (Ok(grant), Some(code)) => (grant, code),
        (Err(why), _) => return (StatusCode::BAD_REQUEST, why).into_response(),
        (Ok(_), None) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    let state = asked.get("state").unwrap_or_default();
    let query =
        form_urlencoded::Serializer::new(String::new()).append_pair("code", &code).append_pair("state", state).finish();
    let to = format!("{}?{query}", grant.redirect_uri);
    desk.codes.give(code, grant, desk.accounts.clock.now());
    Redirect::to(&to).into_response()
}

/// The token endpoint: a code and its verifier for an ID token.
async fn exchange(State(desk): State<Arc<Desk>>, body: axum::body::Bytes) -> Response {
    let sent = Sent::read(&body);
    let now = desk.accounts.clock.now();
    let grant = sent.get("code").and_then(|code| desk.codes.take(code, now));
    let fits = |grant: &Grant| {
        let is_verified =
            sent.get("code_verifier").is_some_and(|verifier| token::challenge(verifier) == grant.challenge);
        let is_back = sent.get("redirect_uri") == Some(grant.redirect_uri.as_str());
        is_verified && is_back && sent.get("client_id") == Some(CLIENT)
    };
    let Some(grant) = grant.filter(|grant| sent.get("grant_type") == Some("authorization_code") && fits(grant)) else {
        return answer(StatusCode::BAD_REQUEST, &json!({ "error": "invalid_grant" }));
    };
    let Some(persona) = desk.personas.get(grant.persona) else {
        return answer(StatusCode::BAD_REQUEST, &json!({ "error": "invalid_grant" }));
    };
    let begins = now.as_second();
    let claims = json!({
        "iss": desk.accounts.issuer, "aud": CLIENT, "sub": persona.id, "name": persona.name,
        "roles": persona.roles, "authorities": persona.authorities,
        "nonce": grant.nonce, "iat": begins, "exp": begins.saturating_add(LIFETIME),
    });
    let document = json!({ "token_type": "Bearer", "expires_in": LIFETIME, "id_token": desk.key.sign(&claims) });
    answer(StatusCode::OK, &document)
}

impl Desk {
    /// What the hub asks for on behalf of a persona; what is wrong with it otherwise.
    fn grant(&self, asked: &Sent, persona: usize) -> Result<Grant, &'static str> {
        let want = |name: &str, value: &str| asked.get(name) == Some(value);
        if !want("redirect_uri", &self.accounts.back) || !want("client_id", CLIENT) {
            return Err("Only the hub of this demonstration may ask here.");
        }
        if !want("response_type", "code") || !want("code_challenge_method", "S256") {
            return Err("Only the authorisation code flow with PKCE is spoken here.");
        }
        match (asked.get("nonce"), asked.get("code_challenge"), asked.get("state")) {
            (Some(nonce), Some(challenge), Some(_)) => Ok(Grant {
                persona,
                nonce: nonce.to_owned(),
                challenge: challenge.to_owned(),
                redirect_uri: self.accounts.back.clone(),
            }),
            _ => Err("A state, a nonce and a challenge are wanted."),
        }
    }
}

impl Sent {
    fn read(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The same, encoded anew: nothing in it can end an attribute.
    fn again(&self) -> String {
        let pairs = self.0.iter().filter(|(name, _)| name != "persona");
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    }
}

fn answer(status: StatusCode, document: &Value) -> Response {
    let kind = HeaderValue::from_static("application/json");
    let kept = HeaderValue::from_static("no-store");
    (status, [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)], document.to_string()).into_response()
}
