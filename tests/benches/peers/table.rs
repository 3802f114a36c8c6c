//! Rows of the result, as JSON and as a table in Markdown.

use std::{collections::BTreeMap, fmt::Write};

use serde_json::{Value, json};

use crate::systems::System;

/// What was measured of one system with so many records.
#[derive(Clone)]
pub struct Row {
    system: System,
    n: usize,
    figures: BTreeMap<&'static str, f64>,
    /// The step that did not end or was not taken, and why.
    stopped: Option<(String, String)>,
}

/// Columns: heading, figure, what one unit of the table is, decimals.
const COLUMNS: [(&str, &str, f64, usize); 13] = [
    ("push ms", "push_ms", 1.0, 0),
    ("up KB", "bytes_up", 1_000.0, 0),
    ("server CPU ms", "server_cpu_push_ms", 1.0, 0),
    ("first sync ms", "first_sync_ms", 1.0, 0),
    ("down KB", "bytes_down", 1_000.0, 0),
    ("server CPU ms", "server_cpu_first_sync_ms", 1.0, 0),
    ("delta ms", "delta_ms", 1.0, 1),
    ("delta CPU ms", "delta_cpu_ms", 1.0, 1),
    ("delta B", "delta_bytes", 1.0, 0),
    ("again ms", "again_ms", 1.0, 0),
    ("again CPU ms", "again_cpu_ms", 1.0, 0),
    ("again KB", "again_bytes", 1_000.0, 1),
    ("server MB", "server_rss_mb", 1.0, 0),
];

impl Row {
    /// Nothing measured yet.
    pub fn new(system: System, n: usize) -> Self {
        Self {
            system,
            n,
            figures: BTreeMap::new(),
            stopped: None,
        }
    }

    /// Adds a figure, in place of an earlier one.
    pub fn set(&mut self, figure: &'static str, value: f64) {
        self.figures.insert(figure, value);
    }

    /// From this step on there is nothing, and why.
    pub fn stopped(&mut self, step: &str, why: &str) {
        self.stopped = Some((step.to_owned(), why.to_owned()));
    }

    /// Did a step not come to its end?
    pub fn failed(&self) -> bool {
        self.stopped.is_some() && self.system != System::Phone
    }

    /// All figures in a line.
    pub fn line(&self) -> String {
        let mut line = self
            .figures
            .iter()
            .map(|(name, value)| format!("{name} {value:.1}"))
            .collect::<Vec<_>>()
            .join("  ");
        if let Some((step, why)) = &self.stopped {
            let _ = write!(line, "  {step}: {why}");
        }
        line
    }
}

/// The medians of some runs; what a run has not, counts for nothing.
pub fn medians(runs: Vec<Row>) -> Option<Row> {
    let mut row = runs.last()?.clone();
    let mut found: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    for (name, value) in runs.iter().flat_map(|run| &run.figures) {
        found.entry(name).or_default().push(*value);
    }
    for (name, mut values) in found {
        values.sort_by(f64::total_cmp);
        row.figures
            .extend(values.get(values.len() / 2).map(|middle| (name, *middle)));
    }
    Some(row)
}

/// What a row of `peers.json` has beside its system and number of records.
const IN_JSON: [&str; 6] = [
    "push_ms",
    "first_sync_ms",
    "delta_ms",
    "bytes_up",
    "bytes_down",
    "server_rss_mb",
];

/// A list of rows, without those that leave steps out on purpose. What a system that stopped has not got is null;
/// why it stopped stands in the table.
pub fn json(rows: &[Row]) -> String {
    let list: Vec<Value> = rows
        .iter()
        .filter(|row| row.stopped.is_none() || row.failed())
        .map(|row| {
            let mut object = json!({"system": row.system.name(), "n": row.n});
            for name in IN_JSON {
                let value = row.figures.get(name).map(|v| (v * 100.0).round() / 100.0);
                object[name] = json!(value);
            }
            object
        })
        .collect();
    serde_json::to_string_pretty(&list).unwrap_or_default() + "\n"
}

/// The table.
pub fn markdown(rows: &[Row]) -> String {
    let mut out = String::from("| n | system |");
    for (heading, ..) in COLUMNS {
        let _ = write!(out, " {heading} |");
    }
    let _ = write!(out, "\n|--:|---|{}\n", "--:|".repeat(COLUMNS.len()));
    for row in rows {
        let _ = write!(out, "| {} | {} |", row.n, row.system.name());
        for (_, name, unit, decimals) in COLUMNS {
            let _ = match row.figures.get(name) {
                Some(value) => write!(out, " {:.decimals$} |", value / unit),
                None => write!(out, " — |"),
            };
        }
        out.push('\n');
    }
    out.push('\n');
    for row in rows {
        if let Some((step, why)) = &row.stopped {
            let _ = writeln!(
                out,
                "- — {} with {}: {step}: {why}",
                row.system.name(),
                row.n
            );
        }
    }
    let mut seen = Vec::new();
    for row in rows.iter().filter(|row| !row.system.name().is_empty()) {
        if !seen.contains(&row.system) {
            seen.push(row.system);
            let _ = writeln!(out, "- {}: {}", row.system.name(), row.system.set_up());
        }
    }
    out
}
