//! A process that is watched: the lines that it printed, and its violent end.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, ExitStatus, Stdio},
    thread::{self, JoinHandle},
};

/// A running process.
pub struct Process {
    child: Child,
    lines: JoinHandle<Vec<String>>,
}

impl Process {
    /// Starts it.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        // A line that the kill cut off was not told to anybody.
        let lines = thread::spawn(move || output.lines().map_while(Result::ok).collect());
        Self { child, lines }
    }

    /// Has it ended by itself?
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it, without warning; gives the lines that it printed.
    pub fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.wait().1
    }

    /// Waits for its end; gives how it ended and the lines that it printed.
    pub fn wait(mut self) -> (ExitStatus, Vec<String>) {
        let status = self.child.wait().unwrap();
        (status, self.lines.join().unwrap())
    }
}
