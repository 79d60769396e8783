//! An address on this machine that nobody may call.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// A listener that takes no part: a connection made to it waits in its queue, and is counted.
#[derive(Debug)]
pub struct Trap {
    listener: TcpListener,
    address: SocketAddr,
}

impl Trap {
    /// A trap on a free port.
    ///
    /// # Panics
    /// When this machine has none.
    pub fn set() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a listener that does not wait");
        let address = listener.local_addr().expect("its address");
        Self { listener, address }
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Connections made since it was last asked.
    pub fn sprung(&self) -> usize {
        std::iter::from_fn(|| self.listener.accept().ok()).count()
    }
}
