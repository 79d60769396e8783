//! Giving notice: from a statement to the notice as it then stands.

use hub_domain::{AuthorityCode, Date};

use crate::settle::{held_because, known};
use crate::{
    Admission, Context, Deadline, Ending, EndingCause, EventKind, Given, Notice, NoticeKind, NoticeState, Refusal,
    Stated, Statement, StatementKind, Terms, WithdrawalReason, apply,
};

/// Why a statement is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GiveRefusal {
    /// It would begin a notice and may not, or there is nothing to begin it from.
    #[error("{0} speaks of a notice that there is not")]
    NothingToSpeakOf(StatementKind),
    /// The notice is in no state that allows it.
    #[error(transparent)]
    State(Refusal),
    /// The notice is of another child, or of another host: take it back and give another.
    #[error("a notice keeps its child and its host: withdraw it and raise another")]
    AnotherStay,
    /// Only what the placing authority stated can be changed or taken back by it; what its feed shows, its feed corrects.
    #[error("nothing has been stated: what the feed shows is corrected in the feed")]
    NothingStated,
    /// A notice that has been given cannot become provisional again.
    #[error("notice has been given already, and cannot be provisional again")]
    Given,
}

/// What a home says of an admission that no placing authority has spoken of.
#[derive(Clone)]
pub struct Admitted {
    /// The authority that placed the child.
    pub placing: AuthorityCode,
    /// The authority in whose area the home is.
    pub host: AuthorityCode,
    /// The pseudonym.
    pub child_ref: String,
    /// Day of admission, when the hub heard of it, and from which home.
    pub admission: Admission,
    /// 903 PLACE, as far as the kind of home tells it.
    pub placement_type: String,
    /// The home, as the feeds name it.
    pub setting_ref: Option<String>,
    /// Postcode sector of the home.
    pub placement_sector: Option<String>,
}

impl Notice {
    /// The notice that only a home's word gives rise to: the host is told, and the placing authority has given none.
    /// The event is [`EventKind::Raised`], or [`EventKind::Held`] where the host cannot be told.
    pub fn from_admission(admitted: &Admitted, context: &Context<'_>) -> Self {
        let said = Statement {
            child_ref: Some(admitted.child_ref.clone()),
            placement_type: Some(admitted.placement_type.clone()),
            setting_ref: admitted.setting_ref.clone(),
            placement_sector: admitted.placement_sector.clone(),
            urn: admitted.admission.urn.clone(),
            ..Statement::default()
        };
        let mut notice = opened(admitted.placing, admitted.host, admitted.admission.on, &said, context);
        notice.version = 1;
        notice.admission = Some(admitted.admission.clone());
        notice.set_deadline(context);
        notice.set_flags();
        notice
    }
}

/// The notice after `stated`, and the event that it is. `prior` is the notice of the same stay, where there is one.
pub fn give(
    prior: Option<&Notice>,
    placing: AuthorityCode,
    stated: Stated,
    context: &Context<'_>,
) -> Result<(EventKind, Notice), GiveRefusal> {
    let kind = stated.kind;
    match kind {
        StatementKind::Consult | StatementKind::Placement => open(prior, placing, stated, context),
        StatementKind::Change => follow(prior, stated, EventKind::Corrected, context),
        StatementKind::IntentionToEnd => follow(prior, stated, EventKind::EndingNotified, context),
        StatementKind::Ended => follow(prior, stated, EventKind::Ended, context),
        StatementKind::Withdraw => withdraw(prior, stated),
    }
}

/// A consultation or a notice of a placement.
fn open(
    prior: Option<&Notice>,
    placing: AuthorityCode,
    stated: Stated,
    context: &Context<'_>,
) -> Result<(EventKind, Notice), GiveRefusal> {
    let nothing = GiveRefusal::NothingToSpeakOf(stated.kind);
    let (host, start) = stated.said.host.zip(stated.said.placement_start).ok_or(nothing)?;
    if stated.provisional && prior.is_some_and(|prior| prior.given.placement.is_some()) {
        return Err(GiveRefusal::Given);
    }
    let mut notice = match prior {
        None => opened(placing, host, start, &stated.said, context),
        Some(prior) if stated.said.child_ref.as_deref() != Some(&prior.child_ref) => {
            return Err(GiveRefusal::AnotherStay);
        }
        Some(prior) => again(prior, start, context),
    };
    let mut event = opening(prior, &stated, &notice);
    if event == EventKind::Corrected && prior.is_some_and(|prior| takes_back_the_end(prior, &stated)) {
        event = notice.reopen(context);
        notice.given.corrections = notice.given.corrections.saturating_add(1);
    }
    if !stated.provisional {
        let given = &mut notice.given;
        let first = if stated.kind == StatementKind::Consult { &mut given.consult } else { &mut given.placement };
        first.get_or_insert(stated.at);
    }
    notice.given.corrections = notice.given.corrections.saturating_add(u32::from(event == EventKind::Corrected));
    if notice.first_seen.is_none() && (stated.kind == StatementKind::Placement || notice.given.placement.is_none()) {
        notice.kind = kind_of(&stated, start, context);
    }
    take(&mut notice, stated, context);
    finish(prior, event, notice)
}

