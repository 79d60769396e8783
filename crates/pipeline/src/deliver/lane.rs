//! One lane per endpoint: what was claimed for it, what is in flight to it, how it has been doing.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use hub_store::delivery::Delivery;
use hub_store::endpoint::{BREAK, Endpoint};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::ROUNDS;

/// What is left of a lease must be longer than an attempt may take; else the delivery is somebody else's to send.
const MARGIN: SignedDuration = SignedDuration::from_secs(20);

/// All lanes of a process.
#[derive(Debug)]
pub(super) struct Lanes {
    all: BTreeMap<Uuid, Lane>,
    /// In flight at once, in all.
    most: usize,
    /// In flight at once to one endpoint.
    each: usize,
}

#[derive(Debug, Default)]
struct Lane {
    waiting: VecDeque<Delivery>,
    endpoint: Option<Arc<Endpoint>>,
    flying: usize,
    /// Failures in a row.
    streak: i64,
    /// Whether its last attempt went well.
    proven: bool,
    /// Whether more may be due for it than was claimed.
    has_more: bool,
}

/// A delivery whose turn it is.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) delivery: Delivery,
    pub(super) endpoint: Option<Arc<Endpoint>>,
}

impl Lanes {
    pub(super) fn new(most: usize, each: usize) -> Self {
        Self { all: BTreeMap::new(), most: most.max(1), each: each.max(1) }
    }

    /// Takes in a claimed delivery, and its endpoint as it was when claimed, which is told with the first of several.
    pub(super) fn push(&mut self, delivery: Delivery, endpoint: Option<Arc<Endpoint>>) {
        let lane = self.all.entry(delivery.endpoint).or_default();
        if let Some(endpoint) = endpoint {
            if lane.endpoint.is_none() {
                lane.streak = endpoint.health.failures;
                lane.proven = endpoint.health.failures == 0 && endpoint.health.succeeded_at.is_some();
            }
            lane.endpoint = Some(endpoint);
        }
        lane.waiting.push_back(delivery);
        lane.has_more = lane.streak >= BREAK || lane.waiting.len() + lane.flying >= self.each * ROUNDS;
    }

    /// Whether a lane runs dry for which more may be due.
    pub(super) fn is_hungry(&self) -> bool {
        self.all.values().any(|lane| lane.has_more && lane.waiting.len() < self.each && lane.room(self.each) > 0)
    }

    /// Forgets which lanes may have more: it is about to be looked.
    pub(super) fn forget_more(&mut self) {
        for lane in self.all.values_mut() {
            lane.has_more = false;
        }
    }

    /// Whether more could be sent than has been claimed for lanes that can take it. What is claimed for a lane that is
    /// full counts for nothing: it may stand still.
    pub(super) fn has_room_for_more(&self, flying: usize) -> bool {
        let room = self.most.saturating_sub(flying);
        let ready = |proven: bool| -> usize {
            let lanes = self.all.values().filter(|lane| lane.proven == proven);
            lanes.map(|lane| lane.waiting.len().min(lane.room(self.each))).sum()
        };
        ready(true) + ready(false).min(self.room_for_doubtful()) < room
    }

    /// The next of each lane that has room, as far as there is room in all; `None` when there is none to send.
    pub(super) fn turn(&mut self, flying: usize, now: Timestamp) -> Option<Vec<Taken>> {
        let (each, mut room) = (self.each, self.most.saturating_sub(flying));
        let mut doubtful = self.room_for_doubtful();
        let mut turn = Vec::new();
        for lane in self.all.values_mut() {
            lane.waiting.retain(|delivery| delivery.next_at.duration_since(now) > MARGIN);
            if room == 0 || lane.room(each) == 0 || (!lane.proven && doubtful == 0) {
                continue;
            }
            let Some(delivery) = lane.waiting.pop_front() else { continue };
            lane.flying += 1;
            room -= 1;
            doubtful = doubtful.saturating_sub(usize::from(!lane.proven));
            turn.push(Taken { delivery, endpoint: lane.endpoint.clone() });
        }
        self.all.retain(|_, lane| lane.flying > 0 || !lane.waiting.is_empty() || lane.has_more);
        (!turn.is_empty()).then_some(turn)
    }

    /// How many more may be in flight to endpoints that have not shown that they answer: half of all, together.
    fn room_for_doubtful(&self) -> usize {
        let flying: usize = self.all.values().filter(|lane| !lane.proven).map(|lane| lane.flying).sum();
        (self.most / 2).max(1).saturating_sub(flying)
    }

    /// Takes note that an attempt has ended.
    pub(super) fn land(&mut self, endpoint: Uuid, is_delivered: bool) {
        let Some(lane) = self.all.get_mut(&endpoint) else { return };
        lane.flying = lane.flying.saturating_sub(1);
        lane.streak = if is_delivered { 0 } else { lane.streak.saturating_add(1) };
        lane.proven = is_delivered;
    }

    /// Whether the endpoint keeps failing.
    pub(super) fn is_failing(&self, endpoint: Uuid) -> bool {
        self.all.get(&endpoint).is_some_and(|lane| lane.streak >= BREAK)
    }

    /// Takes back what waits in the lanes that keep failing.
    pub(super) fn empty_failing(&mut self) -> Vec<Delivery> {
        let failing = self.all.values_mut().filter(|lane| lane.streak >= BREAK);
        failing.flat_map(|lane| std::mem::take(&mut lane.waiting)).collect()
    }

    /// Takes back everything that waits.
    pub(super) fn empty(&mut self) -> Vec<Delivery> {
        self.all.values_mut().flat_map(|lane| std::mem::take(&mut lane.waiting)).collect()
    }
}

impl Lane {
    /// How many more may be in flight: one at a time to an endpoint that keeps failing, two while it has yet to show that
    /// it answers.
    fn room(&self, each: usize) -> usize {
        let most = match self.streak {
            BREAK.. => 1,
            _ if self.proven => each,
            _ => each.min(2),
        };
        most.saturating_sub(self.flying)
    }
}
