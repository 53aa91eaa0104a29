//! Parts of a stream worked on by several threads, results in input order, memory bounded.
//!
//! One thread hands out jobs (chunks of whole lines, or what a reader makes of its text), others work on them, the caller's
//! thread takes the results in order. At most [`WINDOW`] jobs per thread are under way, whatever the length of the input.
//! Knows nothing of what stands in them.

use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::ops::ControlFlow;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex};
use std::thread::{Scope, ScopedJoinHandle};

/// How many bytes a chunk aims at.
const CHUNK: usize = 1 << 19;
/// How many jobs may be under way for each thread.
const WINDOW: usize = 2;
/// Bytes of stack for each thread.
const STACK: usize = 16 << 20;
/// Texts shorter than this are read on one thread.
const WORTH_THREADS: usize = 1 << 18;
/// The longest line that is read; a longer one ends the run with an error.
pub(crate) const MAX_LINE: usize = 16 << 20;

/// Whole lines of the input.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    /// The lines, each with its line end.
    pub(crate) bytes: Vec<u8>,
    /// The number of the first line, from 1.
    pub(crate) first_line: u64,
    /// The byte offset of the first line.
    pub(crate) offset: u64,
}

impl Chunk {
    /// The lines without their ends, each with its number and its byte offset; blank lines are left out.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (u64, u64, &[u8])> {
        let mut offset = self.offset;
        let lines = self.bytes.split_inclusive(|byte| *byte == b'\n').zip(self.first_line..);
        lines
            .map(move |(line, number)| {
                let at = offset;
                offset += line.len() as u64;
                (number, at, line.trim_ascii_end())
            })
            .filter(|(_, _, line)| !line.is_empty())
    }
}

/// The number of threads to use: `wanted`, or as many as there are cores.
pub(crate) fn threads(wanted: usize) -> usize {
    if wanted > 0 { wanted } else { std::thread::available_parallelism().map_or(1, usize::from) }
}

/// The same for a text at hand: a short one is read before a thread has started.
pub(crate) fn threads_for(text: &str, wanted: usize) -> usize {
    if text.len() < WORTH_THREADS { 1 } else { threads(wanted) }
}

/// Runs `work` over the lines of `reader` on `threads` threads and hands the results to `take` in input order, until the
/// input ends or `take` breaks off.
///
/// # Errors
/// When reading fails or a line is longer than [`MAX_LINE`]; what was read before has been taken.
pub(crate) fn map_lines<T: Send>(
    mut reader: impl BufRead + Send,
    threads: usize,
    work: impl Fn(Chunk) -> T + Sync,
    take: impl FnMut(T) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut rest = Vec::new();
    let (mut line, mut offset) = (1, 0);
    let next = move || {
        let mut bytes = std::mem::take(&mut rest);
        fill(&mut reader, &mut bytes, &mut rest)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let chunk = Chunk { first_line: line, offset, bytes };
        offset += chunk.bytes.len() as u64;
        line += memchr::memchr_iter(b'\n', &chunk.bytes).count() as u64;
        Ok(Some(chunk))
    };
    map_jobs(next, threads, work, take)
}