/// A notice that is spoken of again: what was withdrawn begins anew, and a host unknown once may be known now.
fn again(prior: &Notice, start: Date, context: &Context<'_>) -> Notice {
    let mut notice = prior.clone();
    if prior.state == NoticeState::Withdrawn {
        notice.ending = notice.ending.filter(|ending| !ending.stated);
    }
    notice.held_because = held_because(prior.host, start.max(context.as_at), context);
    notice
}

/// The event that an opening statement is.
fn opening(prior: Option<&Notice>, stated: &Stated, notice: &Notice) -> EventKind {
    let consult = stated.kind == StatementKind::Consult;
    let begin = if consult { EventKind::Consulted } else { EventKind::Raised };
    if stated.provisional {
        return EventKind::Drafted;
    }
    let Some(prior) = prior else {
        return if notice.held_because.is_some() { EventKind::Held } else { begin };
    };
    match prior.state {
        NoticeState::Draft | NoticeState::Withdrawn | NoticeState::Held if notice.held_because.is_some() => {
            EventKind::Held
        }
        NoticeState::Draft | NoticeState::Withdrawn | NoticeState::Held => begin,
        NoticeState::Raised
        | NoticeState::Delivered
        | NoticeState::Opened
        | NoticeState::Acknowledged
        | NoticeState::Complete
        | NoticeState::Queried
        | NoticeState::Disputed
        | NoticeState::Ended => {
            if consult {
                EventKind::Consulted
            } else if prior.given.placement.is_some() {
                EventKind::Corrected
            } else {
                EventKind::Stated
            }
        }
    }
}

/// A change, or word that the stay is to end or has ended.
fn follow(
    prior: Option<&Notice>,
    stated: Stated,
    event: EventKind,
    context: &Context<'_>,
) -> Result<(EventKind, Notice), GiveRefusal> {
    let prior = prior.ok_or(GiveRefusal::NothingToSpeakOf(stated.kind))?;
    let spoken = prior.statement.as_deref().filter(|before| !before.provisional);
    if stated.kind == StatementKind::Change && spoken.is_none() {
        return Err(GiveRefusal::NothingStated);
    }
    if prior.kind == NoticeKind::Consultation && stated.kind != StatementKind::Change {
        return Err(GiveRefusal::NothingToSpeakOf(stated.kind));
    }
    let same_child = stated.said.child_ref.as_deref().is_none_or(|child| child == prior.child_ref);
    let same_host = stated.said.host == spoken.and_then(|before| before.said.host);
    if !same_child || (stated.kind == StatementKind::Change && !same_host) {
        return Err(GiveRefusal::AnotherStay);
    }
    let mut notice = prior.clone();
    let mut event = event;
    if stated.kind == StatementKind::IntentionToEnd {
        notice.announce(&stated);
    } else if stated.kind == StatementKind::Ended {
        notice.given.ended.get_or_insert(stated.at);
        notice.end_as(&stated.said, context);
    } else {
        notice.given.corrections = notice.given.corrections.saturating_add(1);
        if spoken.is_some_and(|before| before.said.ending_on != stated.said.ending_on) {
            notice.announce(&stated);
        }
        if takes_back_the_end(prior, &stated) {
            event = notice.reopen(context);
        }
    }
    take(&mut notice, stated, context);
    finish(Some(prior), event, notice)
}

/// The end was stated by mistake, and no feed has shown it.
fn takes_back_the_end(prior: &Notice, stated: &Stated) -> bool {
    let end_stated = prior.ending.as_ref().is_some_and(|ending| ending.stated);
    prior.state == NoticeState::Ended && end_stated && stated.said.ended_on.is_none()
}

fn withdraw(prior: Option<&Notice>, stated: Stated) -> Result<(EventKind, Notice), GiveRefusal> {
    let prior = prior.ok_or(GiveRefusal::NothingToSpeakOf(stated.kind))?;
    if prior.statement.is_none() {
        return Err(GiveRefusal::NothingStated);
    }
    let mut notice = prior.clone();
    let reason = stated.said.withdrawn_because.as_deref().and_then(|reason| reason.parse().ok());
    notice.withdrawn_because = Some(reason.unwrap_or(WithdrawalReason::Other));
    notice.held_because = None;
    notice.intention = None;
    notice.ending = notice.ending.filter(|ending| !ending.stated);
    let Given { consult, withdrawals, .. } = notice.given;
    notice.given = Given { consult, withdrawals: withdrawals.saturating_add(1), ..Given::default() };
    notice.statement = Some(Box::new(stated));
    finish(Some(prior), EventKind::Withdrawn, notice)
}

