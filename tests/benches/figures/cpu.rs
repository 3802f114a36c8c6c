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

    /// Used since then, in milliseconds: by the main thread, and by all others together.
    pub fn elapsed_ms(&self) -> (f64, f64) {
        let main = std::process::id().to_string();
        let (mut by_main_ms, mut by_others_ms) = (0.0, 0.0);
        for (task, ran_ns) in &Self::now().0 {
            let used_ms =
                ran_ns.saturating_sub(self.0.get(task).copied().unwrap_or(0)) as f64 / 1e6;
            let sum = if *task == main {
                &mut by_main_ms
            } else {
                &mut by_others_ms
            };
            *sum += used_ms;
        }
        (by_main_ms, by_others_ms)
    }
}
