//! Draws the parts as static pages into `target/gallery/`, to look at them in a browser: the screens of the
//! design and every state of every part, in each language and theme. Also checks that each page renders.

use std::{fs, path::Path};

use dioxus::prelude::*;
use shared::{
    day::{Day, Timestamp},
    evidence::{Fix, GeoPoint, StrokePoint, Strokes},
    money::Money,
};

use super::*;
use crate::{
    format,
    i18n::{Lang, set_lang, t, term},
};

fn yuan(text: &str) -> Money {
    text.parse().unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn ignore<T: 'static>() -> EventHandler<T> {
    EventHandler::new(|_| {})
}

fn tabs(current: &str) -> Vec<NavItem> {
    [
        ("today", IconName::Today, 0),
        ("customers", IconName::Customers, 0),
        ("collect", IconName::Collect, 0),
        ("hand-in", IconName::HandIn, 2),
        ("me", IconName::Me, 0),
    ]
    .map(|(name, icon, badge)| NavItem {
        icon,
        label: t(&format!("tab-{name}")),
        href: format!("/{name}"),
        current: name == current,
        badge,
    })
    .to_vec()
}

fn strokes() -> Strokes {
    let point = |x: i16, y: i16| StrokePoint {
        x,
        y,
        t_ms: 0,
        pressure: 0,
    };
    let wave = |shift: i16| {
        (0..40_i16)
            .map(|i| {
                point(
                    150 + shift + i * 9,
                    180 + ((f64::from(i) * 0.8).sin() * 90.0) as i16 - i,
                )
            })
            .collect()
    };
    Strokes(vec![
        wave(0),
        vec![point(420, 90), point(640, 300)],
        wave(330),
    ])
}

fn fix(lat_e7: i32, lon_e7: i32) -> Fix {
    Fix {
        point: GeoPoint { lat_e7, lon_e7 },
        accuracy_m: 12,
        at: Timestamp(0),
    }
}

fn choices(names: &[&str]) -> Vec<Choice> {
    names.iter().map(|name| Choice::new(*name, *name)).collect()
}

fn today_page() -> Element {
    let work = [
        (
            "鑫源五金商行",
            "42000",
            "刘国强 · 决策人 · 1.2 公里",
            vec![
                (Tone::Red, "昨日失约 ¥20,000"),
                (Tone::Amber, "明天最后期限"),
                (Tone::Neutral, "每拖一天少收 ¥61"),
            ],
        ),
        (
            "百惠超市(南门店)",
            "15780.40",
            "会计王姐 15:30 后在 · 3.4 公里",
            vec![(Tone::Amber, "3 天后到期"), (Tone::Teal, "约 15:30")],
        ),
        (
            "顺发建材经营部",
            "96300",
            "停止供货 · 5.0 公里",
            vec![
                (Tone::Red, "逾期 34 天 · 发第二封函"),
                (Tone::Neutral, "订货突减"),
            ],
        ),
        (
            "老周粮油",
            "3260",
            "付款爽快 · 800 米",
            vec![(Tone::Neutral, "7 天后到期")],
        ),
    ];
    rsx! {
        div { class: "app",
            TopBar { title: t("tab-today"), kicker: format!("{} · 城西片区", format::date_weekday(day("2026-11-21"))),
                IconButton { icon: IconName::Search, label: t("search") }
            }
            Page {
                Card {
                    div { class: "row between top-align",
                        div {
                            p { class: "t2", "本月距归零" }
                            Amount { value: yuan("286410.50"), size: AmountSize::Huge }
                        }
                        div { class: "end",
                            p { class: "t2", "今日已收" }
                            Amount { value: yuan("18600"), size: AmountSize::Large, tone: Tone::Green }
                        }
                    }
                    AgingBar {
                            label: "本月目标",
                            parts: vec![
                                BarPart { label: "已到账 62%".into(), weight: yuan("62"), colour: BarColour::Primary },
                                BarPart { label: "在途 9%".into(), weight: yuan("9"), colour: BarColour::PrimaryMid },
                                BarPart { label: String::new(), weight: yuan("29"), colour: BarColour::Rest },
                            ],
                        }
                }
                Segmented { name: "sort", label: "排序", options: choices(&["最要紧", "离我最近", "约好的"]), value: "最要紧", onchange: ignore() }
                for (name , sum , line , why) in work {
                    LinkCard { href: "/customer", onnavigate: ignore(),
                        div { class: "row between baseline",
                            h2 { class: "t1", "{name}" }
                            Amount { value: yuan(sum), size: AmountSize::Large }
                        }
                        p { class: "t2", "{line}" }
                        div { class: "why",
                            for (tone , text) in why {
                                Tag { tone, "{text}" }
                            }
                        }
                    }
                }
            }
            Dock {
                StatusLine { tone: StatusTone::Pending, text: crate::t!("status-pending", count = 3, time = "14:32"), onclick: ignore() }
                TabBar { items: tabs("today"), onnavigate: ignore() }
            }
        }
    }
}

