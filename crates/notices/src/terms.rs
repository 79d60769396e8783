//! What a notice says of the placement: the part that a later feed may correct.

use hub_domain::codes::PlacementGroup;
use hub_domain::{Date, PlacementClass, PlacementRow};
use serde::{Deserialize, Serialize};

use crate::{Statement, Stay};

macro_rules! terms {
    ($( $(#[$meta:meta])* $field:ident : $type:ty ),+ $(,)?) => {
        /// What the placing authority's episodes say of a stay. No name, no case number, no address
        /// nearer than a postcode sector.
        #[derive(Clone, PartialEq, Serialize, Deserialize)]
        pub struct Terms { $( $(#[$meta])* pub $field: $type, )+ }

        impl Terms {
            /// Names of the terms that differ.
            pub fn differences(&self, other: &Self) -> Vec<&'static str> {
                let mut names = Vec::new();
                $( if self.$field != other.$field { names.push(stringify!($field)); } )+
                names
            }
        }
    };
}

terms! {
    /// Adjoining or at a distance, computed on the day of placement (reg 11(5)).
    class: PlacementClass,
    /// Who the placing authority says approved it.
    approver_role: Option<String>,
    /// When.
    approved_on: Option<Date>,
    /// Planned, as asserted.
    planned: Option<bool>,
    /// Made in an emergency, as asserted at the start: later episodes restart no clock.
    emergency: bool,
    /// Why out of area.
    distance_reason: Option<String>,
    /// 903 PLACE, now.
    placement_type: String,
    /// The group it is counted in.
    placement_group: Option<PlacementGroup>,
    /// As in vacancies, where the sender says.
    provision: Option<String>,
    /// 903 PLACE_PROVIDER.
    placement_provider: Option<String>,
    /// Ofsted URN of the provider.
    urn: Option<String>,
    /// The home or household.
    setting_ref: Option<String>,
    /// Postcode sector of the placement.
    placement_sector: Option<String>,
    /// `registered`, `pending`, `unregistered`, `not_required`.
    registration: Option<String>,
    /// 903 LS, now.
    legal_status: String,
    /// Unaccompanied asylum-seeking child.
    uasc: bool,
    /// `M`, `F` or `U`. For the host's register; never in an event.
    sex: String,
    /// `YYYY-MM`. For the host's register; never in an event.
    birth_month: String,
    /// A deprivation of liberty order is in force.
    deprivation_of_liberty: Option<bool>,
    /// The child lives alone with staff.
    solo: Option<bool>,
}

impl Terms {
    /// The terms of a stay. What belongs to the start is read from its first episode that says it,
    /// what describes the present from the latest.
    pub(crate) fn of(stay: &Stay<'_>, class: PlacementClass) -> Self {
        let latest = stay.latest();
        Self {
            class,
            approver_role: stay.earliest(|row| row.approver_role.clone()),
            approved_on: stay.earliest(|row| row.approved_on),
            planned: stay.first().planned,
            emergency: stay.first().emergency == Some(true),
            distance_reason: stay.earliest(|row| row.distance_reason.clone()),
            placement_type: latest.placement_type.clone(),
            placement_group: PlacementGroup::of(&latest.placement_type),
            provision: stay.newest(|row| row.provision.clone()),
            placement_provider: stay.newest(|row| row.placement_provider.clone()),
            urn: stay.newest(|row| row.urn.clone()),
            setting_ref: stay.newest(|row| row.setting_ref.clone()),
            placement_sector: stay.newest(|row| row.placement_sector.clone()),
            registration: stay.newest(|row| row.registration.clone()),
            legal_status: latest.legal_status.clone(),
            uasc: latest.uasc,
            sex: latest.sex.clone(),
            birth_month: latest.birth_month.clone(),
            deprivation_of_liberty: latest.deprivation_of_liberty,
            solo: latest.solo,
        }
    }

    /// The terms that a statement gives where no feed has shown the stay: sex and month of birth it does not say.
    pub(crate) fn stated(said: &Statement, class: PlacementClass) -> Self {
        let placement_type = said.placement_type.clone().unwrap_or_default();
        Self {
            class,
            approver_role: said.approver_role.clone(),
            approved_on: said.approved_on,
            planned: said.emergency.map(|emergency| !emergency),
            emergency: said.emergency == Some(true),
            distance_reason: said.distance_reason.clone(),
            placement_group: PlacementGroup::of(&placement_type),
            placement_type,
            provision: None,
            placement_provider: said.placement_provider.clone(),
            urn: said.urn.clone(),
            setting_ref: said.setting_ref.clone(),
            placement_sector: said.placement_sector.clone(),
            registration: said.registration.clone(),
            legal_status: said.legal_status.clone().unwrap_or_default(),
            uasc: said.uasc == Some(true),
            sex: String::new(),
            birth_month: String::new(),
            deprivation_of_liberty: said.deprivation_of_liberty,
            solo: said.solo,
        }
    }

    /// Whether the terms assert an emergency, a planned placement, or neither.
    pub(crate) fn asserted_emergency(&self) -> Option<bool> {
        if self.emergency { Some(true) } else { self.planned.filter(|planned| *planned).map(|_| false) }
    }

    /// Takes over what belongs to the start from a notice made when the start was still in the feed.
    pub(crate) fn begin_as(&mut self, earlier: &Self) {
        self.class = earlier.class;
        self.approver_role.clone_from(&earlier.approver_role);
        self.approved_on = earlier.approved_on;
        self.planned = earlier.planned;
        self.emergency = earlier.emergency;
        self.distance_reason.clone_from(&earlier.distance_reason);
    }

    /// Reg 11(4): no approval is needed for a connected person, or for the authority's own foster carer.
    pub(crate) fn needs_no_approval(&self) -> bool {
        let own = self.placement_provider.as_deref() == Some("PR1");
        match self.placement_group {
            Some(PlacementGroup::Kinship) => true,
            Some(PlacementGroup::Fostering) => own,
            _ => false,
        }
    }

    /// `Z1`, `Z11`–`Z14`: "other", where unregistered placements are recorded.
    pub(crate) fn is_other(&self) -> bool {
        self.placement_type.starts_with('Z')
    }
}

/// The first blank-tolerant reading of `read` over `rows`.
pub(crate) fn first_said<'a, T>(
    rows: impl IntoIterator<Item = &'a PlacementRow>,
    read: impl Fn(&PlacementRow) -> Option<T>,
) -> Option<T> {
    rows.into_iter().find_map(read)
}

impl std::fmt::Debug for Terms {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Terms").finish_non_exhaustive()
    }
}
