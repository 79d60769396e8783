//! Refusals and faults to problems: every case of every use case, exhaustively.

use std::convert::Infallible;

use hub_domain::{AuthorityCode, london_date};
use hub_notices::statement::Wrong;
use hub_pipeline::Fault;
use hub_pipeline::child::ChildRefusal;
use hub_pipeline::deliveries::ResendRefusal;
use hub_pipeline::endpoints::EndpointRefusal;
use hub_pipeline::envelopes::EnvelopeRefusal;
use hub_pipeline::identity::reporting::KeyDenied;
use hub_pipeline::identity::{Denied, IdentityFault, NotYours, TokenRefusal};
use hub_pipeline::notices::AnswerRefusal;
use hub_pipeline::publish::PublishRefusal;
use hub_pipeline::receive::ReceiveRefusal;
use hub_pipeline::replay::ReplayRefusal;
use hub_pipeline::sealing::KeyRefusal;
use hub_pipeline::sources::SourceRefusal;
use hub_pipeline::statements::StateRefusal;
use hub_pipeline::submissions::Refused;
use hub_store::StoreError;

use super::{FieldError, Problem, RETRY_AFTER, kind};

impl From<NotYours> for Problem {
    fn from(NotYours: NotYours) -> Self {
        Self::new(kind::NOT_FOUND)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        Self::new(kind::UNAUTHENTICATED).detail("Get a new token from /oauth/token.").cause(denied)
    }
}

impl From<KeyDenied> for Problem {
    fn from(denied: KeyDenied) -> Self {
        let over = |how: &str, at| {
            format!("The reporting key {how} on {}. Ask whoever runs the hub for another.", london_date(at))
        };
        let told = match denied {
            KeyDenied::Fault(error) => return error.into(),
            KeyDenied::Unknown => "This is no reporting key: user name is its id, password its secret.".to_owned(),
            KeyDenied::Expired(at) => over("ended", at),
            KeyDenied::Revoked(at) => over("was revoked", at),
        };
        Self::new(kind::UNAUTHENTICATED).detail(told).cause(Denied("reporting key"))
    }
}

impl From<Infallible> for Problem {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let found = match &error {
            StoreError::Retry(_) => kind::UNAVAILABLE,
            StoreError::Full(_) => kind::NO_ROOM,
            StoreError::Unique(_)
            | StoreError::Unsafe(_)
            | StoreError::Decode(_)
            | StoreError::Statement(..)
            | StoreError::Migrate(_)
            | StoreError::Database(_) => kind::INTERNAL,
        };
        let problem = Self::new(found).cause(error);
        if found == kind::INTERNAL { problem } else { problem.retry_after(RETRY_AFTER) }
    }
}

