//! Records parsed on one thread and judged on another, many at a time.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, SyncSender};

use csv::ByteRecord;

use super::Failure;
use super::csv::{Parser, Records};
use super::heading::Headings;
use crate::model::Contract;

/// Records handed over at once: waking the other thread costs as much as judging some dozens.
const PAGE: usize = 2_048;

/// Pages under way at most: neither thread waits for the other over a record, and neither runs far ahead.
pub(crate) const AHEAD: usize = 4;

/// Records, each with the line on which it begins.
pub(crate) type Page = Vec<(ByteRecord, u64)>;

/// What the parsing thread says.
#[derive(Debug)]
pub(crate) enum Message {
    /// First: the heading row.
    Opened(Headings),
    /// Then: the next records.
    Parsed(Page),
    /// In the end: there are no more records, or the rest cannot be read.
    Ended(Result<(), Failure>),
}

/// Parses the whole input. Pages that come back through `spent` are filled again. Nobody listening any more is an end like
/// any other.
pub(crate) fn parse(contract: &Contract, input: impl Read, to: &SyncSender<Message>, spent: &Receiver<Page>) {
    let ended = (|| {
        let (headings, mut parser) = Parser::open(contract, input)?;
        let mut is_heard = to.send(Message::Opened(headings)).is_ok();
        while is_heard {
            let (page, is_last) = fill(&mut parser, spent.try_recv().unwrap_or_default());
            is_heard = to.send(Message::Parsed(page)).is_ok();
            if is_last? {
                break;
            }
        }
        Ok(())
    })();
    let _ = to.send(Message::Ended(ended));
}

/// The next records and whether they are the last. What came before a failure is judged before it is told.
fn fill<R: Read>(parser: &mut Parser<R>, mut page: Page) -> (Page, Result<bool, Failure>) {
    for at in 0..PAGE {
        if page.len() == at {
            page.push((ByteRecord::new(), 0));
        }
        let Some((record, line)) = page.get_mut(at) else { continue };
        match parser.next_into(record) {
            Ok(Some(begins)) => *line = begins,
            Ok(None) => {
                page.truncate(at);
                return (page, Ok(true));
            }
            Err(failure) => {
                page.truncate(at);
                return (page, Err(failure));
            }
        }
    }
    (page, Ok(false))
}

/// The end at which records come out.
#[derive(Debug)]
pub(crate) struct Parsed {
    from: Receiver<Message>,
    spent: Sender<Page>,
    page: Page,
    next: usize,
}

impl Parsed {
    /// Waits for the heading row.
    pub(crate) fn open(from: Receiver<Message>, spent: Sender<Page>) -> Result<(Headings, Self), Failure> {
        match from.recv() {
            Ok(Message::Opened(headings)) => Ok((headings, Self { from, spent, page: Page::new(), next: 0 })),
            Ok(Message::Ended(Err(failure))) => Err(failure),
            Ok(Message::Parsed(_) | Message::Ended(Ok(()))) | Err(_) => Err(cut_off()),
        }
    }

    /// Takes the next page. `false` when there is none.
    fn turn(&mut self) -> Result<bool, Failure> {
        match self.from.recv() {
            Ok(Message::Parsed(page)) => {
                // The parser may have ended: then it needs no page back.
                let _ = self.spent.send(std::mem::replace(&mut self.page, page));
                self.next = 0;
                Ok(true)
            }
            Ok(Message::Ended(ended)) => ended.map(|()| false),
            Ok(Message::Opened(_)) | Err(_) => Err(cut_off()),
        }
    }
}

impl Records for Parsed {
    fn next_into(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, Failure> {
        while self.next == self.page.len() {
            if !self.turn()? {
                return Ok(None);
            }
        }
        let Some((parsed, line)) = self.page.get_mut(self.next) else { return Ok(None) };
        self.next += 1;
        std::mem::swap(record, parsed);
        Ok(Some(*line))
    }
}

/// The parsing thread is gone without having said that it is done: never taken for the end of the file.
fn cut_off() -> Failure {
    Failure::Read(io::Error::other("the parser stopped"))
}
