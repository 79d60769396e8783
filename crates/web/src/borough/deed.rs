use std::sync::Arc;

use hub_pipeline::submissions;

use super::submission::own;
use crate::form::Form;
use crate::layout::{Page, lead_to};
use crate::refused::{Answer, Refused};

/// `POST /borough/submissions/{id}/confirm`: a held submission is right as it is.
pub(crate) async fn confirm(page: Page, Form(fields): Form) -> Answer {
    if fields.get("sure").is_none() {
        return Err(Refused::Invalid("Tick the box that you have looked at what would go, then confirm.".to_owned()));
    }
    let found = own(&page).await?;
    let hub = Arc::clone(page.hub());
    page.web().write(async move { submissions::confirm(&hub, found.authority, found.id).await }).await?;
    Ok(lead_to(&format!("/borough/submissions/{}?done=confirm", found.id)))
}

/// `POST /borough/submissions/{id}/withdraw`: an applied submission was wrong, and goes.
pub(crate) async fn withdraw(page: Page, Form(fields): Form) -> Answer {
    if fields.get("sure").is_none() {
        return Err(Refused::Invalid("Tick the box that you mean it, then withdraw.".to_owned()));
    }
    let found = own(&page).await?;
    let hub = Arc::clone(page.hub());
    page.web().write(async move { submissions::withdraw(&hub, found.authority, found.id).await }).await?;
    Ok(lead_to(&format!("/borough/submissions/{}?done=withdraw", found.id)))
}

impl From<submissions::Refused> for Refused {
    fn from(refused: submissions::Refused) -> Self {
        match refused {
            submissions::Refused::NotFound => Self::NotFound,
            submissions::Refused::NotHeld => Self::Conflict("It is not held: there is nothing to confirm.".to_owned()),
            submissions::Refused::NotApplied => {
                Self::Conflict("It is not applied, or was withdrawn already: there is nothing to withdraw.".to_owned())
            }
            submissions::Refused::Fault(fault) => fault.into(),
        }
    }
}