impl From<ChildRefusal> for Problem {
    fn from(refusal: ChildRefusal) -> Self {
        match refusal {
            ChildRefusal::Unknown => Self::new(kind::NOT_FOUND),
            ChildRefusal::Stays(stays) => {
                let why: Vec<String> = stays.iter().map(|one| format!("{}: {}", one.what, one.why)).collect();
                let stays = serde_json::to_value(&stays).unwrap_or_default();
                Self::new(kind::CHILD_KEPT).detail(why.join("; ")).member("stays", stays)
            }
            ChildRefusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<ReplayRefusal> for Problem {
    fn from(refusal: ReplayRefusal) -> Self {
        match refusal {
            ReplayRefusal::Proposal(wrong) => Self::new(kind::INVALID_REQUEST).detail(wrong.to_string()),
            ReplayRefusal::Gate(refused) => PublishRefusal::Gate(refused).into(),
            ReplayRefusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<IdentityFault> for Problem {
    fn from(fault: IdentityFault) -> Self {
        match fault {
            IdentityFault::Store(error) => error.into(),
            IdentityFault::Material(_) => Self::new(kind::INTERNAL).cause(fault),
        }
    }
}

impl From<TokenRefusal> for Problem {
    fn from(refusal: TokenRefusal) -> Self {
        let oauth = refusal.oauth();
        let detail = refusal.to_string();
        let problem = match refusal {
            TokenRefusal::Grant => Self::new(kind::UNSUPPORTED_GRANT).detail(detail.clone()),
            TokenRefusal::Request(_) => Self::new(kind::INVALID_REQUEST).detail(detail.clone()),
            TokenRefusal::Client(why) => Self::new(kind::INVALID_CLIENT).detail(detail.clone()).cause(Denied(why)),
            TokenRefusal::Assertion(_) => Self::new(kind::INVALID_CLIENT).detail(detail.clone()),
            TokenRefusal::Target => Self::new(kind::INVALID_TARGET).detail(detail.clone()),
            TokenRefusal::Fault(fault) => return fault.into(),
        };
        match oauth {
            // RFC 6749 section 5.2, for clients that read these and not the problem.
            Some(error) => problem.member("error", error).member("error_description", detail),
            None => problem,
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(error) => error.into(),
            Fault::Io(error) => error.into(),
            Fault::Stopped | Fault::Overtaken => Self::new(kind::UNAVAILABLE).retry_after(RETRY_AFTER).cause(fault),
            Fault::Forgotten => Self::new(kind::FORGOTTEN).cause(fault),
            Fault::Inconsistent(_) => Self::new(kind::INTERNAL).cause(fault),
        }
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        let full = matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded);
        Self::new(if full { kind::NO_ROOM } else { kind::UNAVAILABLE }).retry_after(RETRY_AFTER).cause(error)
    }
}

impl From<ReceiveRefusal> for Problem {
    fn from(refusal: ReceiveRefusal) -> Self {
        match refusal {
            ReceiveRefusal::KeyReused => Self::new(kind::KEY_REUSED).detail("Send another key with another request."),
            ReceiveRefusal::InProgress => Self::new(kind::IN_PROGRESS)
                .detail("Send the same request with the same key again in a moment.")
                .retry_after(1),
            ReceiveRefusal::Digest => {
                Self::new(kind::DIGEST_MISMATCH).detail("It was changed on its way, or cut short. Send it again.")
            }
            ReceiveRefusal::CoversFrom { needed: true } => {
                Self::new(kind::COVERS_FROM).detail("With mode=window say covers_from, a date that is not after as_at.")
            }
            ReceiveRefusal::CoversFrom { needed: false } => {
                Self::new(kind::COVERS_FROM).detail("Only mode=window takes covers_from.")
            }
            ReceiveRefusal::Stale { last } => Self::new(kind::STALE_SUBMISSION)
                .detail(format!(
                    "A submission as at {last} has been taken. If this corrects an older date, say correction=true."
                ))
                .member("last_as_at", last.to_string()),
            ReceiveRefusal::Future { today } => {
                Self::new(kind::FUTURE_DATE).detail(format!("Today in London is {today}; as_at cannot be later."))
            }
            ReceiveRefusal::Sender { dataset } => Self::new(kind::WRONG_SENDER).detail(if dataset.is_regional() {
                format!("{dataset} is sent once for everybody, under {} by its named sender.", AuthorityCode::REGION)
            } else {
                format!("{dataset} is an authority's own: send it under the authority's code.")
            }),
            ReceiveRefusal::Door(refusal) => Self::new(kind::FILE_REFUSED)
                .detail(format!("{} {}", refusal.detail, refusal.fix))
                .member("refusal", serde_json::to_value(&*refusal).unwrap_or_default()),
            ReceiveRefusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotFound => Self::new(kind::NOT_FOUND),
            Refused::NotHeld => Self::new(kind::NOT_HELD),
            Refused::NotApplied => Self::new(kind::NOT_APPLIED),
            Refused::Fault(fault) => fault.into(),
        }
    }
}

impl From<AnswerRefusal> for Problem {
    fn from(refusal: AnswerRefusal) -> Self {
        match refusal {
            AnswerRefusal::NotFound => Self::new(kind::NOT_FOUND),
            AnswerRefusal::State(refusal) => Self::new(kind::NOTICE_STATE).detail(format!("{refusal}.")),
            AnswerRefusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<StateRefusal> for Problem {
    fn from(refusal: StateRefusal) -> Self {
        let errors = |wrong: &[Wrong]| wrong.iter().map(FieldError::from).collect();
        match refusal {
            StateRefusal::NotFound => Self::new(kind::NOT_FOUND),
            StateRefusal::Incomplete(wrong) => Self::new(kind::NOTICE_INCOMPLETE)
                .detail(
                    "See errors: each names a field, what is wanted there and the rule that wants it. Say \
                     \"provisional\": true to keep what there is and complete it later.",
                )
                .errors(errors(&wrong)),
            StateRefusal::OverCollected(wrong) => Self::new(kind::OVER_COLLECTED)
                .detail("What names or finds a child travels sealed to the host; the hub keeps none of it in clear.")
                .errors(errors(&wrong)),
            StateRefusal::Refused(refusal) => Self::new(kind::NOTICE_STATE).detail(format!("{refusal}.")),
            StateRefusal::KeyReused => Self::new(kind::KEY_REUSED).detail("Send another key with another request."),
            StateRefusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<&Wrong> for FieldError {
    fn from(wrong: &Wrong) -> Self {
        let pointer = if wrong.field.is_empty() { "/body".to_owned() } else { format!("/body/{}", wrong.field) };
        Self { pointer, detail: wrong.wanted.clone().into(), rule: Some(wrong.rule) }
    }
}

impl From<EndpointRefusal> for Problem {
    fn from(refusal: EndpointRefusal) -> Self {
        match refusal {
            EndpointRefusal::Address(refusal) => Self::new(kind::ADDRESS_REFUSED)
                .detail(format!("{refusal}."))
                .member("reason", refusal.code())
                .errors(vec![FieldError::at("/body/url", refusal.to_string())]),
            EndpointRefusal::NotFound => Self::new(kind::NOT_FOUND),
            EndpointRefusal::Description => field("description", &refusal),
            EndpointRefusal::Events => field("events", &refusal),
            EndpointRefusal::Overlap => field("overlap_hours", &refusal),
            EndpointRefusal::TooMany => {
                Self::new(kind::TOO_MANY_ENDPOINTS).detail("Remove one that is not needed any more.")
            }
            EndpointRefusal::State(state) => {
                Self::new(kind::ENDPOINT_STATE).detail(format!("It is {state}.")).member("state", state.as_str())
            }
            EndpointRefusal::NoSecret => {
                Self::new(kind::ENDPOINT_STATE).detail("Its letters are signed by the hub's own keys.")
            }
            EndpointRefusal::Token => Self::new(kind::CHALLENGE_REFUSED)
                .detail("Give data.challenge of the last endpoint.challenge, or ask for another challenge."),
            EndpointRefusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<KeyRefusal> for Problem {
    fn from(refusal: KeyRefusal) -> Self {
        match refusal {
            KeyRefusal::Retired => Self::new(kind::KEY_RETIRED).detail("Make a new key: hub-agent sealing-key init."),
            KeyRefusal::TooMany => Self::new(kind::TOO_MANY_KEYS).detail("Retire those that are no longer used."),
            KeyRefusal::NotFound => Self::new(kind::NOT_FOUND),
            KeyRefusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<EnvelopeRefusal> for Problem {
    fn from(refusal: EnvelopeRefusal) -> Self {
        let told = format!("{refusal}.");
        match refusal {
            EnvelopeRefusal::NotFound => Self::new(kind::NOT_FOUND),
            EnvelopeRefusal::State(_) => Self::new(kind::NOTICE_STATE).detail(told),
            EnvelopeRefusal::Digest => {
                Self::new(kind::DIGEST_MISMATCH).detail("It was changed on its way, or cut short. Send it again.")
            }
            EnvelopeRefusal::Form(_) | EnvelopeRefusal::Count { .. } | EnvelopeRefusal::Parts(_) => {
                Self::new(kind::ENVELOPE_REFUSED).detail(told)
            }
            EnvelopeRefusal::NoKey => Self::new(kind::NO_KEY)
                .detail("The notice stands. Ask the host to register a key, and leave the envelope then."),
            EnvelopeRefusal::Key(_) => Self::new(kind::KEY_UNKNOWN).detail(told),
            EnvelopeRefusal::Superseded { by } => Self::new(kind::ENVELOPE_SUPERSEDED).detail(told).member("by", by),
            EnvelopeRefusal::OpeningNeeded => Self::new(kind::OPENING_NEEDED)
                .detail("Send officer and reason to …/open, then fetch it within a quarter of an hour."),
            EnvelopeRefusal::NotProtected => Self::new(kind::NOT_PROTECTED),
            EnvelopeRefusal::Fault(fault) => fault.into(),
        }
    }
}

/// A body whose member `name` is not what is wanted.
impl From<SourceRefusal> for Problem {
    fn from(refusal: SourceRefusal) -> Self {
        match refusal {
            SourceRefusal::Address(refusal) => Self::new(kind::ADDRESS_REFUSED)
                .detail(format!("{refusal}."))
                .member("reason", refusal.code())
                .errors(vec![FieldError::at("/body/url", refusal.to_string())]),
            SourceRefusal::NotFound => Self::new(kind::NOT_FOUND),
            SourceRefusal::Pattern(_) => field("pattern", &refusal),
            SourceRefusal::Dataset => Self::new(kind::WRONG_SENDER).detail("See the contract: who sends it."),
            SourceRefusal::Credential => field("token", &refusal),
            SourceRefusal::Window => field("window_days", &refusal),
            SourceRefusal::Unreadable(word) => Self::new(kind::SOURCE_UNREADABLE).member("reason", word),
            SourceRefusal::TooMany => {
                Self::new(kind::TOO_MANY_SOURCES).detail("Remove one that is not needed any more.")
            }
            SourceRefusal::Fault(fault) => fault.into(),
        }
    }
}

fn field(name: &str, wanted: &impl std::fmt::Display) -> Problem {
    let place = format!("/body/{name}");
    Problem::new(kind::INVALID_REQUEST).errors(vec![FieldError::at(place, wanted.to_string())])
}

impl From<ResendRefusal> for Problem {
    fn from(refusal: ResendRefusal) -> Self {
        match refusal {
            ResendRefusal::NotFound => Self::new(kind::NOT_FOUND),
            ResendRefusal::NotOver(state) => {
                Self::new(kind::DELIVERY_STATE).detail(format!("It is {state}.")).member("state", state.as_str())
            }
            ResendRefusal::Endpoint(state) => Self::new(kind::ENDPOINT_STATE)
                .detail(format!("It is {state}; nothing is sent there."))
                .member("state", state.as_str()),
            ResendRefusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<PublishRefusal> for Problem {
    fn from(refusal: PublishRefusal) -> Self {
        match refusal {
            PublishRefusal::Gate(_) => Self::new(kind::DISCLOSURE).detail("Nothing was published.").cause(refusal),
            PublishRefusal::Fault(fault) => fault.into(),
        }
    }
}
