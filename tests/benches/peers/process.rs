//! A program that speaks lines of JSON with the bench, and what the system knows of it: processor time
//! and memory (`/proc`). It is ended when dropped.

use std::{
    collections::BTreeMap,
    fmt,
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::Instant,
};

use serde_json::Value;

/// Why a step did not come to its end.
#[derive(Debug)]
pub enum Failure {
    /// It took longer than it may.
    Late,
    /// What the program said, or how it ended.
    Said(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Late => write!(f, "took too long"),
            Self::Said(what) => write!(f, "{what}"),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Said(error.to_string())
    }
}

/// A running program.
pub struct Process {
    child: Child,
    input: Option<ChildStdin>,
    answers: Receiver<Value>,
}

impl Process {
    /// Starts it; what it prints on its error output goes to `errors`.
    pub fn start(command: &mut Command, errors: File) -> Result<Self, Failure> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .map_err(|e| Failure::Said(format!("{command:?} could not be started: {e}")))?;
        let (sender, answers) = channel();
        if let Some(output) = child.stdout.take() {
            thread::spawn(move || {
                let lines = BufReader::new(output).lines().map_while(Result::ok);
                // Other lines are what a program prints besides.
                for answer in lines.filter_map(|line| serde_json::from_str(&line).ok()) {
                    if sender.send(answer).is_err() {
                        break;
                    }
                }
            });
        }
        let input = child.stdin.take();
        Ok(Self {
            child,
            input,
            answers,
        })
    }

    /// Waits for what it says next.
    pub fn answer(&self, deadline: Instant) -> Result<Value, Failure> {
        let left = deadline.saturating_duration_since(Instant::now());
        let answer = self.answers.recv_timeout(left).map_err(|e| match e {
            RecvTimeoutError::Timeout => Failure::Late,
            RecvTimeoutError::Disconnected => Failure::Said("the program ended".to_owned()),
        })?;
        if answer["ok"] == Value::Bool(false) {
            let error = answer["error"].as_str().unwrap_or("failed");
            return Err(Failure::Said(first_line(error)));
        }
        Ok(answer)
    }

    /// Has it do something, and waits until it has.
    pub fn ask(&mut self, command: &Value, deadline: Instant) -> Result<Value, Failure> {
        let input = self.input.as_mut().ok_or(Failure::Late)?;
        writeln!(input, "{command}")?;
        self.answer(deadline)
    }

    /// What it has used so far.
    pub fn cpu(&self) -> Cpu {
        Cpu::of(self.child.id())
    }

    /// The most memory it has held, in megabytes.
    pub fn peak_mb(&self) -> f64 {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let kb = text.unwrap_or_default().lines().find_map(|line| {
            let rest = line.strip_prefix("VmHWM:")?;
            rest.split_whitespace().next()?.parse::<f64>().ok()
        });
        kb.unwrap_or_default() / 1_024.0
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// Processor time of a process.
pub struct Cpu {
    /// By thread, as the scheduler counts it, in milliseconds; without threads that have ended.
    threads: BTreeMap<String, f64>,
    /// Of all threads there ever were, in steps of 10 ms.
    whole_ms: f64,
}

impl Cpu {
    /// From here on the coarse count is exact enough.
    const COARSE_MS: f64 = 500.0;
    /// `USER_HZ` is 100 on Linux.
    const TICK_MS: f64 = 10.0;

    fn of(pid: u32) -> Self {
        let tasks = fs::read_dir(format!("/proc/{pid}/task"))
            .into_iter()
            .flatten()
            .flatten();
        let threads = tasks.filter_map(|task| {
            let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
            let ran_ns: f64 = text.split_whitespace().next()?.parse().ok()?;
            Some((task.file_name().into_string().ok()?, ran_ns / 1e6))
        });
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // After the name in brackets: state is field 3, utime and stime are 14 and 15.
        let ticks: f64 = stat
            .rsplit(')')
            .next()
            .map(|rest| rest.split_whitespace().skip(11).take(2))
            .map(|fields| fields.filter_map(|f| f.parse::<f64>().ok()).sum())
            .unwrap_or_default();
        Self {
            threads: threads.collect(),
            whole_ms: ticks * Self::TICK_MS,
        }
    }

    /// Used since `earlier`, in milliseconds.
    pub fn since(&self, earlier: &Self) -> f64 {
        let fine: f64 = self
            .threads
            .iter()
            .map(|(thread, ms)| ms - earlier.threads.get(thread).copied().unwrap_or_default())
            .sum();
        let coarse = self.whole_ms - earlier.whole_ms;
        if coarse > Self::COARSE_MS {
            coarse
        } else {
            fine.max(coarse - 2.0 * Self::TICK_MS)
        }
    }
}