fn customer_page() -> Element {
    let bucket = |index, label: &str, sum| BarPart {
        label: label.into(),
        weight: yuan(sum),
        colour: BarColour::age(index),
    };
    rsx! {
        div { class: "app",
            TopBar { title: "鑫源五金商行", onback: ignore::<()>(),
                IconButton { icon: IconName::Phone, label: t("call") }
            }
            Page {
                Card {
                    p { class: "t2", "应收余额" }
                    div { class: "row between",
                        Amount { value: yuan("42000"), size: AmountSize::Huge }
                        Tag { tone: Tone::Red, "催收款" }
                    }
                    p { class: "t3", "另有 ¥5,000.00 在途,待银行到账" }
                    AgingBar {
                            label: "账龄",
                            parts: vec![bucket(0, "未到期 8,400", "8400"), bucket(1, "1–30 天 13,860", "13860"), bucket(3, "61–90 天 19,740", "19740")],
                        }
                }
                Card {
                    div { class: "row between",
                        h2 { class: "t1", "刘国强" }
                        Tag { "决策人 · 签字" }
                    }
                    p { class: "t2", "王会计 · 付款人 · 15:30 后在店" }
                    p { class: "t2", "信用额度 50,000 · 已用 84% · 账期 30 天" }
                    div { class: "why",
                        Tag { tone: Tone::Red, "9 月起订货减半" }
                        Tag { tone: Tone::Amber, "合伙人不和" }
                    }
                }
                Card { tone: Tone::Teal,
                    p { class: "t2 teal bold", "进门前" }
                    p { class: "body", "先说明专程来收 20,000 元;有旁人也不要走开。没收到钱之前不谈新货。" }
                }
                Timeline {
                    TimelineItem { tone: Tone::Red, title: "承诺失约", when: "昨天", href: "/promise/1", onnavigate: ignore(), "第 1 期 ¥20,000.00,未付" }
                    TimelineItem { title: "收款 ¥5,000.00 转账", when: "11-14", href: "/receipt/1", onnavigate: ignore(), "A07-261114-3 · 待到账" }
                    TimelineItem { tone: Tone::Neutral, title: "拜访 26 分钟", when: "11-14", "老板说货款压在工地,月底结" }
                }
                ActionBar {
                    Button { kind: ButtonKind::Sub, "拜访" }
                    Button { kind: ButtonKind::Soft, "承诺" }
                    Button { "收款" }
                }
            }
        }
    }
}

fn receipt_page() -> Element {
    rsx! {
        div { class: "app",
            TopBar { title: t("tab-collect"), onback: ignore::<()>(),
                span { class: "t3 num", "A07-261121-2" }
            }
            Page {
                Segmented { name: "method", label: "方式", options: choices(&["现金", "转账", "支票", "微信", "其他"]), value: "现金", onchange: ignore() }
                Card { class: "entry",
                    p { class: "t2", "鑫源五金商行 交来" }
                    TypedAmount { raw: "12000" }
                    p { class: "capitals", "人民币壹万贰仟元整" }
                }
                Card { title: "核销", aside: "建议:先到期先还 · 可改",
                    table { class: "alloc num",
                        tbody {
                            tr {
                                td { "FP-0918" p { class: "t3", "逾期 34 天" } }
                                td { class: "r", "¥9,740.00" }
                                td { class: "r strong", "9,740.00" }
                            }
                            tr {
                                td { "FP-1007" p { class: "t3", "逾期 15 天" } }
                                td { class: "r", "¥13,860.00" }
                                td { class: "r strong", "2,260.00" }
                            }
                        }
                    }
                }
                Card { tone: Tone::Amber,
                    h2 { class: "t1 amber", "还差 ¥8,000.00" }
                    ChoiceGroup {
                        name: "reason", label: "为什么没收齐?什么时候补?", required: true,
                        options: ["no_cash", "goods_unsold", "statement_differs", "other"].map(|slug| Choice::new(slug, term("unpaid-reason", slug))).to_vec(),
                        selected: vec!["goods_unsold".to_owned()], onchange: ignore(),
                    }
                }
                div { class: "pad-dock",
                    MoneyPad { value: "12000", onchange: ignore(), commit_label: "签收", oncommit: ignore() }
                }
            }
        }
    }
}