impl Notice {
    /// It is to end on the day that is said or, where none is said any more, not as far as anybody knows. Notice of another
    /// day is another notice.
    fn announce(&mut self, stated: &Stated) {
        let day = stated.said.ending_on;
        let again = day.is_some() && self.intention == day;
        self.given.intention = if again { self.given.intention.or(Some(stated.at)) } else { day.map(|_| stated.at) };
        self.intention = day;
    }

    /// The child is there after all: the event that tells the host so.
    fn reopen(&mut self, context: &Context<'_>) -> EventKind {
        self.ending = None;
        self.given.ended = None;
        self.held_because = held_because(self.host, self.start.max(context.as_at), context);
        match self.kind {
            _ if self.held_because.is_some() => EventKind::Held,
            NoticeKind::Register => EventKind::Registered,
            NoticeKind::Placement | NoticeKind::Consultation => EventKind::Raised,
        }
    }

    /// The stay ended, as stated. What a feed has shown of the end stays as it shows it.
    fn end_as(&mut self, said: &Statement, context: &Context<'_>) {
        let Some(on) = said.ended_on.filter(|_| self.ending.as_ref().is_none_or(|ending| ending.stated)) else {
            return;
        };
        let runs = self.kind == NoticeKind::Placement;
        let deadline = runs.then(|| known(Deadline::ending(on, context.rules.ending_days, context.calendar))).flatten();
        self.ending = Some(Ending {
            on,
            cause: if said.destination.is_some() { EndingCause::Moved } else { EndingCause::Ceased },
            reason_ceased: said.reason_ceased.clone(),
            reason_place_change: said.reason_place_change.clone(),
            destination: said.destination,
            deadline,
            stated: true,
            contradicted: false,
            unannounced: false,
        });
    }
}

/// Takes the statement in. Where no feed has shown the stay, what is said is all that is known of it.
fn take(notice: &mut Notice, stated: Stated, context: &Context<'_>) {
    let said = &stated.said;
    let counts = !stated.provisional || notice.state == NoticeState::Draft;
    if notice.first_seen.is_none() && counts {
        notice.start = said.placement_start.unwrap_or(notice.start);
        let class = context.rules.class_of(notice.placing, notice.host, notice.start);
        if said.placement_type.is_some() {
            notice.terms = Terms::stated(said, class);
        }
    }
    notice.statement = Some(Box::new(stated));
    notice.set_deadline(context);
    notice.set_announced(context.rules);
    notice.set_flags();
}

/// The notice as the state machine lets it be after `event`.
fn finish(prior: Option<&Notice>, event: EventKind, mut notice: Notice) -> Result<(EventKind, Notice), GiveRefusal> {
    notice.state = apply(prior.map(|prior| prior.state), event.owner(), event).map_err(GiveRefusal::State)?;
    if let Some(prior) = prior {
        notice.keep_met(prior);
    }
    if matches!(notice.state, NoticeState::Held | NoticeState::Draft) {
        notice.issued = false;
    } else if notice.state != NoticeState::Withdrawn && event != EventKind::Drafted {
        notice.issued = true;
    }
    if notice.state != NoticeState::Held {
        notice.held_because = None;
    }
    if notice.issued && prior.is_some_and(|prior| prior.state == NoticeState::Held) {
        notice.given.released = notice.statement.as_deref().map(|stated| stated.at);
    }
    if notice.state != NoticeState::Withdrawn {
        notice.withdrawn_because = None;
    }
    // The host counts versions: what it is not told is none.
    let hidden = event == EventKind::Drafted && notice.issued;
    notice.version = notice.version.saturating_add(u32::from(!hidden));
    Ok((event, notice))
}

fn kind_of(stated: &Stated, start: Date, context: &Context<'_>) -> NoticeKind {
    if stated.kind == StatementKind::Consult {
        NoticeKind::Consultation
    } else if start > context.joined {
        NoticeKind::Placement
    } else {
        NoticeKind::Register
    }
}

/// A notice of a stay that no feed has shown.
fn opened(placing: AuthorityCode, host: AuthorityCode, start: Date, said: &Statement, context: &Context<'_>) -> Notice {
    let child_ref = said.child_ref.clone().unwrap_or_default();
    let held = held_because(host, start.max(context.as_at), context);
    Notice {
        id: Notice::id_of(placing, &child_ref, start, host),
        version: 0,
        kind: if start > context.joined { NoticeKind::Placement } else { NoticeKind::Register },
        state: if held.is_some() { NoticeState::Held } else { NoticeState::Raised },
        issued: held.is_none(),
        placing,
        host,
        child_ref,
        start,
        terms: Terms::stated(said, context.rules.class_of(placing, host, start)),
        deadline: None,
        flags: Vec::new(),
        held_because: held,
        ending: None,
        withdrawn_because: None,
        supersedes: None,
        first_seen: None,
        statement: None,
        given: Given::default(),
        intention: None,
        admission: None,
        sealed: Vec::new(),
        unregistered_from: None,
    }
}

impl std::fmt::Debug for Admitted {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Admitted").field("placing", &self.placing).field("host", &self.host).finish_non_exhaustive()
    }
}
