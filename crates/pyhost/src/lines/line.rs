//! One line: a question, and the wait for its answer.

use std::fs;
use std::hint;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{Ordering, fence};
use std::thread;
use std::time::{Duration, Instant};

use datasette_core::Value;

use super::lines::Operation;
use super::marshal::{self, Answer};
use super::memory::{Mark, Memory, ROOM};

/// How long the server looks at the memory before it sleeps.
const LOOKING: Duration = Duration::from_micros(50);

/// How often it looks before it looks at the clock.
const LOOKS: u32 = 64;

/// How often it may look in vain before it only sleeps: on a busy machine, looking keeps the processor
/// from those who would answer.
const MOST_MISSES: u8 = 4;

/// After so many questions without looking it tries again.
const RARELY: u8 = 200;

/// How long it sleeps before it looks again. A wake-up is lost where both fall asleep at once.
const SLEEP: Duration = Duration::from_millis(10);

/// How long a function may take. The statement that waits for it holds a connection.
const PATIENCE: Duration = Duration::from_secs(30);

/// One end of a line.
pub(super) struct Line {
    memory: Memory,
    stream: UnixStream,
    /// The number of the last question.
    asked: u8,
    /// Where the memory is; what does not fit into it lies beside it.
    path: PathBuf,
    /// With one processor, looking would keep Python from working.
    may_look: bool,
    /// How often it looked in vain lately.
    misses: u8,
    /// Questions since it looked last.
    blind: u8,
}

impl Line {
    pub(super) fn new(memory: Memory, stream: UnixStream, path: PathBuf) -> io::Result<Self> {
        stream.set_read_timeout(Some(SLEEP))?;
        Ok(Self {
            memory,
            stream,
            asked: 0,
            path,
            may_look: thread::available_parallelism().is_ok_and(|number| number.get() > 1),
            misses: 0,
            blind: 0,
        })
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// Python has ended, takes too long, or answers nonsense: the line is of no use any more.
    pub(super) fn ask(
        &mut self,
        operation: Operation,
        id: u64,
        arguments: &[Value],
    ) -> io::Result<Result<Value, String>> {
        let question = marshal::question(operation, id, arguments);
        if question.len() <= ROOM {
            self.memory.write_question(&question);
        } else {
            fs::write(self.path.with_extension("question"), &question)?;
            self.memory.write_question(marshal::IN_FILE);
        }
        let looks = self.looks();
        // What Python sees of this tells it whether looking for the next question is worth it.
        let asleep = self.memory.mark(Mark::ServerSleeps);
        asleep.store(u8::from(!looks), Ordering::Relaxed);
        self.asked = self.asked.wrapping_add(1);
        let mark = self.memory.mark(Mark::Asked);
        mark.store(self.asked, Ordering::Release);
        // Python says that it sleeps, and then looks for a question once more.
        fence(Ordering::SeqCst);
        if self.memory.mark(Mark::PythonSleeps).load(Ordering::Relaxed) != 0 {
            self.wake()?;
        }
        self.wait(looks)?;
        self.answer()
    }

    fn is_answered(&self) -> bool {
        let answered = self.memory.mark(Mark::Answered).load(Ordering::Acquire);
        answered == self.asked
    }

    fn wake(&mut self) -> io::Result<()> {
        self.stream.write_all(b"?")
    }

    fn looks(&mut self) -> bool {
        if self.misses < MOST_MISSES {
            return self.may_look;
        }
        self.blind = (self.blind + 1) % RARELY;
        self.may_look && self.blind == 0
    }

    fn wait(&mut self, looks: bool) -> io::Result<()> {
        let start = Instant::now();
        while looks && start.elapsed() < LOOKING {
            for _ in 0..LOOKS {
                if self.is_answered() {
                    self.misses = self.misses.saturating_sub(1);
                    return Ok(());
                }
                hint::spin_loop();
            }
        }
        if looks {
            self.misses = (self.misses + 1).min(MOST_MISSES);
        }
        let asleep = self.memory.mark(Mark::ServerSleeps);
        asleep.store(1, Ordering::SeqCst);
        self.sleep(start)
    }

    fn sleep(&mut self, start: Instant) -> io::Result<()> {
        let mut woken = [0; 64];
        while !self.is_answered() {
            match self.stream.read(&mut woken) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => {}
                Err(error) if is_timeout(&error) => {
                    if start.elapsed() > PATIENCE {
                        return Err(io::ErrorKind::TimedOut.into());
                    }
                    self.wake()?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn answer(&self) -> io::Result<Result<Value, String>> {
        let memory = |start: usize, part: &mut [u8]| self.memory.read_answer(start, part);
        let answer = marshal::answer(memory).ok_or(io::ErrorKind::InvalidData)?;
        let answer = match answer {
            Answer::InFile => {
                let whole = fs::read(self.path.with_extension("answer"))?;
                marshal::answer(|start, part: &mut [u8]| {
                    let end = start.checked_add(part.len())?;
                    part.copy_from_slice(whole.get(start..end)?);
                    Some(())
                })
                .ok_or(io::ErrorKind::InvalidData)?
            }
            answer => answer,
        };
        match answer {
            Answer::Value(value) => Ok(Ok(value)),
            Answer::Failed(why) => Ok(Err(why)),
            Answer::InFile => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}
