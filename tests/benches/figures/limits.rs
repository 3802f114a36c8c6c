//! What the figures must not exceed (or fall below), in one table. Bytes and ratios hold on any machine; times are
//! for two quiet cores.

/// A bound of a figure.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
}

use Limit::{AtLeast, AtMost};

impl Limit {
    /// Does a value keep it?
    pub fn holds(self, value: f64) -> bool {
        match self {
            AtMost(most) => value <= most,
            AtLeast(least) => value >= least,
        }
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AtMost(most) => write!(f, "≤ {most}"),
            AtLeast(least) => write!(f, "≥ {least}"),
        }
    }
}

/// Every figure that has a limit.
const LIMITS: [(&str, Limit); 23] = [
    ("wasm_brotli_mb", AtMost(1.3)),
    ("bytes_up_vs_json_zstd", AtMost(1.6)),
    ("push_30_visits_bytes", AtMost(2_500.0)),
    ("push_30_receipts_bytes_ratio", AtMost(1.15)),
    ("push_30_visits_server_cpu_ms", AtMost(10.0)),
    ("push_30_receipts_server_cpu_ms", AtMost(10.0)),
    ("idle_sync_bytes", AtMost(200.0)),
    ("first_sync_50000_visits_bytes", AtMost(2_200_000.0)),
    ("first_sync_50000_vs_1000_ratio", AtMost(60.0)),
    ("delta_cost_ratio_10000_vs_100", AtMost(1.1)),
    ("delta_bytes_ratio_10000_vs_100", AtMost(1.1)),
    ("phone_50000_delta_up_cpu_ms", AtMost(50.0)),
    ("phone_50000_delta_down_cpu_ms", AtMost(50.0)),
    ("ledger_rebuild_postings_per_s", AtLeast(200_000.0)),
    ("balances_100000_invoices_ms", AtMost(50.0)),
    ("aging_100000_invoices_ms", AtMost(50.0)),
    ("work_list_2000_customers_ms", AtMost(20.0)),
    ("morning_1000_phones_p99_ms", AtMost(2_000.0)),
    ("morning_server_rss_mb", AtMost(300.0)),
    ("cold_start_today_ms", AtMost(1_000.0)),
    ("cold_start_today_ms_quarter_core", AtMost(4_000.0)),
    // The same when the app itself has painted it and answers taps.
    ("cold_start_ready_ms", AtMost(1_000.0)),
    ("cold_start_ready_ms_quarter_core", AtMost(4_000.0)),
];

/// The limit of a figure, if it has one.
pub fn of(name: &str) -> Option<Limit> {
    LIMITS.iter().find(|(n, _)| *n == name).map(|(_, l)| *l)
}

/// The figures that a run of everything must give.
pub fn names() -> impl Iterator<Item = &'static str> {
    LIMITS.iter().map(|(name, _)| *name)
}
