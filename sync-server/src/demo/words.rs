//! Words of the demo company: trades, shop names, streets, people, sentences of visits.
//!
//! All are invented; places are real districts and streets of Chengdu, house numbers are drawn.

/// A trade with its shop name endings and the goods they buy.
pub struct Trade {
    /// Endings of a shop's name.
    pub endings: &'static [&'static str],
    /// Weight among the customers.
    pub weight: u32,
}

/// Trades.
pub const TRADES: &[Trade] = &[
    Trade {
        endings: &["五金店", "五金机电", "五金工具行", "五金批发部", "五金水暖"],
        weight: 210,
    },
    Trade {
        endings: &[
            "建材经营部",
            "建材商行",
            "装饰建材",
            "建材有限公司",
            "管材经营部",
        ],
        weight: 180,
    },
    Trade {
        endings: &["超市", "便利店", "生活超市", "副食店", "百货商店"],
        weight: 160,
    },
    Trade {
        endings: &["粮油店", "粮油批发部", "粮油商行", "干杂店"],
        weight: 100,
    },
    Trade {
        endings: &["电器行", "家电维修部", "电器商场", "照明电器", "电工电料行"],
        weight: 110,
    },
    Trade {
        endings: &["装饰工程部", "装饰材料店", "油漆涂料店", "门窗经营部"],
        weight: 110,
    },
    Trade {
        endings: &["火锅店", "川菜馆", "面馆", "饭店", "餐饮管理有限公司"],
        weight: 80,
    },
    Trade {
        endings: &["水电安装部", "劳保用品店", "日杂店", "厨具商行"],
        weight: 50,
    },
];

/// First parts of shop names.
pub const NAME_HEADS: &[&str] = &[
    "鑫", "永", "宏", "金", "兴", "顺", "福", "盛", "恒", "佳", "华", "瑞", "祥", "泰", "汇", "诚",
    "德", "万", "天", "长", "新", "大", "广", "富", "源", "聚", "和", "安", "荣", "康",
];
/// Second parts of shop names.
pub const NAME_TAILS: &[&str] = &[
    "达", "发", "利", "源", "隆", "通", "泰", "兴", "盛", "昌", "和", "顺", "丰", "成", "茂", "旺",
    "城", "美", "信", "辉", "强", "鑫", "元", "康", "安", "立", "民", "宝", "祥", "友",
];
/// Family names by weight.
pub const FAMILY: &[(u32, &str)] = &[
    (80, "王"),
    (78, "李"),
    (75, "张"),
    (60, "刘"),
    (55, "陈"),
    (45, "杨"),
    (30, "黄"),
    (28, "周"),
    (26, "吴"),
    (25, "赵"),
    (20, "何"),
    (20, "唐"),
    (20, "罗"),
    (18, "邓"),
    (18, "谢"),
    (18, "曾"),
    (16, "廖"),
    (16, "蒋"),
    (14, "彭"),
    (14, "钟"),
    (12, "魏"),
    (12, "冯"),
    (10, "严"),
    (10, "代"),
    (10, "付"),
    (8, "卿"),
    (6, "欧阳"),
    (5, "蒲"),
];
/// Given names.
pub const GIVEN: &[&str] = &[
    "伟", "芳", "娜", "敏", "静", "秀英", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟",
    "涛", "明", "超", "秀兰", "霞", "平", "刚", "桂英", "建国", "建华", "志强", "晓东", "国庆",
    "小红", "春燕", "德华", "光明", "永福", "天明", "俊", "玲", "斌", "波", "辉", "凤", "红梅",
    "世杰", "家豪", "雪梅", "成林", "大勇", "文静", "思远", "海燕", "学军",
];

/// A district: name, centre in 10⁻⁷ degrees, streets.
pub struct District {
    /// Name.
    pub name: &'static str,
    /// Latitude of its centre.
    pub lat_e7: i32,
    /// Longitude of its centre.
    pub lon_e7: i32,
    /// Streets.
    pub streets: &'static [&'static str],
}

