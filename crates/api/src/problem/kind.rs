//! Every problem the API can answer with: its code, its status, its title. Decided once, here.

use axum::http::StatusCode;

/// A kind of problem.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Stable, kebab-case; the last part of the problem's `type`.
    pub code: &'static str,
    /// HTTP status.
    pub status: StatusCode,
    /// What it is, in plain words that do not change with the case.
    pub title: &'static str,
}

macro_rules! kinds {
    ($($id:ident = $code:literal, $status:ident, $title:literal;)*) => {
        $(pub(crate) const $id: &Kind = &Kind { code: $code, status: StatusCode::$status, title: $title };)*

        /// Every kind of problem, for the reference page.
        pub const KINDS: &[&Kind] = &[$($id),*];
    };
}

kinds! {
    INVALID_REQUEST = "invalid-request", BAD_REQUEST, "The request does not read as this address needs it";
    IDEMPOTENCY_KEY_MISSING = "idempotency-key-missing", BAD_REQUEST, "An Idempotency-Key header is needed";
    BODY_INCOMPLETE = "body-incomplete", BAD_REQUEST, "The body ended before it was complete";
    DIGEST_MISMATCH = "digest-mismatch", BAD_REQUEST, "The body is not the one the digest was made of";
    UNAUTHENTICATED = "unauthenticated", UNAUTHORIZED, "A valid access token is needed";
    INVALID_CLIENT = "invalid-client", UNAUTHORIZED, "The client could not be authenticated";
    UNSUPPORTED_GRANT = "unsupported-grant", BAD_REQUEST, "Only client credentials are supported";
    INVALID_TARGET = "invalid-target", BAD_REQUEST, "The token was asked for another service";
    ROLE_NEEDED = "role-needed", FORBIDDEN, "The client's role does not allow this";
    NOT_FOUND = "not-found", NOT_FOUND, "There is no such thing, or it is not yours";
    METHOD_NOT_ALLOWED = "method-not-allowed", METHOD_NOT_ALLOWED, "This address does not take that method";
    NOT_ACCEPTABLE = "not-acceptable", NOT_ACCEPTABLE, "None of the accepted formats can be given";
    TOO_SLOW = "too-slow", REQUEST_TIMEOUT, "The body came too slowly";
    IN_PROGRESS = "in-progress", CONFLICT, "The same request is still being worked on";
    STALE_SUBMISSION = "stale-submission", CONFLICT, "A later business date has been taken already";
    NOT_HELD = "not-held", CONFLICT, "Only a held submission can be confirmed";
    NOT_APPLIED = "not-applied", CONFLICT, "Only an applied submission can be withdrawn";
    NOT_DECIDED = "not-decided", CONFLICT, "The submission has not been decided yet";
    NOTICE_STATE = "notice-state", CONFLICT, "The notice is not in a state that allows this";
    NOTICE_INCOMPLETE = "notice-incomplete", UNPROCESSABLE_ENTITY, "The statement lacks what the law wants, or does not read";
    OVER_COLLECTED = "over-collected", UNPROCESSABLE_ENTITY, "The statement says in clear what must be sealed; nothing was kept";
    ENDPOINT_STATE = "endpoint-state", CONFLICT, "The endpoint is not in a state that allows this";
    TOO_MANY_ENDPOINTS = "too-many-endpoints", CONFLICT, "The authority has as many endpoints as it may";
    TOO_MANY_SOURCES = "too-many-sources", CONFLICT, "The authority has as many sources as it may";
    SOURCE_UNREADABLE = "source-unreadable", BAD_GATEWAY, "Nothing could be read from the source";
    DELIVERY_STATE = "delivery-state", CONFLICT, "Only a delivery that is over can be sent again";
    TOO_LARGE = "too-large", PAYLOAD_TOO_LARGE, "The body is longer than the hub takes";
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type", UNSUPPORTED_MEDIA_TYPE, "The body's type is not one the hub reads";
    KEY_REUSED = "key-reused", UNPROCESSABLE_ENTITY, "The Idempotency-Key was used for another request";
    FILE_REFUSED = "file-refused", UNPROCESSABLE_ENTITY, "The file was refused and nothing of it was kept";
    COVERS_FROM = "covers-from", UNPROCESSABLE_ENTITY, "covers_from does not go with the mode or the date";
    FUTURE_DATE = "future-date", UNPROCESSABLE_ENTITY, "The business date has not come yet";
    WRONG_SENDER = "wrong-sender", UNPROCESSABLE_ENTITY, "The dataset is not this sender's to send";
    ADDRESS_REFUSED = "address-refused", UNPROCESSABLE_ENTITY, "The webhook address may not be called";
    CHALLENGE_REFUSED = "challenge-refused", UNPROCESSABLE_ENTITY, "The token is not the one that the endpoint was sent";
    DISCLOSURE = "disclosure", UNPROCESSABLE_ENTITY, "The release gate found that a child could be worked out";
    KEY_UNKNOWN = "key-unknown", UNPROCESSABLE_ENTITY, "The envelope is sealed for a key that may not be used";
    NO_KEY = "no-key", CONFLICT, "The host has registered no key to seal to";
    KEY_RETIRED = "key-retired", CONFLICT, "A retired key does not come back";
    TOO_MANY_KEYS = "too-many-keys", CONFLICT, "As many keys are registered as may be";
    ENVELOPE_REFUSED = "envelope-refused", UNPROCESSABLE_ENTITY, "The body is not an envelope that the hub keeps";
    ENVELOPE_SUPERSEDED = "envelope-superseded", GONE, "A newer envelope has taken its place";
    FORGOTTEN = "forgotten", GONE, "It rests on what is kept no longer";
    CHILD_KEPT = "child-kept", CONFLICT, "The law wants some of it kept, or the feed still has it";
    OPENING_NEEDED = "opening-needed", CONFLICT, "A protected address is handed out once a reason is recorded";
    NOT_PROTECTED = "not-protected", CONFLICT, "Only a protected address is opened with a reason";
    TOO_MANY_REQUESTS = "too-many-requests", TOO_MANY_REQUESTS, "Too many requests; try again later";
    INTERNAL = "internal", INTERNAL_SERVER_ERROR, "The hub failed; it has been noted";
    UNAVAILABLE = "unavailable", SERVICE_UNAVAILABLE, "The hub cannot do this now; try again later";
    NO_ROOM = "no-room", INSUFFICIENT_STORAGE, "The hub has no room to keep this; try again later";
}
