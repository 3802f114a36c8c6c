//! Files that finance uploads: choosing one, the column map by which it is read, and the rows that cannot be read.
//!
//! Invariants: the bytes stay with the page until another file is chosen, so that what was looked at is what is sent;
//! the map shown is the one that the server read the file by.

use std::{collections::BTreeMap, rc::Rc};

use dioxus::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use shared::{money::Money, sync::limits::UPLOAD_BYTES};

use super::{
    api::{Failure, judge},
    browser,
    state::{DeskState, use_desk},
    words,
};
use crate::{
    components::{
        Button, ButtonKind, CheckBox, Choice, Column, DataRow, DataTable, Field as TextField,
        FieldKind, Icon, IconName, SelectField, Tag, Tone,
    },
    i18n::{t, t_args},
};

/// A column map: see `Mapping` in the API's description.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mapping {
    /// One character, or `tab`.
    pub delimiter: String,
    /// The row of the header, 1 being the first.
    pub header_row: usize,
    /// Field by field, the column.
    pub columns: BTreeMap<String, String>,
    /// Days of the term where the file does not say.
    pub term_days: Option<u16>,
    /// Make customers that invoices name.
    pub create_customers: bool,
    /// Territory of customers whose row names none.
    pub territory: String,
    /// Negative amounts are credit notes.
    pub negative: bool,
    /// Round to two decimals.
    pub round: bool,
}

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct FileColumn {
    /// As a map names it.
    pub name: String,
    /// Its first texts.
    pub samples: Vec<String>,
}

/// A field that a map may name.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Field {
    /// Field.
    pub name: String,
    /// A map must name it.
    pub needed: bool,
}

/// A file as it is read.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct File {
    /// What its bytes are read as.
    pub encoding: String,
    /// Its columns.
    pub columns: Vec<FileColumn>,
    /// The fields of this kind of file.
    pub fields: Vec<Field>,
    /// By which map it is read.
    pub mapping: Mapping,
    /// `given`, `kept` or `guessed`.
    pub origin: String,
    /// Fields that have to be mapped.
    pub missing: Vec<String>,
}

/// A row that cannot be taken.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct BadRow {
    /// Line of the file.
    pub line: u64,
    /// Column.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// Code of the reason.
    pub reason: String,
}

/// Rows and their sum; the sum as text, for it may have more decimals than money.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Tally {
    /// Rows.
    pub rows: u64,
    /// Sum.
    pub sum: String,
}

impl Tally {
    /// `12 · ¥3,400.00`
    pub fn shown(&self) -> String {
        let sum = self.sum.parse::<Money>();
        let sum = sum.map_or_else(|_| format!("¥{}", self.sum), crate::format::money);
        t_args(
            "desk-count-sum",
            &[("count", self.rows.into()), ("sum", sum.into())],
        )
    }
}

/// What the server said of a file: `T`. Only the answer to what was asked last counts.
pub struct Loaded<T: 'static> {
    field: &'static str,
    found: Signal<Option<Rc<T>>>,
    failure: Signal<Option<Failure>>,
    busy: Signal<bool>,
    asked: CopyValue<u64>,
    desk: DeskState,
}

impl<T> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loaded<T> {}

/// Nothing yet of the file that will be chosen in this field.
pub fn use_loaded<T: DeserializeOwned + 'static>(field: &'static str) -> Loaded<T> {
    Loaded {
        field,
        found: use_signal(|| None),
        failure: use_signal(|| None),
        busy: use_signal(|| false),
        asked: use_hook(|| CopyValue::new(0)),
        desk: use_desk(),
    }
}

