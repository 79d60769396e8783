use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use hub_pipeline::identity::{TokenRefusal, TokenRequest};
use secrecy::ExposeSecret as _;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::{Json, basic as split, pairs, small_body};
use crate::problem::{Problem, UNSUPPORTED_MEDIA_TYPE};
use crate::state::Api;

/// An access token (RFC 6749 section 5.1).
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenAnswer {
    /// Send it as `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds it lives.
    expires_in: i64,
}

/// What the token endpoint reads, as a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form in the document; the form is read by name")]
pub(crate) struct TokenForm {
    /// Always `client_credentials`.
    grant_type: String,
    /// Needed with a secret, unless sent by HTTP Basic.
    client_id: Option<String>,
    /// The client's secret.
    client_secret: Option<String>,
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.
    client_assertion_type: Option<String>,
    /// `private_key_jwt`, EdDSA or ES256: iss and sub the client id, aud the issuer alone, at most five minutes, jti new.
    client_assertion: Option<String>,
    /// RFC 8707: the hub's audience, if given.
    resource: Option<String>,
}

/// Issues an access token to a client that proves who it is.
#[utoipa::path(post, path = "/oauth/token", tag = "identity",
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = TokenAnswer)))]
pub(crate) async fn issue(State(api): State<Api>, request: Request) -> Result<Response, Problem> {
    let basic = basic(request.headers());
    let asked = read(request, basic).await?;
    let issuer = api.issuer().clone();
    let token = api.write(async move { issuer.token(asked).await }).await?;
    // After the proof: before it, anybody could use up another's requests by naming it.
    api.limiter().admit(&token.client.into())?;
    let answer = TokenAnswer {
        access_token: token.access_token.expose_secret().to_owned(),
        token_type: "Bearer",
        expires_in: token.expires_in,
    };
    let mut response = Json(answer).into_response();
    response.headers_mut().insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    Ok(response)
}

async fn read(request: Request, basic: Option<(String, String)>) -> Result<TokenRequest, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(
            Problem::new(UNSUPPORTED_MEDIA_TYPE).detail("Send Content-Type: application/x-www-form-urlencoded.")
        );
    }
    let bytes = small_body(request).await?;
    let text = String::from_utf8(bytes).map_err(|_| TokenRefusal::Request("the form is not UTF-8"))?;
    let mut asked = TokenRequest::default();
    for (name, value) in pairs(&text) {
        let again = match name.as_str() {
            "grant_type" => asked.grant_type.replace(value).is_some(),
            "client_id" => asked.client_id.replace(value).is_some(),
            "client_secret" => asked.client_secret.replace(value.into()).is_some(),
            "client_assertion_type" => asked.client_assertion_type.replace(value).is_some(),
            "client_assertion" => asked.client_assertion.replace(value.into()).is_some(),
            "resource" => asked.resource.replace(value).is_some(),
            // RFC 6749 section 3.2: parameters that are not known are ignored.
            _ => false,
        };
        if again {
            return Err(TokenRefusal::Request("a parameter stands twice").into());
        }
    }
    if let Some((id, secret)) = basic {
        if asked.client_secret.is_some() || asked.client_id.as_ref().is_some_and(|named| *named != id) {
            return Err(TokenRefusal::Request("send the secret in the form or by HTTP Basic, not both").into());
        }
        asked.client_id = Some(id);
        asked.client_secret = Some(secret.into());
    }
    Ok(asked)
}

/// Client id and secret by HTTP Basic, each form-encoded (RFC 6749 section 2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (id, secret) = split(headers.get(header::AUTHORIZATION)?.to_str().ok()?)?;
    let plain = |text: &str| pairs(&format!("={}", text.replace('&', "%26"))).next().map(|(_, value)| value);
    Some((plain(&id)?, plain(&secret)?))
}
