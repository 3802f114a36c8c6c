//! The status line: one true sentence about sync.

use shared::{day::Timestamp, sync::client::Status};

use crate::{
    components::StatusTone,
    format,
    i18n::{t, t_args},
    replica::api::SyncLine,
};

/// The server does not speak this version of the protocol any more (or not yet).
pub const OLD_VERSION: &str = "message.version";

/// Tone and words of the status line. The worst thing that is true is what it says. `online` is what the
/// device says of its network: with one, a server that does not answer is away; without, nobody can tell.
pub fn words(
    sync: &SyncLine,
    online: bool,
    now: Timestamp,
    offset_minutes: i32,
) -> (StatusTone, String) {
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
        Status::Refused { code, .. } if code == OLD_VERSION => {
            (StatusTone::Rejected, counted("status-old-version", waiting))
        }
        Status::Refused { .. } => (StatusTone::Rejected, counted("status-refused", waiting)),
        Status::Offline { .. } if online && waiting > 0 => {
            (StatusTone::Offline, counted("status-away-pending", waiting))
        }
        Status::Offline { .. } if online => (StatusTone::Offline, counted("status-away", 0)),
        Status::Offline { .. } if waiting > 0 => (
            StatusTone::Offline,
            counted("status-offline-pending", waiting),
        ),
        Status::Offline { .. } => (StatusTone::Offline, counted("status-offline", 0)),
        _ if sync.restoring => (StatusTone::Busy, counted("status-restoring", waiting)),
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
            photos_wait_for_wifi: false,
            photo_under_way: None,
            rejected,
            data_as_of: Some(Timestamp(0)),
            clock_offset_ms: 0,
            restoring: false,
            put_off: 0,
        };
        let later = Timestamp(0);
        let idle = || Status::Idle { last: None };
        let offline = || Status::Offline { retry_at: later };
        let refused = |code: &str| Status::Refused {
            code: code.to_owned(),
            retry_at: later,
        };
        for (status, online, waiting, rejected, tone, part) in [
            (idle(), true, 0, 0, StatusTone::Synced, "已全部同步"),
            (
                idle(),
                true,
                3,
                0,
                StatusTone::Pending,
                "未同步 3 条 · 数据截至",
            ),
            (
                Status::Syncing,
                true,
                3,
                0,
                StatusTone::Busy,
                "正在同步 3 条",
            ),
            (offline(), false, 0, 0, StatusTone::Offline, "没有信号"),
            (
                offline(),
                false,
                2,
                0,
                StatusTone::Offline,
                "2 条存在手机里",
            ),
            (
                offline(),
                true,
                0,
                0,
                StatusTone::Offline,
                "服务器连不上 · 数据截至",
            ),
            (
                offline(),
                true,
                2,
                0,
                StatusTone::Offline,
                "服务器连不上 · 2 条存在手机里",
            ),
            (offline(), true, 2, 1, StatusTone::Rejected, "1 条没被接收"),
            (
                refused(OLD_VERSION),
                true,
                2,
                0,
                StatusTone::Rejected,
                "版本太旧",
            ),
            (
                refused("sync.busy"),
                true,
                2,
                0,
                StatusTone::Rejected,
                "服务器暂不接收",
            ),
            (
                Status::Revoked,
                true,
                5,
                1,
                StatusTone::Rejected,
                "记录都保存在手机上",
            ),
        ] {
            let line = line(status.clone(), waiting, rejected);
            let (found, text) = words(&line, online, Timestamp(0), 480);
            assert_eq!(found, tone, "{status:?}");
            assert!(text.contains(part), "{status:?}: {text}");
        }
    }

    #[test]
    fn what_a_restored_server_gets_again_is_said() {
        let line = SyncLine {
            status: Status::Syncing,
            waiting: 4,
            waiting_photos: 0,
            photos_wait_for_wifi: false,
            photo_under_way: None,
            rejected: 0,
            data_as_of: Some(Timestamp(0)),
            clock_offset_ms: 0,
            restoring: true,
            put_off: 0,
        };
        let (tone, text) = words(&line, true, Timestamp(0), 480);
        assert_eq!(tone, StatusTone::Busy);
        assert!(
            text.contains("服务器恢复过") && text.contains("4 条"),
            "{text}"
        );
    }
}
