//! Why a command stopped short.

use std::io::Write as _;

use hub_pipeline::Fault;
use hub_pipeline::identity::reporting::ReportingRefusal;
use hub_pipeline::identity::{ClientRefusal, IdentityFault};
use hub_store::StoreError;

/// Why a command stopped.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It was told something that it cannot use: exit code 2.
    Usage(String),
    /// It understood, and will not: exit code 1.
    Refused(String),
    /// Something failed: exit code 3.
    Fault(anyhow::Error),
}

impl Stop {
    /// The exit code.
    pub(crate) const fn code(&self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Usage(_) => 2,
            Self::Fault(_) => 3,
        }
    }

    /// Says so on stderr, with what caused it.
    pub(crate) fn explain(&self) {
        let mut err = std::io::stderr().lock();
        // Where stderr is gone there is nobody to tell.
        let _ = match self {
            Self::Usage(words) | Self::Refused(words) => writeln!(err, "hub: {words}"),
            Self::Fault(error) => error.chain().enumerate().try_for_each(|(at, cause)| match at {
                0 => writeln!(err, "hub: {cause}"),
                _ => writeln!(err, "  because: {cause}"),
            }),
        };
    }
}

macro_rules! faults {
    ($($fault:ty),+) => {
        $(impl From<$fault> for Stop {
            fn from(fault: $fault) -> Self {
                Self::Fault(fault.into())
            }
        })+
    };
}

faults!(
    anyhow::Error,
    std::io::Error,
    StoreError,
    Fault,
    IdentityFault,
    crate::wire::StartError,
    crate::wire::StopError
);

impl From<ClientRefusal> for Stop {
    fn from(refusal: ClientRefusal) -> Self {
        match refusal {
            ClientRefusal::Fault(fault) => fault.into(),
            refusal @ (ClientRefusal::Taken | ClientRefusal::Unknown) => Self::Refused(refusal.to_string()),
            refusal @ (ClientRefusal::Id
            | ClientRefusal::NoRole
            | ClientRefusal::NoAuthority
            | ClientRefusal::Keys(_)) => Self::Usage(refusal.to_string()),
        }
    }
}

impl From<ReportingRefusal> for Stop {
    fn from(refusal: ReportingRefusal) -> Self {
        match refusal {
            ReportingRefusal::Fault(fault) => fault.into(),
            refusal @ (ReportingRefusal::Taken | ReportingRefusal::Unknown) => Self::Refused(refusal.to_string()),
            refusal @ (ReportingRefusal::Id | ReportingRefusal::Ends) => Self::Usage(refusal.to_string()),
        }
    }
}
