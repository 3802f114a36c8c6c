//! The status line: one true sentence about sync.

use shared::{day::Timestamp, sync::client::Status};

use crate::{
    components::StatusTone,
    format,
    i18n::{t, t_args},
    replica::api::SyncLine,
};

/// Tone and words of the status line. The worst thing that is true is what it says.
pub fn words(sync: &SyncLine, now: Timestamp, offset_minutes: i32) -> (StatusTone, String) {
    let time = match sync.data_as_of {
        Some(at) => format::moment(at, now, offset_minutes),
        None => t("status-never"),
    };
    let waiting = sync.waiting.saturating_add(sync.waiting_photos);
    let counted = |key: &str, count: u32| {
        t_args(
            key,
            &[("count", count.into()), ("time", time.clone().into())],
        )
    };
    match &sync.status {
        Status::Revoked => (StatusTone::Rejected, t("status-revoked")),
        _ if sync.rejected > 0 => (
            StatusTone::Rejected,
            counted("status-rejected", sync.rejected),
        ),
        Status::Refused { .. } => (StatusTone::Rejected, counted("status-refused", waiting)),
        Status::Offline { .. } if waiting > 0 => (
            StatusTone::Offline,
            counted("status-offline-pending", waiting),
        ),
        Status::Offline { .. } => (StatusTone::Offline, counted("status-offline", 0)),
        Status::Syncing if waiting > 0 => (StatusTone::Busy, counted("status-syncing", waiting)),
        _ if waiting > 0 => (StatusTone::Pending, counted("status-pending", waiting)),
        Status::Syncing if sync.data_as_of.is_none() => (StatusTone::Busy, t("status-first-sync")),
        Status::Idle { .. } | Status::Syncing => (StatusTone::Synced, counted("status-synced", 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_the_worst_thing_that_is_true() {
        let line = |status: Status, waiting: u32, rejected: u32| SyncLine {
            status,
            waiting,
            waiting_photos: 0,
            rejected,
            data_as_of: Some(Timestamp(0)),
            clock_offset_ms: 0,
        };
        let later = Timestamp(0);
        for (status, waiting, rejected, tone, part) in [
            (
                Status::Idle { last: None },
                0,
                0,
                StatusTone::Synced,
                "已全部同步",
            ),
            (
                Status::Idle { last: None },
                3,
                0,
                StatusTone::Pending,
                "未同步 3 条 · 数据截至",
            ),
            (Status::Syncing, 3, 0, StatusTone::Busy, "正在同步 3 条"),
            (
                Status::Offline { retry_at: later },
                0,
                0,
                StatusTone::Offline,
                "没有信号",
            ),
            (
                Status::Offline { retry_at: later },
                2,
                0,
                StatusTone::Offline,
                "2 条存在手机里",
            ),
            (
                Status::Offline { retry_at: later },
                2,
                1,
                StatusTone::Rejected,
                "1 条没被接收",
            ),
            (
                Status::Revoked,
                5,
                1,
                StatusTone::Rejected,
                "记录都保存在手机上",
            ),
        ] {
            let (found, text) = words(&line(status.clone(), waiting, rejected), Timestamp(0), 480);
            assert_eq!(found, tone, "{status:?}");
            assert!(text.contains(part), "{status:?}: {text}");
        }
    }
}
