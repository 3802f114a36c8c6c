//! Which column is which field, guessed from the names in the header, Chinese and English.
//!
//! Invariants: no column is guessed for two fields; a name that says exactly the field goes before one that only
//! contains it. The words are those of the exports of UFIDA, Kingdee and of the large banks, and of their English
//! editions; a guess is shown and can be changed, it decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::{Kind, mapping::column_names};

/// A field and the words for it, the likeliest first.
type Words = &'static [(&'static str, &'static [&'static str])];

#[rustfmt::skip]
const CUSTOMERS: Words = &[
    ("number", &["客户编号", "客户编码", "客户代码", "客户号", "往来单位编码", "编号", "编码", "代码", "customer number", "customer no", "customer id", "customer code", "account number", "number", "no", "code", "id"]),
    ("name", &["客户名称", "客户全称", "客户简称", "单位名称", "往来单位名称", "名称", "客户", "店名", "customer name", "customer", "company name", "company", "name"]),
    ("territory", &["片区", "区域", "地区", "销售区域", "所属区域", "分区", "territory", "region", "area", "district"]),
    ("rep", &["业务员", "销售员", "业务代表", "销售代表", "负责人", "专管业务员", "salesperson", "sales rep", "sales representative", "rep", "owner"]),
    ("address", &["地址", "联系地址", "收货地址", "客户地址", "address", "street"]),
    ("contact_role", &["联系人职务", "职务", "角色", "contact role", "role", "position"]),
    ("contact", &["联系人", "联系人姓名", "contact", "contact name", "contact person"]),
    ("phone", &["电话", "手机", "手机号", "联系电话", "联系方式", "phone", "mobile", "telephone", "tel"]),
    ("term_days", &["账期", "账期天数", "信用期", "信用天数", "付款天数", "收款期限", "term days", "credit days", "payment terms", "terms", "net days"]),
    ("credit_limit", &["信用额度", "授信额度", "额度", "credit limit", "limit"]),
    ("grade", &["信用等级", "客户等级", "等级", "级别", "credit grade", "grade", "rating"]),
    ("settlement", &["结算方式", "付款方式", "结算", "settlement", "settlement method", "payment method"]),
    ("latitude", &["纬度", "latitude", "lat"]),
    ("longitude", &["经度", "longitude", "lon", "lng"]),
    ("hold", &["停货", "冻结", "是否停货", "credit hold", "hold", "blocked"]),
];

#[rustfmt::skip]
const INVOICES: Words = &[
    ("number", &["发票号", "发票号码", "发票编号", "单据号", "单据编号", "单号", "票号", "销货单号", "invoice number", "invoice no", "invoice id", "invoice", "document number", "document no", "number", "no"]),
    ("customer", &["客户编号", "客户编码", "客户代码", "客户号", "往来单位编码", "customer number", "customer no", "customer id", "customer code", "cust number", "account number", "account"]),
    ("customer_name", &["客户名称", "客户全称", "客户简称", "购方名称", "购货单位", "往来单位名称", "单位名称", "客户", "customer name", "name customer", "customer", "company"]),
    ("issued", &["开票日期", "发票日期", "单据日期", "业务日期", "制单日期", "日期", "invoice date", "issue date", "issued", "document date", "posting date", "document create date", "date"]),
    ("due", &["到期日", "到期日期", "应收日期", "付款到期日", "收款到期日", "due date", "due in date", "due", "payable by", "maturity"]),
    ("amount", &["未收金额", "应收余额", "欠款金额", "价税合计", "含税金额", "应收金额", "发票金额", "金额", "合计", "open amount", "total open amount", "outstanding", "invoice amount", "total amount", "amount due", "amount", "total"]),
    ("territory", &["片区", "区域", "地区", "销售区域", "territory", "region", "area"]),
];

#[rustfmt::skip]
const PAYMENTS: Words = &[
    ("number", &["收款单号", "收款编号", "回款单号", "付款单号", "单据号", "单据编号", "凭证号", "流水号", "单号", "编号", "payment number", "payment no", "payment id", "receipt number", "receipt no", "voucher", "number", "no", "reference"]),
    ("day", &["收款日期", "回款日期", "到账日期", "付款日期", "入账日期", "单据日期", "日期", "payment date", "paid on", "received on", "booking date", "date", "day"]),
    ("amount", &["收款金额", "回款金额", "到账金额", "付款金额", "实收金额", "金额", "payment amount", "paid amount", "amount paid", "amount", "paid", "total"]),
    ("customer", &["客户编号", "客户编码", "客户代码", "客户号", "往来单位编码", "customer number", "customer no", "customer id", "customer code", "account number", "customer"]),
    ("invoice", &["发票号", "发票号码", "核销单号", "核销发票", "对应发票", "源单号", "invoice number", "invoice no", "invoice id", "invoice", "applied to"]),
];

#[rustfmt::skip]
const BANK_LINES: Words = &[
    ("number", &["交易流水号", "账户明细编号-交易流水号", "账户明细编号", "核心流水号", "银行流水号", "流水号", "交易序号", "业务流水号", "凭证号", "交易订单号", "订单号", "transaction id", "transaction number", "transaction reference", "bank reference", "reference number", "reference", "ref", "serial no", "id"]),
    ("day", &["交易日期", "记账日期", "入账日期", "记账日", "交易时间", "起息日", "日期", "时间", "booking date", "posting date", "transaction date", "value date", "date"]),
    ("amount", &["收入金额", "贷方发生额", "贷方发生额(收入)", "贷方金额", "转入金额", "存入金额", "收入", "贷方", "入账金额", "交易金额", "发生额", "金额", "credit amount", "paid in", "money in", "deposit", "deposits", "credit", "transaction amount", "amount"]),
    ("payer", &["对方户名", "对方账户名称", "对方名称", "对方单位名称", "付款人名称", "付款人户名", "付款方名称", "付款人", "付款方", "对方单位", "交易对方", "户名", "payer name", "payer", "counterparty name", "counterparty", "remitter", "from", "name"]),
    ("text", &["摘要", "用途", "附言", "备注", "交易摘要", "交易备注", "交易附言", "交易用途", "客户附言", "purpose", "remittance information", "description", "details", "narrative", "memo", "remark", "remarks", "text"]),
];