/// Runs `work` over the jobs that `next` gives, on `threads` threads beside the one that asks for them, and hands the
/// results to `take` in the order of the jobs, until there are no more or `take` breaks off. One thread does everything
/// on the caller's.
///
/// # Errors
/// When `next` fails; what it gave before has been taken.
pub(crate) fn map_jobs<J: Send, T: Send>(
    mut next: impl FnMut() -> io::Result<Option<J>> + Send,
    threads: usize,
    work: impl Fn(J) -> T + Sync,
    mut take: impl FnMut(T) -> ControlFlow<()>,
) -> io::Result<()> {
    if threads == 1 {
        while let Some(job) = next()? {
            if take(work(job)).is_break() {
                break;
            }
        }
        return Ok(());
    }
    let window = threads * WINDOW;
    let work = &work;
    std::thread::scope(|scope| {
        // Dropping these on return ends the asking thread and the workers.
        let (permit, permits) = mpsc::sync_channel::<()>(window);
        let (job, jobs) = mpsc::sync_channel::<(usize, J)>(window);
        let (done, results) = mpsc::sync_channel::<(usize, T)>(window);
        for _ in 0..window {
            let _ = permit.send(());
        }
        let asking = spawn(scope, move || hand_out(next, &permits, &job))?;
        let jobs = Arc::new(Mutex::new(jobs));
        let mut workers = Vec::with_capacity(threads);
        for _ in 0..threads {
            let (jobs, done) = (Arc::clone(&jobs), done.clone());
            workers.push(spawn(scope, move || work_on(&jobs, work, &done))?);
        }
        drop(done);
        let stopped = take_in_order(&results, &permit, &mut take);
        drop((results, permit));
        for worker in workers {
            if let Err(panic) = worker.join() {
                std::panic::resume_unwind(panic);
            }
        }
        match asking.join() {
            Ok(result) if stopped.is_continue() => result,
            Ok(_) => Ok(()),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Starts a thread with a stack that nested markup does not exhaust.
fn spawn<'s, T: Send + 's>(
    scope: &'s Scope<'s, '_>,
    work: impl FnOnce() -> T + Send + 's,
) -> io::Result<ScopedJoinHandle<'s, T>> {
    std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)
}

fn take_in_order<T>(
    results: &Receiver<(usize, T)>,
    permit: &SyncSender<()>,
    take: &mut impl FnMut(T) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for (index, result) in results {
        waiting.insert(index, result);
        while let Some(result) = waiting.remove(&next) {
            take(result)?;
            next += 1;
            // The reader is gone when the input has ended; then nobody needs the permit.
            let _ = permit.try_send(());
        }
    }
    ControlFlow::Continue(())
}

fn work_on<J, T>(jobs: &Mutex<Receiver<(usize, J)>>, work: &impl Fn(J) -> T, done: &SyncSender<(usize, T)>) {
    loop {
        let job = jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
        let Ok((index, job)) = job else { return };
        if done.send((index, work(job))).is_err() {
            return;
        }
    }
}

fn hand_out<J>(
    mut next: impl FnMut() -> io::Result<Option<J>>,
    permits: &Receiver<()>,
    jobs: &SyncSender<(usize, J)>,
) -> io::Result<()> {
    for index in 0.. {
        if permits.recv().is_err() {
            return Ok(());
        }
        let Some(job) = next()? else { return Ok(()) };
        if jobs.send((index, job)).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// Reads on until `bytes` holds [`CHUNK`] bytes and ends with a line; what follows its last line goes to `rest`.
fn fill(reader: &mut impl BufRead, bytes: &mut Vec<u8>, rest: &mut Vec<u8>) -> io::Result<()> {
    let mut wanted = CHUNK;
    loop {
        bytes.reserve(wanted.saturating_sub(bytes.len()));
        while bytes.len() < wanted {
            let buffer = match reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                buffer => buffer?,
            };
            if buffer.is_empty() {
                return Ok(());
            }
            let taken = buffer.len();
            bytes.extend_from_slice(buffer);
            reader.consume(taken);
        }
        if let Some(end) = memchr::memrchr(b'\n', bytes) {
            rest.extend_from_slice(&bytes[end + 1..]);
            bytes.truncate(end + 1);
            return Ok(());
        }
        if bytes.len() >= MAX_LINE {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a line is longer than 16 MiB"));
        }
        wanted = bytes.len() + CHUNK;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    #[test]
    fn lines_come_in_order_with_their_places() {
        let mut text = String::new();
        for number in 1..=200_000 {
            let _ = writeln!(text, "line {number}");
        }
        text.push_str("last");
        let mut seen = 0;
        let result = map_lines(
            text.as_bytes(),
            2,
            |chunk| chunk.lines().map(|(n, at, line)| (n, at, line.to_owned())).collect::<Vec<_>>(),
            |lines| {
                for (number, at, line) in lines {
                    seen += 1;
                    assert_eq!(number, seen);
                    assert!(text.as_bytes()[usize::try_from(at).unwrap()..].starts_with(&line));
                }
                ControlFlow::Continue(())
            },
        );
        assert!(result.is_ok());
        assert_eq!(seen, 200_001);
    }

    #[test]
    fn breaking_off_ends_every_thread() {
        let text = "x\n".repeat(3_000_000);
        let mut chunks = 0;
        let result = map_lines(
            text.as_bytes(),
            2,
            |chunk| chunk.bytes.len(),
            |_| {
                chunks += 1;
                ControlFlow::Break(())
            },
        );
        assert!(result.is_ok());
        assert_eq!(chunks, 1);
    }
}