impl<T: DeserializeOwned + 'static> Loaded<T> {
    /// The last answer.
    pub fn found(self) -> Option<Rc<T>> {
        self.found.read().clone()
    }

    /// Why what was asked last was refused; the answer before it stands.
    pub fn failure(self) -> Option<Failure> {
        self.failure.read().clone()
    }

    /// Is an answer still to come?
    pub fn is_busy(self) -> bool {
        (self.busy)()
    }

    /// Another file: nothing of the one before is left.
    pub fn forget(self, failure: Option<Failure>) {
        let (mut found, mut failed, mut asked) = (self.found, self.failure, self.asked);
        let ticket = *asked.peek() + 1;
        asked.set(ticket);
        found.set(None);
        failed.set(failure);
    }

    /// Sends the chosen file there, to be read by this map or by the one that the server takes.
    pub fn send(self, path: String, map: Option<Mapping>, done: impl FnOnce(Rc<T>) + 'static) {
        let (mut found, mut failed, mut busy) = (self.found, self.failure, self.busy);
        let mut asked = self.asked;
        let ticket = *asked.peek() + 1;
        asked.set(ticket);
        busy.set(true);
        spawn(async move {
            let map = map.and_then(|map| serde_json::to_string(&map).ok());
            let answer = judge::<T>(browser::upload(self.field, &path, map).await);
            if *asked.peek() != ticket {
                return;
            }
            busy.set(false);
            match answer {
                Ok(answer) => {
                    let answer = Rc::new(answer);
                    failed.set(None);
                    found.set(Some(Rc::clone(&answer)));
                    done(answer);
                }
                Err(refused) => {
                    if refused.is_signed_out() {
                        self.desk.look_again();
                    }
                    failed.set(Some(refused));
                }
            }
        });
    }
}

