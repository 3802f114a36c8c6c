//! The visit log at the desk.

use dioxus::prelude::*;

use shared::evidence::GeoPoint;

use super::{choices, comments, fix, ignore};
use crate::components::*;

pub fn desk_page() -> Element {
    let side = [
        "拜访日志",
        "今日团队",
        "付款承诺",
        "在手现金",
        "审批",
        "异常",
        "客户",
        "应收账龄",
    ];
    let items = side
        .iter()
        .enumerate()
        .map(|(i, label)| NavItem {
            icon: IconName::Today,
            label: (*label).to_owned(),
            href: format!("/desk/{i}"),
            current: i == 0,
            badge: [3, 0, 0, 0, 2, 5, 0, 0][i],
        })
        .collect::<Vec<_>>();
    let rows = [
        (
            "14:26–14:52",
            "26 分钟",
            "陈晓东",
            "鑫源五金商行",
            "见 刘国强",
            Tone::Green,
            "店内 18 米",
            "部分付款",
            "承诺 3 期 已签",
            "12,000.00",
        ),
        (
            "14:05–14:11",
            "6 分钟",
            "赵敏",
            "顺发建材经营部",
            "没见到老板",
            Tone::Red,
            "差 2.3 公里",
            "未付",
            "账上没钱",
            "–",
        ),
        (
            "13:40–14:22",
            "42 分钟",
            "孙立",
            "百惠超市（南门店）",
            "见 王会计",
            Tone::Green,
            "店内 9 米",
            "对账有差",
            "争议 1 行",
            "–",
        ),
        (
            "13:12–13:20",
            "8 分钟",
            "陈晓东",
            "老周粮油",
            "见 周师傅",
            Tone::Neutral,
            "无定位",
            "全额付款",
            "",
            "3,260.00",
        ),
        (
            "10:15–10:33",
            "18 分钟",
            "赵敏",
            "永盛电器",
            "",
            Tone::Amber,
            "时钟偏 7 分",
            "支票",
            "",
            "26,500.00",
        ),
    ];
    rsx! {
        Desk {
            title: "拜访日志",
            side: rsx! {
                SideNav { items, onnavigate: ignore(), span { "林岚 · 主管" } }
            },
            aside: rsx! {
                Tag { tone: Tone::Green, span { class: "dot live", aria_hidden: "true" } "实时 · 42 家 / 8 人" }
            },
            detail_label: "拜访",
            detail: rsx! {
                div { class: "detail-head",
                    p { class: "t3", "陈晓东 · 今天 14:26" }
                    h2 { "鑫源五金商行" }
                }
                PositionMap { fix: fix(306_000_000, 1_040_000_000), customer: GeoPoint { lat_e7: 306_001_200, lon_e7: 1_040_001_000 }, tone: Tone::Green, note: "店内 16 米" }
                p { class: "t2", "签到 14:26:10（±12 米）· 签退 14:52:31 · 手机时钟 +0.4 秒" }
                p { class: "body", "老板承认欠款，说工地款 28 号到。收现金 12,000，其余分三期签了承诺。" }
                div { class: "row wrap",
                    Tag { tone: Tone::Teal, icon: IconName::Collect, "收据 A07-261121-2" }
                    Tag { tone: Tone::Teal, icon: IconName::Promise, "承诺书 7c1e…" }
                }
                hr {}
                CommentThread { comments: comments() }
                div { class: "push",
                    CommentBox { placeholder: crate::t!("comment-placeholder", name = "陈晓东"), onsend: ignore() }
                }
            },
            div { class: "filters",
                FilterSelect { id: "f-day", label: "日期", options: choices(&["今天", "本周"]), value: "今天", onchange: ignore() }
                FilterSelect { id: "f-rep", label: "业务员", options: vec![Choice::new("", "全部业务员")], value: "", onchange: ignore() }
                FilterSelect { id: "f-result", label: "结果", options: vec![Choice::new("", "全部结果")], value: "", onchange: ignore() }
                FilterToggle { id: "f-odd", label: "只看异常 3", on: true, onchange: ignore() }
            }
            DataTable {
                caption: "拜访日志",
                columns: vec![Column::text("时间"), Column::text("业务员"), Column::text("客户"), Column::text("位置"), Column::text("结果"), Column::figures("收款")],
                for (index , (time , length , rep , customer , met , tone , place , result , more , sum)) in rows.into_iter().enumerate() {
                    DataRow { selected: index == 0,
                        td { "{time}" p { class: "t3", "{length}" } }
                        td { "{rep}" }
                        td {
                            RowLink { href: "/visit/{index}", onnavigate: ignore(), "{customer}" }
                            p { class: "t3", "{met}" }
                        }
                        td { Tag { tone, "{place}" } }
                        td { "{result}" p { class: "t3", "{more}" } }
                        td { class: "r strong", "{sum}" }
                    }
                }
            }
        }
    }
}
