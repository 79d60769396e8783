use std::sync::Arc;

use hub_notices::{DisputeReason, EventKind};
use hub_pipeline::notices::{self, AnswerRefusal};
use uuid::Uuid;

use crate::form::{Fields, Form};
use crate::layout::{Page, lead_to};
use crate::refused::{Answer, Refused};

/// Longest note, characters: as in the API.
const LONGEST: usize = 500;

/// `POST /desk/notices/{id}/open`: somebody looked, and will answer later.
pub(crate) async fn open(page: Page, Form(fields): Form) -> Answer {
    say(&page, ("open", EventKind::Opened), &fields, None).await
}

/// `POST /desk/notices/{id}/acknowledge`: the host accepts the notice.
pub(crate) async fn acknowledge(page: Page, Form(fields): Form) -> Answer {
    say(&page, ("acknowledge", EventKind::Acknowledged), &fields, None).await
}

/// `POST /desk/notices/{id}/query`: the host asks something.
pub(crate) async fn query(page: Page, Form(fields): Form) -> Answer {
    if fields.get("note").is_none() {
        return Err(Refused::Invalid("Write your question, then send it.".to_owned()));
    }
    say(&page, ("query", EventKind::Queried), &fields, None).await
}

/// `POST /desk/notices/{id}/dispute`: the host says the notice is wrong, and what is.
pub(crate) async fn dispute(page: Page, Form(fields): Form) -> Answer {
    let wanted = "one of the reasons that the page offers";
    let reason: Option<DisputeReason> = fields.parsed("reason", wanted)?;
    let reason = reason.ok_or_else(|| Refused::Invalid("Choose what is wrong with the notice.".to_owned()))?;
    say(&page, ("dispute", EventKind::Disputed), &fields, Some(reason)).await
}

async fn say(page: &Page, (word, kind): (&str, EventKind), fields: &Fields, reason: Option<DisputeReason>) -> Answer {
    let id: Uuid = page.parameter("id")?;
    let note = words(fields, "note", "The note")?;
    for host in page.principal()?.hosts() {
        let (host, client, note) = (host.authority(), host.client().to_owned(), note.clone());
        let said = notices::Answer { host, client, kind, note, reason };
        let hub = Arc::clone(page.hub());
        let work = async move { Ok::<_, Refused>(notices::answer(&hub, id, &said).await) };
        match page.web().write(work).await? {
            Err(AnswerRefusal::NotFound) => {}
            Err(AnswerRefusal::Fault(fault)) => return Err(fault.into()),
            Err(AnswerRefusal::State(_)) => {
                let told = "The notice has moved on since you looked. Open it again to see how it stands.";
                return Err(Refused::Conflict(told.to_owned()));
            }
            Ok(_) => return Ok(lead_to(&format!("/desk/notices/{id}?done={word}"))),
        }
    }
    Err(Refused::NotFound)
}

/// Words that somebody wrote: on one line, without control characters, no longer than the API takes them.
pub(super) fn words(fields: &Fields, name: &str, called: &str) -> Result<Option<String>, Refused> {
    let Some(text) = fields.get(name) else { return Ok(None) };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return Err(Refused::Invalid(format!("{called} may have {LONGEST} characters at most.")));
    }
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_comes_on_one_line_and_no_longer_than_it_may() {
        let note = |text: &str| words(&Fields::read(text.as_bytes()), "note", "The note");
        assert_eq!(note("note=a%0D%0Ab").unwrap().as_deref(), Some("a b"));
        assert_eq!(note("note=+").unwrap(), None);
        let long = "a".repeat(501);
        let Err(Refused::Invalid(told)) = note(&format!("note={long}")) else { panic!("taken") };
        assert!(!told.contains("aaa"), "{told}");
        assert!(matches!(note("note=%07a"), Err(Refused::Invalid(_))));
    }
}