/// A button that opens the choice of a file; `onchosen` gets its name once its bytes are here, or why not.
#[component]
pub fn FileChooser(
    id: &'static str,
    label: String,
    /// Another one was chosen before.
    again: bool,
    onchosen: EventHandler<Result<String, Failure>>,
) -> Element {
    let most = u32::try_from(UPLOAD_BYTES).unwrap_or(u32::MAX);
    let chosen = move |_| {
        spawn(async move {
            onchosen.call(judge::<String>(browser::choose(id, most).await));
        });
    };
    let kind = if again { "btn sub" } else { "btn" };
    rsx! {
        label { class: "{kind} file-choice", r#for: id,
            input { id, r#type: "file", accept: ".csv,.txt,.tsv,text/csv,text/plain", onchange: chosen }
            Icon { name: IconName::Document }
            span { "{label}" }
        }
    }
}

/// The word for a field of a file.
pub fn field_word(name: &str) -> String {
    words::word("desk-field", name)
}

/// How the file is read, and the map to change it. `onmap` gets the changed map.
#[component]
pub fn MapEditor(
    file: File,
    /// Kind of file: `invoices`, …
    kind: String,
    busy: bool,
    onmap: EventHandler<Mapping>,
) -> Element {
    let missing = !file.missing.is_empty();
    let mapped = file.mapping.columns.len();
    let origin = match missing {
        true => Tone::Amber,
        false => Tone::Neutral,
    };
    // It opens where columns are to be chosen, and stays as whoever works with it leaves it.
    let open = use_hook(|| missing);
    rsx! {
        details { class: "card fold", id: "map", open,
            summary {
                strong { {t("desk-map")} }
                " "
                span { class: "t2",
                    {t_args("desk-map-count", &[("mapped", mapped.into()), ("all", file.columns.len().into())])}
                }
                " "
                Tag { tone: origin,
                    {if missing { t("desk-map-missing") } else { words::word("desk-map-origin", &file.origin) }}
                }
            }
            for mapping in [file.mapping.clone()] {
                MapBody { key: "{mapping:?}", file: file.clone(), kind: kind.clone(), busy, onmap }
            }
        }
    }
}

/// A map as it is being changed; the days as they are typed.
#[derive(Clone, Copy, PartialEq)]
struct Draft {
    map: Signal<Mapping>,
    days: Signal<String>,
}

impl Draft {
    /// The map as it stands now.
    fn now(self) -> Mapping {
        let mut map = self.map.peek().clone();
        map.term_days = self.days.peek().trim().parse().ok();
        map
    }
}

#[component]
fn MapBody(file: File, kind: String, busy: bool, onmap: EventHandler<Mapping>) -> Element {
    let mapping = file.mapping.clone();
    let days = mapping.term_days.map(|days| days.to_string());
    let draft = Draft {
        map: use_signal(move || mapping),
        days: use_signal(move || days.unwrap_or_default()),
    };
    rsx! {
        MapTable { file: file.clone(), draft, onmap }
        MapRules { file, kind, draft, busy, onmap }
    }
}

#[component]
fn MapTable(file: File, draft: Draft, onmap: EventHandler<Mapping>) -> Element {
    let columns = vec![
        Column::text(t("desk-map-field")),
        Column::text(t("desk-map-column")),
        Column::text(t("desk-map-samples")),
    ];
    let none = Choice::new("", t("desk-map-none"));
    let names = file.columns.iter();
    let names = names.map(|column| Choice::new(column.name.clone(), column.name.clone()));
    let options: Vec<Choice> = std::iter::once(none).chain(names).collect();
    rsx! {
        DataTable { caption: t("desk-map"), columns,
            for field in file.fields.clone() {
                DataRow { key: "{field.name}",
                    td { class: "nowrap",
                        {field_word(&field.name)}
                        if field.needed {
                            " "
                            span { class: "must", {t("required")} }
                        }
                        if file.missing.contains(&field.name) {
                            " "
                            Tag { tone: Tone::Amber, {t("desk-map-choose")} }
                        }
                    }
                    td {
                        select {
                            id: "map-{field.name}",
                            class: "input",
                            aria_label: field_word(&field.name),
                            onchange: {
                                let name = field.name.clone();
                                move |event: FormEvent| onmap.call(with_column(&draft.now(), &name, event.value()))
                            },
                            for option in options.clone() {
                                option {
                                    key: "{option.value}",
                                    value: "{option.value}",
                                    selected: file.mapping.columns.get(&field.name).map_or("", String::as_str) == option.value,
                                    "{option.label}"
                                }
                            }
                        }
                    }
                    td { class: "t2", {samples(&file, &field.name)} }
                }
            }
        }
    }
}

/// The first texts of the column in which a field stands.
fn samples(file: &File, field: &str) -> String {
    let name = file.mapping.columns.get(field);
    let column = file.columns.iter().find(|c| Some(&c.name) == name);
    column.map_or_else(String::new, |c| c.samples.join("　"))
}

/// The map with one field in another column, or in none. A column holds one field.
fn with_column(mapping: &Mapping, field: &str, column: String) -> Mapping {
    let mut changed = mapping.clone();
    changed.columns.retain(|_, taken| *taken != column);
    match column.is_empty() {
        true => changed.columns.remove(field),
        false => changed.columns.insert(field.to_owned(), column),
    };
    changed
}

/// What files of this kind differ in beside their columns.
#[component]
fn MapRules(
    file: File,
    kind: String,
    draft: Draft,
    busy: bool,
    onmap: EventHandler<Mapping>,
) -> Element {
    let mut map = draft.map;
    let mut days = draft.days;
    let first_days = days.peek().clone();
    let (has_terms, has_sums) = (
        kind == "invoices" || kind == "customers",
        kind == "invoices" || kind == "payments",
    );
    let delimiters = [(",", ","), (";", ";"), ("tab", "Tab"), ("|", "|")];
    let delimiters = delimiters.map(|(value, label)| Choice::new(value, label));
    let rows = (1..=20).map(|row: usize| Choice::new(row.to_string(), row.to_string()));
    let change = move |edit: &dyn Fn(&mut Mapping)| {
        let mut map = draft.now();
        edit(&mut map);
        onmap.call(map);
    };
    rsx! {
        div { class: "filters",
            // Another header has other columns: they are guessed anew.
            SelectField {
                id: "map-header-row",
                label: t("desk-map-header-row"),
                options: rows.collect::<Vec<_>>(),
                value: file.mapping.header_row.to_string(),
                onchange: move |row: String| change(&|map| {
                    map.header_row = row.parse().unwrap_or(1);
                    map.columns.clear();
                }),
            }
            SelectField {
                id: "map-delimiter",
                label: t("desk-map-delimiter"),
                options: delimiters.to_vec(),
                value: file.mapping.delimiter.clone(),
                onchange: move |mark: String| change(&|map| {
                    map.delimiter.clone_from(&mark);
                    map.columns.clear();
                }),
            }
            if has_terms {
                TextField { id: "map-term-days", label: t("desk-map-term-days"), kind: FieldKind::Digits, initial: first_days, max_length: 4, oninput: move |text| days.set(text) }
                TextField { id: "map-territory", label: t("desk-map-territory"), initial: file.mapping.territory.clone(), oninput: move |text| map.write().territory = text }
            }
        }
        div { class: "map-rules",
            if kind == "invoices" {
                CheckBox { id: "map-create", label: t("desk-map-create"), checked: file.mapping.create_customers, onchange: move |on| change(&|map| map.create_customers = on) }
            }
            if has_sums {
                CheckBox { id: "map-negative", label: t("desk-map-negative"), checked: file.mapping.negative, onchange: move |on| change(&|map| map.negative = on) }
                CheckBox { id: "map-round", label: t("desk-map-round"), checked: file.mapping.round, onchange: move |on| change(&|map| map.round = on) }
            }
            if has_terms {
                Button { kind: ButtonKind::Soft, small: true, busy, id: "map-look", onclick: move |_| change(&|_| ()), {t("desk-map-look")} }
            }
        }
    }
}

/// Rows that cannot be taken, each with its place and the reason.
#[component]
pub fn BadRows(rows: Vec<BadRow>) -> Element {
    let columns = vec![
        Column::figures(t("desk-bad-line")),
        Column::text(t("desk-map-column")),
        Column::text(t("desk-bad-value")),
        Column::text(t("desk-bad-why")),
    ];
    rsx! {
        DataTable { caption: t("desk-bad-rows"), columns,
            for row in rows {
                DataRow { key: "{row.line}",
                    td { class: "r num", "{row.line}" }
                    td { class: "nowrap", "{row.column}" }
                    td { class: "bad-value", "{row.value}" }
                    td { {reason(&row.reason)} }
                }
            }
        }
    }
}

/// `import.date_invalid` in words.
fn reason(code: &str) -> String {
    let slug = code.trim_start_matches("import.").replace('_', "-");
    words::word("desk-bad", &slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_holds_one_field_and_a_field_may_be_taken_out() {
        let mut map = Mapping::default();
        for (field, column, expected) in [
            ("number", "甲", "number=甲"),
            ("amount", "乙", "amount=乙 number=甲"),
            ("day", "甲", "amount=乙 day=甲"),
            ("amount", "", "day=甲"),
        ] {
            map = with_column(&map, field, column.to_owned());
            let found: Vec<_> = map
                .columns
                .iter()
                .map(|(f, c)| format!("{f}={c}"))
                .collect();
            assert_eq!(found.join(" "), expected);
        }
    }

    #[test]
    fn every_reason_of_a_bad_row_and_every_field_has_its_words() {
        for code in [
            "encoding",
            "short_row",
            "long_row",
            "quote_unclosed",
            "missing",
            "too_long",
            "control_character",
            "date_invalid",
            "amount_invalid",
            "amount_too_precise",
            "amount_out_of_range",
            "amount_negative",
            "amount_zero",
            "number_invalid",
            "choice_invalid",
            "currency_unknown",
            "currency_other",
            "duplicate_number",
            "customer_unknown",
            "invoice_unknown",
            "invoice_of_another_customer",
            "customer_changed",
            "due_before_issued",
            "number_conflict",
            "rep_unknown",
            "store",
        ] {
            let words = reason(&format!("import.{code}"));
            assert!(
                words.chars().count() > 3 && !words.contains(['_', '-']),
                "{code}: {words}"
            );
        }
        for field in [
            "number",
            "name",
            "territory",
            "rep",
            "address",
            "contact",
            "contact_role",
            "phone",
            "term_days",
            "credit_limit",
            "grade",
            "settlement",
            "latitude",
            "longitude",
            "hold",
            "customer",
            "issued",
            "due",
            "amount",
            "customer_name",
            "day",
            "invoice",
            "payer",
            "text",
        ] {
            assert_ne!(field_word(field), field);
        }
    }

    #[test]
    fn a_tally_shows_rows_and_sum_even_where_it_is_finer_than_money() {
        let shown = |sum: &str| {
            Tally {
                rows: 2,
                sum: sum.to_owned(),
            }
            .shown()
        };
        assert!(
            shown("1200.50").contains("1,200.50"),
            "{}",
            shown("1200.50")
        );
        assert!(shown("1.005").contains("1.005"));
    }
}