/// Districts in the order in which territories take them, two each.
pub const DISTRICTS: &[District] = &[
    District {
        name: "青羊区",
        lat_e7: 306_740_000,
        lon_e7: 1_040_200_000,
        streets: &[
            "光华大道一段",
            "清江东路",
            "青羊大道",
            "蜀辉路",
            "浣花北路",
            "同诚路",
            "瑞联路",
            "二环路西一段",
        ],
    },
    District {
        name: "金牛区",
        lat_e7: 307_080_000,
        lon_e7: 1_040_450_000,
        streets: &[
            "茶店子路",
            "一品天下大街",
            "沙湾路",
            "交大路",
            "营门口路",
            "金府路",
            "五里墩支路",
            "花照壁西顺街",
        ],
    },
    District {
        name: "武侯区",
        lat_e7: 306_300_000,
        lon_e7: 1_040_350_000,
        streets: &[
            "武侯大道双楠段",
            "佳灵路",
            "丽都路",
            "晋阳路",
            "簇锦横街",
            "聚龙路",
            "机场路",
            "太平寺西路",
        ],
    },
    District {
        name: "高新区",
        lat_e7: 305_800_000,
        lon_e7: 1_040_600_000,
        streets: &[
            "天府大道北段",
            "府城大道西段",
            "新园大道",
            "中和大道",
            "益州大道中段",
            "剑南大道中段",
            "锦城大道",
            "肖家河街",
        ],
    },
    District {
        name: "锦江区",
        lat_e7: 306_250_000,
        lon_e7: 1_041_000_000,
        streets: &[
            "东大街牛王庙段",
            "静居寺路",
            "三圣街",
            "锦华路一段",
            "琉璃路",
            "静沙南路",
            "海椒市街",
            "莲花北路",
        ],
    },
    District {
        name: "成华区",
        lat_e7: 306_800_000,
        lon_e7: 1_041_200_000,
        streets: &[
            "建设北路",
            "二仙桥东路",
            "双林路",
            "杉板桥路",
            "万年路",
            "驷马桥街",
            "八里小区路",
            "龙潭总部环路",
        ],
    },
];

/// What a rep writes down when nothing was paid.
pub const NOTES_UNPAID: &[&str] = &[
    "老板说月底回款后再安排，催了两次没有松口。",
    "货还堆了半个仓库，他说卖不动，让我们先帮忙做活动。",
    "会计请假，老板不肯先付，约了下周再来。",
    "对账差一张送货单，回去核实后发给他。",
    "态度还好，就是没钱。店里三个工人在等工资。",
    "上家工程款没到，说到账第一个付我们。",
    "老板一直在打电话，等了四十分钟，只说了句下周。",
    "要求再发一批货才付旧账，没有答应。",
];
/// When a promise was signed.
pub const NOTES_PROMISED: &[&str] = &[
    "谈了一个小时，同意分期，当面签了承诺书。",
    "老板娘做主签的字，账本上写了日期。",
    "先承诺一部分，剩下的等工程款。已提醒逾期停货。",
    "把对账单逐笔过了一遍，没有异议，签字确认。",
];
/// When money was taken.
pub const NOTES_PAID: &[&str] = &[
    "到店就付了，很爽快。",
    "赶在供应商都来之前到的，先拿到钱。",
    "收的时候点了两遍，当场开票。",
    "付了一部分，剩下的约好时间。",
    "店里刚收完货款，顺利。",
    "老板不在，会计按单付的。",
];
/// When nobody who could decide was there.
pub const NOTES_NOBODY: &[&str] = &[
    "老板外出，店员说晚上回来。",
    "关门，隔壁说最近常这样。",
    "只有小工在，留了对账单。",
];
/// Other visits.
pub const NOTES_OTHER: &[&str] = &[
    "盘了库存，还剩两成，可以提醒补货。",
    "提醒下周到期，对方记下了。",
    "送对账单，签收。",
    "新店员，介绍了账期规则。",
];

/// What supervisors say about visits.
pub const COMMENTS: &[&str] = &[
    "下次带上对账单原件，让会计一起签。",
    "这户要盯紧，停货的事我来打电话。",
    "做得好，剩余的按承诺书走。",
    "周四我跟你一起去。",
    "先别答应展期，问清楚上家什么时候付。",
    "注意看库存，八成卖完的时候去最好谈。",
    "签到位置离店有点远，说明一下。",
    "收到。现金今天交回公司。",
];
/// What reps answer.
pub const REPLIES: &[&str] = &[
    "好的，明天下午去。",
    "已和会计约好。",
    "当时在隔壁市场停车，定位飘了。",
    "收到，今晚交。",
];

/// Best times to come.
pub const BEST_TIMES: &[&str] = &[
    "15:30 以后",
    "上午 10 点前",
    "下午 4 点，店里人少",
    "周一上午结完账",
    "每月 10 号以后",
];
/// Purchasing cycles.
pub const PURCHASE_CYCLES: &[&str] =
    &["每周一进货", "半月一次", "每月初", "看工地进度", "节前集中"];
/// Payment cycles.
pub const PAYMENT_CYCLES: &[&str] = &[
    "每月 15 号付款",
    "月底付款",
    "见票付款",
    "收到工程款后",
    "逢 5 付款",
];
/// Positions of signers.
pub const SIGNER_ROLES: &[&str] = &["法定代表人", "店主", "老板娘", "会计", "店长"];
/// Banks.
pub const BANKS: &[&str] = &[
    "成都银行金牛支行",
    "工商银行高新支行",
    "建设银行青羊支行",
    "农商银行武侯支行",
];