fn promise_page() -> Element {
    rsx! {
        div { class: "app",
            TopBar { title: "还款承诺", onback: ignore::<()>(),
                Tag { tone: Tone::Teal, "第 2 步 / 3" }
            }
            Page {
                Letter { title: "还款承诺书",
                    p { "致:城西贸易有限公司" }
                    p { "本单位尚欠贵公司货款人民币叁万元整(¥30,000.00),承诺按下列日期付清:" }
                    table {
                        tbody {
                            for (date , sum) in [("2026年11月28日", "¥10,000.00"), ("2026年12月12日", "¥10,000.00"), ("2026年12月26日", "¥10,000.00")] {
                                tr { td { "{date}" } td { class: "r", "{sum}" } }
                            }
                        }
                    }
                    p { "逾期未付,愿按约承担违约责任。" }
                }
                SignatureSlot { strokes: Some(strokes()), signer: "刘国强", onopen: ignore() }
                SignatureSlot { signer: "刘国强", onopen: ignore() }
                Card {
                    div { class: "row",
                        div { class: "grow",
                            p { class: "t1", "刘国强" }
                            p { class: "t2", "法定代表人 · 138 0000 2761" }
                        }
                        Tag { "公章 1 张" }
                    }
                }
                p { class: "t3", "签字后内容封存,任何改动都看得出来。指纹 " span { class: "hash", "7c1e 09b4 52f8" } }
                ActionBar {
                    Button { kind: ButtonKind::Sub, {t("sign-again")} }
                    Button { wide: true, icon: IconName::Lock, "确认并封存" }
                }
            }
        }
    }
}

fn voucher_page() -> Element {
    let step = |label: &str, detail: &str, state| JourneyStep {
        label: t(label),
        detail: detail.into(),
        state,
    };
    rsx! {
        div { class: "app",
            TopBar { title: "收款收据", onback: ignore::<()>(),
                Tag { tone: Tone::Amber, "已存手机 · 待上传" }
            }
            Page {
                Voucher { title: "收款收据", date: "2026年11月21日", number: "No. A07-261121-2", sealed_on: Some(day("2026-11-21")),
                    VoucherLine { label: "交款单位", "鑫源五金商行" }
                    VoucherLine { label: "收款方式", {term("method", "cash")} }
                    VoucherLine { label: "金额",
                        Amount { value: yuan("12000"), size: AmountSize::Large }
                        p { class: "capitals", "人民币壹万贰仟元整" }
                    }
                    VoucherLine { label: "用途", "FP-0918 ¥9,740.00" br {} "FP-1007 ¥2,260.00" }
                    VoucherLine { label: "经手人", "陈晓东" }
                }
                Card { title: t("journey-title"),
                    Journey {
                        steps: vec![
                            step("journey-saved", "14:52:07", StepState::Done),
                            step("journey-sent", "等信号", StepState::Now),
                            step("journey-booked", "", StepState::Todo),
                            step("journey-confirmed", "¥18,600.00 在手", StepState::Todo),
                        ],
                    }
                }
                Card {
                    div { class: "row",
                        QrCode { text: "https://example.invalid/r/A07-261121-2#7c1e09b452f8", label: t("qr-label") }
                        p { class: "t2 grow", "客户扫码可核对这张收据" }
                    }
                }
                ActionBar {
                    Button { kind: ButtonKind::Sub, icon: IconName::Print, {t("print")} }
                    Button { icon: IconName::Share, {t("share")} }
                }
            }
        }
    }
}