fn words(kind: Kind) -> Words {
    match kind {
        Kind::Customers => CUSTOMERS,
        Kind::Invoices => INVOICES,
        Kind::Payments => PAYMENTS,
        Kind::BankLines => BANK_LINES,
    }
}

/// A name as it is compared: small letters and digits without marks, what stands in brackets left aside.
fn plain(name: &str) -> String {
    let mut depth = 0_usize;
    let mut plain = String::new();
    for c in name.chars() {
        match c {
            '(' | '（' | '[' | '【' => depth += 1,
            ')' | '）' | ']' | '】' => depth = depth.saturating_sub(1),
            c if depth == 0 && c.is_alphanumeric() => plain.extend(c.to_lowercase()),
            _ => {}
        }
    }
    plain
}

/// Field by field the column, named as a mapping names it.
pub(super) fn columns(kind: Kind, header: &[String]) -> BTreeMap<String, String> {
    let names = column_names(header);
    let plains: Vec<String> = header.iter().map(|name| plain(name)).collect();
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let exactly = |name: &str, word: &str| name == word;
    // One letter or sign says too little to be looked for inside of another name.
    let within = |name: &str, word: &str| {
        let least = if word.is_ascii() { 4 } else { 2 };
        word.chars().count() >= least && name.contains(word)
    };
    let rules: [fn(&str, &str) -> bool; 2] = [exactly, within];
    for rule in rules {
        for (field, known) in words(kind) {
            if found.contains_key(field) {
                continue;
            }
            let column = known.iter().map(|word| plain(word)).find_map(|word| {
                let mut all = plains.iter().enumerate();
                all.find(|(at, name)| !taken.contains(at) && rule(name, &word))
            });
            if let Some((at, _)) = column {
                found.insert(field, at);
                taken.insert(at);
            }
        }
    }
    let named = |(field, at): (&str, usize)| Some((field.to_owned(), names.get(at)?.clone()));
    found.into_iter().filter_map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_books_and_banks_are_understood() {
        let check = |kind, header: &str, expected: &str| {
            let header: Vec<String> = header.split(',').map(str::to_owned).collect();
            let found = columns(kind, &header).into_iter();
            let found: Vec<_> = found
                .map(|(field, name)| format!("{field}={name}"))
                .collect();
            assert_eq!(found.join(" "), expected, "{header:?}");
        };
        check(
            Kind::Invoices,
            "发票号,客户编号,客户名称,开票日期,到期日,金额(元)",
            "amount=金额(元) customer=客户编号 customer_name=客户名称 due=到期日 issued=开票日期 number=发票号",
        );
        check(
            Kind::Invoices,
            "Invoice No.,Customer ID,Customer,Invoice Date,Due Date,Amount",
            "amount=Amount customer=Customer ID customer_name=Customer due=Due Date issued=Invoice Date number=Invoice No.",
        );
        // The header of ../shared/data's international receivables.
        check(
            Kind::Invoices,
            "business_code,cust_number,name_customer,posting_date,due_in_date,total_open_amount,invoice_id",
            "amount=total_open_amount customer=cust_number customer_name=name_customer due=due_in_date issued=posting_date number=invoice_id",
        );
        check(
            Kind::Customers,
            "编号,名称,片区,业务员,电话,账期（天）,信用额度",
            "credit_limit=信用额度 name=名称 number=编号 phone=电话 rep=业务员 term_days=账期（天） territory=片区",
        );
        check(
            Kind::Customers,
            "Code,Name,Region,Sales rep,Mobile,Credit limit",
            "credit_limit=Credit limit name=Name number=Code phone=Mobile rep=Sales rep territory=Region",
        );
        check(
            Kind::Payments,
            "收款单号,收款日期,客户编号,发票号,收款金额",
            "amount=收款金额 customer=客户编号 day=收款日期 invoice=发票号 number=收款单号",
        );
        check(
            Kind::Payments,
            "Payment date,Payment no,Amount paid,Invoice",
            "amount=Amount paid day=Payment date invoice=Invoice number=Payment no",
        );
        check(
            Kind::BankLines,
            "交易日期,交易时间,借方发生额（支取）,贷方发生额（收入）,余额,对方户名,摘要,交易流水号",
            "amount=贷方发生额（收入） day=交易日期 number=交易流水号 payer=对方户名 text=摘要",
        );
        check(
            Kind::BankLines,
            "Date,Reference,Money out,Money in,Balance,Counterparty name,Description",
            "amount=Money in day=Date number=Reference payer=Counterparty name text=Description",
        );
        check(Kind::BankLines, "a,b,c", "");
        check(Kind::BankLines, "", "");
    }

    #[test]
    fn a_name_that_stands_twice_or_not_at_all_is_called_by_its_place() {
        let header = ["金额", "", "金额", "日期"].map(str::to_owned);
        let found = columns(Kind::BankLines, &header);
        assert_eq!(found.get("amount").map(String::as_str), Some("#1"));
        assert_eq!(found.get("day").map(String::as_str), Some("日期"));
    }
}
