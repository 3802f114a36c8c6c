//! Processor time of this process as the scheduler counts it, in nanoseconds, thread by thread
//! (`/proc/self/task/*/schedstat`). A thread that ends between two looks is not counted: those of the
//! server's pool end after ten idle seconds only.

use std::{collections::BTreeMap, fs, thread, time::Duration};

/// What each thread has used so far.
pub struct Cpu(BTreeMap<String, u64>);

impl Cpu {
    /// Looks now, after a moment in which what is still running comes to rest and is counted.
    pub fn now() -> Self {
        thread::sleep(Duration::from_millis(3));
        let tasks = fs::read_dir("/proc/self/task")
            .into_iter()
            .flatten()
            .flatten();
        Self(
            tasks
                .filter_map(|task| {
                    let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
                    let ran_ns = text.split_whitespace().next()?.parse().ok()?;
                    Some((task.file_name().into_string().ok()?, ran_ns))
                })
                .collect(),
        )
    }

    /// Used since then, in milliseconds.
    pub fn elapsed_ms(&self) -> f64 {
        let now = Self::now();
        let used = now
            .0
            .iter()
            .map(|(task, ran_ns)| ran_ns - self.0.get(task).copied().unwrap_or(0).min(*ran_ns));
        used.sum::<u64>() as f64 / 1e6
    }
}
