//! The words of the field: authorities and who adjoins whom, working days, SSDA903 code lists by
//! collection year, age bands, record types, ids, the clock.
//!
//! Nothing here does I/O or is async; every other crate may use this one and it uses none of them.

pub mod adjacency;
pub mod ages;
pub mod authority;
pub mod clock;
pub mod code;
pub mod codes;
pub mod dataset;
pub mod ids;
pub mod population;
pub mod provision;
pub mod record;
mod restriction;
mod table;
pub mod timeliness;
pub mod words;
pub mod working;

pub use adjacency::PlacementClass;
pub use authority::{Authority, SubRegion};
pub use clock::{Clock, ManualClock, NightClock, SystemClock, london_date, london_midnight};
pub use code::AuthorityCode;
pub use dataset::{Dataset, Mode};
pub use ids::{IdSource, RandomIds, SequentialIds};
pub use jiff::{Timestamp, civil::Date};
pub use provision::{Need, Provision};
pub use record::{
    AdmissionRow, FosteringRow, LeaverRow, PlacementRow, QualityRow, RegulatorRow, SearchRow, VacancyRow,
};
pub use working::Calendar;
