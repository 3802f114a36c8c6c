//! The phone screens of the design.

use dioxus::prelude::*;

use super::{day, ignore, strokes, tabs, yuan};
use crate::{
    components::*,
    format,
    i18n::{t, term},
};

pub fn today_page() -> Element {
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
            "百惠超市（南门店）",
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
                Segmented { name: "sort", label: "排序", options: super::choices(&["最要紧", "离我最近", "约好的"]), value: "最要紧", onchange: ignore() }
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

pub fn customer_page() -> Element {
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
                    p { class: "t3", "另有 ¥5,000.00 在途，待银行到账" }
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
                    p { class: "body", "先说明专程来收 20,000 元；有旁人也不要走开。没收到钱之前不谈新货。" }
                }
                Timeline {
                    TimelineItem { tone: Tone::Red, title: "承诺失约", when: "昨天", href: "/promise/1", onnavigate: ignore(), "第 1 期 ¥20,000.00，未付" }
                    TimelineItem { title: "收款 ¥5,000.00 转账", when: "11-14", href: "/receipt/1", onnavigate: ignore(), "A07-261114-3 · 待到账" }
                    TimelineItem { tone: Tone::Neutral, title: "拜访 26 分钟", when: "11-14", "老板说货款压在工地，月底结" }
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

pub fn receipt_page() -> Element {
    rsx! {
        div { class: "app",
            TopBar { title: t("tab-collect"), onback: ignore::<()>(),
                span { class: "t3 num", "A07-261121-2" }
            }
            Page {
                Segmented { name: "method", label: "方式", options: super::choices(&["现金", "转账", "支票", "微信", "其他"]), value: "现金", onchange: ignore() }
                Card { class: "entry",
                    p { class: "t2", "鑫源五金商行 交来" }
                    TypedAmount { raw: "12000" }
                    p { class: "capitals", "人民币壹万贰仟元整" }
                }
                Card { title: "核销", aside: "建议：先到期先还 · 可改",
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
                        name: "reason", label: "为什么没收齐？什么时候补？", required: true,
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

pub fn promise_page() -> Element {
    rsx! {
        div { class: "app",
            TopBar { title: "还款承诺", onback: ignore::<()>(),
                Tag { tone: Tone::Teal, "第 2 步 / 3" }
            }
            Page {
                Letter { title: "还款承诺书",
                    p { "致：城西贸易有限公司" }
                    p { "本单位尚欠贵公司货款人民币叁万元整（¥30,000.00），承诺按下列日期付清：" }
                    table {
                        tbody {
                            for (date , sum) in [("2026年11月28日", "¥10,000.00"), ("2026年12月12日", "¥10,000.00"), ("2026年12月26日", "¥10,000.00")] {
                                tr { td { "{date}" } td { class: "r", "{sum}" } }
                            }
                        }
                    }
                    p { "逾期未付，愿按约承担违约责任。" }
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
                p { class: "t3", "签字后内容封存，任何改动都看得出来。指纹 " span { class: "hash", "7c1e 09b4 52f8" } }
                ActionBar {
                    Button { kind: ButtonKind::Sub, {t("sign-again")} }
                    Button { wide: true, icon: IconName::Lock, "确认并封存" }
                }
            }
        }
    }
}

pub fn voucher_page() -> Element {
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