fn parts_page() -> Element {
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
                Banner { tone: Tone::Red, title: "有 1 条没被接收", body: "收款 A07-261121-2 已存在手机里,钱没有丢。服务器说:客户已转给别的业务员。",
                    Button { kind: ButtonKind::Sub, small: true, "去处理" }
                }
                Banner { tone: Tone::Amber, title: "手机时间快了 7 分钟", body: "记录照常保存,会标上时钟偏差。" }
                Banner { title: "新版本已准备好", body: "填完这张单再更新。" }
                Banner { tone: Tone::Green, title: "已存到手机" }
                Card { title: "表单",
                    div { class: "stack",
                        Field { id: "f1", label: "收货人", initial: "刘国强", oninput: ignore(), required: true, hint: "与营业执照一致" }
                        Field { id: "f2", label: "金额", kind: FieldKind::Money, initial: "12,000.00", oninput: ignore() }
                        Field { id: "f3", label: "电话", kind: FieldKind::Phone, placeholder: "11 位手机号", oninput: ignore(), error: "号码少一位,请再看一遍" }
                        Field { id: "f4", label: t("search"), label_hidden: true, kind: FieldKind::Search, placeholder: "名称、拼音首字母、编号", oninput: ignore() }
                        Field { id: "f5", label: "账期", kind: FieldKind::Digits, unit: "天", initial: "30", oninput: ignore() }
                        TextArea { id: "f6", label: "备注", oninput: ignore(), placeholder: "见到谁,怎么说" }
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
                PositionMap { fix: here, customer: GeoPoint { lat_e7: 306_001_200, lon_e7: 1_040_001_000 } }
                PositionMap { fix: here, customer: GeoPoint { lat_e7: 306_100_000, lon_e7: 1_040_200_000 } }
                PositionMap { customer: here.point }
                Card { title: "留言",
                    CommentThread { comments: comments() }
                }
                CommentBox { placeholder: crate::t!("comment-placeholder", name = "陈晓东"), onsend: ignore() }
                LangSwitch {}
                Skeleton { cards: 2 }
                EmptyState { icon: IconName::Check, title: "今天的都走完了", body: "明天有 3 家到期,最早 8:30 在百惠超市。",
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

fn comments() -> Vec<CommentView> {
    vec![
        CommentView {
            id: "1".into(),
            author: "主管 林岚".into(),
            when: "14:58".into(),
            text: "28 号一早先到他工地,别等电话。".into(),
            mine: false,
            lead: true,
            pending: false,
        },
        CommentView {
            id: "2".into(),
            author: "陈晓东".into(),
            when: crate::t!("comment-merged", time = "15:20"),
            text: "收到,已约 8:30。".into(),
            mine: true,
            lead: false,
            pending: true,
        },
    ]
}

fn sheet_page() -> Element {
    rsx! {
        div { class: "app",
            TopBar { title: "还款承诺" }
            Page { Skeleton {} }
            ConfirmSheet { title: "确认并封存?", confirm_label: "确认并封存", onconfirm: ignore(), oncancel: ignore(),
                p { "客户 鑫源五金商行 承诺分 3 期还 ¥30,000.00。" }
                p { class: "t2", "封存后不能修改,只能由主管撤销。记录先存在手机里,有信号时自动上传。" }
            }
        }
    }
}

fn signature_page() -> Element {
    rsx! {
        SignaturePad { signer: "刘国强 · 法定代表人", subject: "还款承诺书 ¥30,000.00", onsave: ignore(), oncancel: ignore() }
    }
}

fn desk_page() -> Element {
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
            "百惠超市(南门店)",
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
                PositionMap { fix: fix(306_000_000, 1_040_000_000), customer: GeoPoint { lat_e7: 306_001_200, lon_e7: 1_040_001_000 } }
                p { class: "t2", "签到 14:26:10(±12 米)· 签退 14:52:31 · 手机时钟 +0.4 秒" }
                p { class: "body", "老板承认欠款,说工地款 28 号到。收现金 12,000,其余分三期签了承诺。" }
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

fn in_english(page: fn() -> Element) -> Element {
    use_hook(|| set_lang(Lang::En));
    page()
}

#[test]
fn every_page_of_the_gallery_renders() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/gallery");
    fs::create_dir_all(&folder).unwrap();
    let pages: [(&str, fn() -> Element); 10] = [
        ("today", today_page),
        ("customer", customer_page),
        ("receipt", receipt_page),
        ("promise", promise_page),
        ("voucher", voucher_page),
        ("parts", parts_page),
        ("parts-en", || in_english(parts_page)),
        ("sheet", sheet_page),
        ("signature", signature_page),
        ("desk", desk_page),
    ];
    for (name, page) in pages {
        let mut dom = VirtualDom::new(page);
        dom.rebuild_in_place();
        dom.render_immediate(&mut dioxus::core::NoOpMutations);
        let body = dioxus_ssr::render(&dom);
        assert!(body.len() > 200, "{name} is empty");
        assert!(!body.contains("[status-"), "{name} lacks a word");
        for theme in ["light", "dark"] {
            let html = format!(
                "<!doctype html><html lang=\"zh-CN\" data-theme=\"{theme}\"><meta charset=\"utf-8\">\
                 <meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\"><title>{name}</title>\
                 <link rel=\"stylesheet\" href=\"../../app/assets/tokens.css\"><link rel=\"stylesheet\" href=\"../../app/assets/base.css\">\
                 <link rel=\"stylesheet\" href=\"../../app/assets/components.css\"><body>{body}</body></html>"
            );
            fs::write(folder.join(format!("{name}-{theme}.html")), html).unwrap();
        }
    }
}
