//! A host's webhook receiver on loopback, which answers as it is told.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use hub_domain::Timestamp;
use hub_webhook::{Received, Unverified, Verifier, verify};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What a receiver answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// This status.
    Status(u16),
    /// This status, with `Retry-After` in seconds.
    Later(u16, u32),
    /// Nothing, until the receiver is told to let go.
    Silence,
}

/// One request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub(crate) id: String,
    pub(crate) timestamp: String,
    pub(crate) signature: String,
    pub(crate) body: String,
}

impl Post {
    /// The event's document.
    pub(crate) fn event(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn verify(&self, by: &Verifier, now: Timestamp) -> Result<(), Unverified> {
        let headers = Received { id: &self.id, timestamp: &self.timestamp, signature: &self.signature };
        verify(&headers, self.body.as_bytes(), std::slice::from_ref(by), now)
    }
}

/// A running receiver; gone when dropped.
pub(crate) struct Receiver {
    pub(crate) url: String,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

struct Shared {
    next: Mutex<VecDeque<Answer>>,
    usual: Mutex<Answer>,
    posts: Mutex<Vec<Post>>,
    count: watch::Sender<usize>,
    let_go: watch::Sender<bool>,
    proves: AtomicBool,
}

impl Receiver {
    /// A receiver that answers 204.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/notices", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            next: Mutex::default(),
            usual: Mutex::new(Answer::Status(204)),
            posts: Mutex::default(),
            count: watch::Sender::new(0),
            let_go: watch::Sender::new(false),
            proves: AtomicBool::new(true),
        });
        let serving = Arc::clone(&shared);
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&serving)));
            }
        });
        Self { url, shared, listening }
    }

    /// What it answers from now on.
    pub(crate) fn answer(&self, usual: Answer) {
        *lock(&self.shared.usual) = usual;
    }

    /// What it answers next, before it goes back to the usual.
    pub(crate) fn answer_next(&self, answers: impl IntoIterator<Item = Answer>) {
        lock(&self.shared.next).extend(answers);
    }

    /// Answers challenges with nothing from now on.
    pub(crate) fn deny(&self) {
        self.shared.proves.store(false, Ordering::SeqCst);
    }

    /// Gives their tokens back again.
    pub(crate) fn prove(&self) {
        self.shared.proves.store(true, Ordering::SeqCst);
    }

    /// Everything received since the last call, in order.
    pub(crate) fn take(&self) -> Vec<Post> {
        std::mem::take(&mut lock(&self.shared.posts))
    }

    /// How many requests came in all.
    pub(crate) fn count(&self) -> usize {
        *self.shared.count.borrow()
    }

    /// Waits until `count` requests have come in all.
    pub(crate) async fn reached(&self, count: usize) {
        self.shared.count.subscribe().wait_for(|now| *now >= count).await.unwrap();
    }

    /// Answers what was kept waiting.
    pub(crate) fn let_go(&self) {
        self.shared.let_go.send_replace(true);
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let mut stream = BufReader::new(stream);
    while let Some(post) = read(&mut stream).await {
        if let Some(token) = challenge(&post) {
            let token = if shared.proves.load(Ordering::SeqCst) { token } else { String::new() };
            let answer = format!("HTTP/1.1 200 Told\r\ncontent-length: {}\r\n\r\n{token}", token.len());
            if stream.get_mut().write_all(answer.as_bytes()).await.is_err() {
                return;
            }
            continue;
        }
        lock(&shared.posts).push(post);
        shared.count.send_modify(|count| *count += 1);
        let answer = lock(&shared.next).pop_front();
        let answer = answer.unwrap_or_else(|| *lock(&shared.usual));
        let head = match answer {
            Answer::Status(status) => format!("HTTP/1.1 {status} Told\r\n"),
            Answer::Later(status, seconds) => format!("HTTP/1.1 {status} Told\r\nretry-after: {seconds}\r\n"),
            Answer::Silence => {
                let _ = shared.let_go.subscribe().wait_for(|told| *told).await;
                "HTTP/1.1 503 Told\r\n".to_owned()
            }
        };
        if stream.get_mut().write_all(format!("{head}content-length: 0\r\n\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The token of a challenge, which every receiver of these tests gives back and keeps no count of.
fn challenge(post: &Post) -> Option<String> {
    let event = post.event();
    (event["type"] == hub_store::delivery::CHALLENGE).then(|| event["data"]["challenge"].as_str().unwrap().to_owned())
}

/// The next request; `None` when the sender has hung up.
async fn read(stream: &mut BufReader<TcpStream>) -> Option<Post> {
    let mut post = Post { id: String::new(), timestamp: String::new(), signature: String::new(), body: String::new() };
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            if line == "\r\n" {
                break;
            }
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "webhook-id" => value.clone_into(&mut post.id),
            "webhook-timestamp" => value.clone_into(&mut post.timestamp),
            "webhook-signature" => value.clone_into(&mut post.signature),
            "content-length" => length = value.parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    post.body = String::from_utf8(body).ok()?;
    Some(post)
}
