//! Every part in every state, and what lies over a screen.

use dioxus::prelude::*;

use shared::evidence::GeoPoint;

use super::{choices, comments, day, fix, ignore};
use crate::{components::*, i18n::t};

pub fn parts_page() -> Element {
    let photo = |id: &str, pending| Photo {
        id: id.into(),
        url: None,
        caption: "11-21 14:30".into(),
        pending,
    };
    let here = fix(306_000_000, 1_040_000_000);
    rsx! {
        div { class: "app",
            TopBar { title: "Parts", kicker: "every state" }
            Page {
                Banner { tone: Tone::Red, title: "有 1 条没被接收", body: "收款 A07-261121-2 已存在手机里，钱没有丢。服务器说：客户已转给别的业务员。",
                    Button { kind: ButtonKind::Sub, small: true, "去处理" }
                }
                Banner { tone: Tone::Amber, title: "手机时间快了 7 分钟", body: "记录照常保存，会标上时钟偏差。" }
                Banner { title: "新版本已准备好", body: "填完这张单再更新。" }
                Banner { tone: Tone::Green, title: "已存到手机" }
                Card { title: "表单",
                    div { class: "stack",
                        Field { id: "f1", label: "收货人", initial: "刘国强", oninput: ignore(), required: true, hint: "与营业执照一致" }
                        Field { id: "f2", label: "金额", kind: FieldKind::Money, initial: "12,000.00", oninput: ignore() }
                        Field { id: "f3", label: "电话", kind: FieldKind::Phone, placeholder: "11 位手机号", oninput: ignore(), error: "号码少一位，请再看一遍" }
                        Field { id: "f4", label: t("search"), label_hidden: true, kind: FieldKind::Search, placeholder: "名称、拼音首字母、编号", oninput: ignore() }
                        Field { id: "f5", label: "账期", kind: FieldKind::Digits, unit: "天", initial: "30", oninput: ignore() }
                        TextArea { id: "f6", label: "备注", oninput: ignore(), placeholder: "见到谁，怎么说" }
                        DateField { id: "f7", label: "下次什么时候来", initial: day("2026-11-28"), onchange: ignore() }
                        SelectField { id: "f8", label: "职务", options: choices(&["决策人", "付款人"]), value: "付款人", onchange: ignore() }
                        ChoiceGroup { name: "signs", label: "异动", multiple: true, options: choices(&["订货突减", "店铺要转让", "想转行", "合伙人不和"]), selected: vec!["店铺要转让".into()], onchange: ignore(), error: "至少选一项" }
                        Switch { label: "自动锁屏", hint: "离开 5 分钟后", checked: true, onchange: ignore() }
                        Switch { label: "只用无线网传照片", checked: false, onchange: ignore() }
                        CheckBox { label: "客户已当面核对金额", checked: true, onchange: ignore() }
                    }
                }
                div { class: "stack",
                    Button { full: true, "主要" }
                    Button { full: true, kind: ButtonKind::Sub, icon: IconName::Camera, "次要" }
                    Button { full: true, kind: ButtonKind::Soft, "并列" }
                    Button { full: true, kind: ButtonKind::Danger, icon: IconName::Trash, "作废" }
                    Button { full: true, busy: true, {t("saving")} }
                    Button { full: true, disabled: true, "不能点" }
                    div { class: "row",
                        Button { kind: ButtonKind::Ghost, "安静" }
                        Button { kind: ButtonKind::GhostDanger, "删除" }
                    }
                }
                Card { class: "flush",
                    Rows {
                        ListRow { title: "收款 ¥12,000.00", subtitle: "鑫源五金商行 · 4 KB", icon: IconName::Collect, href: "/sync/1", onnavigate: ignore(), Tag { tone: Tone::Amber, "待上传" } }
                        ListRow { title: "拜访 26 分钟", subtitle: "2 张照片 · 1.8 MB", icon: IconName::Pin, onclick: ignore::<()>(), Tag { tone: Tone::Red, "没被接收" } }
                        ListRow { title: "版本", span { class: "t2", "0.1.0" } }
                    }
                }
                PhotoGrid { photos: vec![photo("1", false), photo("2", true)], onadd: ignore::<FormEvent>() }
                PositionMap { fix: here, customer: GeoPoint { lat_e7: 306_001_200, lon_e7: 1_040_001_000 }, tone: Tone::Green, note: "店内 16 米" }
                PositionMap { fix: here, customer: GeoPoint { lat_e7: 306_100_000, lon_e7: 1_040_200_000 }, tone: Tone::Red, note: "差 2.2 公里" }
                PositionMap { customer: here.point, tone: Tone::Neutral, note: t("map-none") }
                Card { title: "留言",
                    CommentThread { comments: comments() }
                }
                CommentBox { placeholder: crate::t!("comment-placeholder", name = "陈晓东"), onsend: ignore() }
                LangSwitch {}
                Skeleton { cards: 2 }
                EmptyState { icon: IconName::Check, title: "今天的都走完了", body: "明天有 3 家到期，最早 8:30 在百惠超市。",
                    Button { kind: ButtonKind::Soft, "看明天" }
                }
                Seal { day: day("2026-11-21") }
                div { class: "row wrap",
                    for name in IconName::ALL {
                        Icon { name: *name }
                    }
                }
            }
            Dock {
                StatusLine { tone: StatusTone::Synced, text: crate::t!("status-synced", time = "14:32"), onclick: ignore() }
                StatusLine { tone: StatusTone::Offline, text: crate::t!("status-offline-pending", count = 3), onclick: ignore() }
                StatusLine { tone: StatusTone::Rejected, text: crate::t!("status-rejected", count = 1), onclick: ignore() }
            }
        }
    }
}

pub fn sheet_page() -> Element {
    rsx! {
        div { class: "app",
            TopBar { title: "还款承诺" }
            Page { Skeleton {} }
            ConfirmSheet { title: "确认并封存？", confirm_label: "确认并封存", onconfirm: ignore(), oncancel: ignore(),
                p { "客户 鑫源五金商行 承诺分 3 期还 ¥30,000.00。" }
                p { class: "t2", "封存后不能修改，只能由主管撤销。记录先存在手机里，有信号时自动上传。" }
            }
        }
    }
}

pub fn signature_page() -> Element {
    rsx! {
        SignaturePad { signer: "刘国强 · 法定代表人", subject: "还款承诺书 ¥30,000.00", onsave: ignore(), oncancel: ignore() }
    }
}
