//! `/v1/desk/bank-statement`, `/v1/desk/imports/…`: files that finance uploads at the desk. The body is the file as it
//! is; the column map goes in the address, as JSON. Looking at a file and previewing it change nothing.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use shared::ledger::bank_match;
use utoipa::{IntoParams, ToSchema};

use super::bank;
use crate::{
    auth::LedgerReader,
    import::{self, ImportError, Kind, Mapping, Report, Tally, Upload},
    problem::Problem,
    state::AppState,
    store::{
        Store, StoreError,
        bank::{Matched, matched},
        bank_rule::{self, Posted},
        import_maps,
    },
};

/// Refused rows in one answer at most; all are counted.
const BAD_ROWS: usize = 200;
/// Bytes of a map in an address.
const MAP_BYTES: usize = 24_000;

/// By which map the file is read.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct By {
    /// A `Mapping` as JSON; left out: the one that was used last if it fits the file, else a guess by its header.
    pub map: Option<String>,
}

/// A column of the file.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ColumnView {
    /// As a map names it.
    pub name: String,
    /// Its first texts.
    pub samples: Vec<String>,
}

/// A field that a map may name.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FieldView {
    /// Field.
    pub name: String,
    /// A map must name it.
    pub needed: bool,
}

/// A file as it is read.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FileView {
    /// `UTF-8`, `gb18030`, `UTF-16LE`, `UTF-16BE`.
    pub encoding: String,
    /// Its columns.
    pub columns: Vec<ColumnView>,
    /// The fields that this kind of file has.
    pub fields: Vec<FieldView>,
    /// By which map it is read.
    pub mapping: Mapping,
    /// `given`, `kept` from the last time, or `guessed`.
    pub origin: String,
    /// Fields that have to be mapped before its rows can be read.
    pub missing: Vec<String>,
}

/// A refused row.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BadRowView {
    /// Line of the file on which it begins.
    pub line: u64,
    /// Column by its name.
    pub column: String,
    /// What stands there, cut to 60 characters.
    pub value: String,
    /// Why: a stable code, for example `import.date_invalid`.
    pub reason: String,
}

/// Rows and their sum.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TallyView {
    /// Rows.
    pub rows: u64,
    /// Sum of their amounts.
    pub sum: String,
}

/// A field that has another content than in the books.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChangeView {
    /// Field.
    pub field: String,
    /// In the books before.
    pub before: String,
    /// By the file.
    pub after: String,
}

/// A row that is taken.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RowView {
    /// Line of the file.
    pub line: u64,
    /// `new`, `changed` or `same`.
    pub outcome: String,
    /// Number of the customer, invoice or payment.
    pub number: String,
    /// Name of a customer; else the customer's number.
    pub customer: String,
    /// Due day of an invoice, day of a payment.
    pub day: Option<String>,
    /// Sum.
    pub amount: Option<String>,
    /// What differs from the books, where it is changed.
    pub changes: Vec<ChangeView>,
}

/// What an import changes, or has changed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OutcomeView {
    /// False: nothing was changed.
    pub applied: bool,
    /// Rows after the header, without blank ones.
    pub rows: u64,
    /// New in the books.
    pub created: TallyView,
    /// In the books with another content.
    pub changed: TallyView,
    /// In the books with the same content.
    pub same: TallyView,
    /// Refused: while there is one, nothing is imported.
    pub refused: TallyView,
    /// Amounts that are rounded, and what rounding adds.
    pub rounded: TallyView,
    /// Customers made because invoices name them.
    pub customers_created: u64,
    /// Territories made because rows name them.
    pub territories_created: u64,
    /// The first rows of each outcome, at most twenty of each, by line.
    pub first_rows: Vec<RowView>,
    /// Refused rows, at most 200 of them.
    pub bad_rows: Vec<BadRowView>,
}

/// A file and what importing it changes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ImportView {
    /// The file.
    pub file: FileView,
    /// None while fields have to be mapped.
    pub outcome: Option<OutcomeView>,
}

/// A claim that a line may be the money of.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StatementClaim {
    /// Document id of the receipt.
    pub receipt: String,
    /// Its printed number.
    pub number: String,
    /// Customer by the receipt.
    pub payer: String,
    /// Day of the receipt.
    pub day: String,
    /// Sum.
    pub amount: String,
    /// The line has this sum.
    pub same_sum: bool,
    /// The line's payer is one of the claim's.
    pub same_payer: bool,
    /// Days between both.
    pub days: i64,
    /// Id of the command by which this line settles this claim: always the same, so that it is taken once.
    pub command: String,
}

/// A line of a statement and what it is found to be.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StatementLine {
    /// The bank's own number of it.
    pub reference: String,
    /// Booking day.
    pub day: String,
    /// Sum; negative for money that went out.
    pub amount: String,
    /// Who paid, as the bank writes it.
    pub payer: String,
    /// Purpose, remark.
    pub text: String,
    /// `settled`, `outgoing`, `exact`, `likely`, `suggested`, `none`: see `/v1/ledger/bank-lines`.
    pub found: String,
    /// The claims, the likeliest first.
    pub claims: Vec<StatementClaim>,
}

/// A line that the company's rule has posted.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ByRuleView {
    /// The bank's own number of it.
    pub reference: String,
    /// Sum.
    pub amount: String,
    /// Document id of the receipt whose claim it settled.
    pub receipt: String,
    /// The receipt's printed number.
    pub number: String,
    /// Customer by the receipt.
    pub payer: String,
    /// Command id.
    pub command: String,
}

/// A bank statement and what its lines are found to be.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BankStatementView {
    /// The file.
    pub file: FileView,
    /// In the order of the file; empty while fields have to be mapped.
    pub lines: Vec<StatementLine>,
    /// Rows without money coming in, left out.
    pub left_out: u64,
    /// Rows that could not be read, all counted.
    pub refused: u64,
    /// The first 200 of them.
    pub bad_rows: Vec<BadRowView>,
    /// What the company's rule has posted just now.
    pub by_rule: Vec<ByRuleView>,
    /// Lines that the rule would post, were the columns not only guessed.
    pub held_back: u64,
}

fn problem(error: &ImportError) -> Problem {
    let detail = match error {
        ImportError::TooLarge(_) => {
            "the file has more rows than can be uploaded, or a row is too long"
        }
        ImportError::NotText => "the file is no text: a workbook is saved as CSV first",
        ImportError::Empty => "the file is empty",
        ImportError::NoSuchColumn { .. } => "the map names a column that the file does not have",
        ImportError::BadRows(_) => "rows are bad: nothing was imported",
        _ => "the file cannot be read by this map",
    };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.code(), detail)
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Store(error) => error.into(),
            other => problem(&other),
        }
    }
}

fn given(by: &By) -> Result<Option<Mapping>, Problem> {
    let Some(text) = by.map.as_deref() else {
        return Ok(None);
    };
    let wrong = || problem(&ImportError::Map(String::new()));
    if text.len() > MAP_BYTES {
        return Err(wrong());
    }
    serde_json::from_str(text).map(Some).map_err(|_| wrong())
}

impl FileView {
    fn of(upload: &Upload<'_>, kind: Kind) -> Self {
        let columns = upload.columns.iter().map(|column| ColumnView {
            name: column.name.clone(),
            samples: column.samples.clone(),
        });
        let fields = kind.fields().iter().map(|(name, needed)| FieldView {
            name: (*name).to_owned(),
            needed: *needed,
        });
        Self {
            encoding: upload.encoding.to_owned(),
            columns: columns.collect(),
            fields: fields.collect(),
            mapping: upload.mapping.clone(),
            origin: upload.origin.to_owned(),
            missing: upload.missing().into_iter().map(str::to_owned).collect(),
        }
    }
}

impl From<&Tally> for TallyView {
    fn from(tally: &Tally) -> Self {
        Self {
            rows: tally.rows,
            sum: tally.sum.to_string(),
        }
    }
}

fn bad_rows(report: &Report) -> Vec<BadRowView> {
    let first = report.bad_rows.iter().take(BAD_ROWS);
    let view = |bad: &import::BadRow| BadRowView {
        line: bad.line,
        column: bad.column.clone(),
        value: bad.value.clone(),
        reason: bad.reason.code().to_owned(),
    };
    first.map(view).collect()
}

impl From<&import::Sample> for RowView {
    fn from(row: &import::Sample) -> Self {
        let changes = row.changes.iter().map(|change| ChangeView {
            field: change.field.to_owned(),
            before: change.before.clone(),
            after: change.after.clone(),
        });
        Self {
            line: row.line,
            outcome: match row.outcome {
                import::Outcome::New => "new",
                import::Outcome::Changed => "changed",
                import::Outcome::Same => "same",
            }
            .to_owned(),
            number: row.number.clone(),
            customer: row.customer.clone(),
            day: row.day.map(|day| day.to_string()),
            amount: row.amount.map(|amount| amount.to_string()),
            changes: changes.collect(),
        }
    }
}

impl From<&Report> for OutcomeView {
    fn from(report: &Report) -> Self {
        Self {
            applied: report.applied,
            rows: report.rows,
            created: (&report.created).into(),
            changed: (&report.corrected).into(),
            same: (&report.unchanged).into(),
            refused: (&report.refused).into(),
            rounded: (&report.rounded).into(),
            customers_created: report.customers_created,
            territories_created: report.territories_created,
            first_rows: report.first_rows.iter().map(RowView::from).collect(),
            bad_rows: bad_rows(report),
        }
    }
}

/// The kind in the address; a bank statement is matched, not imported.
fn kind_of(slug: &str) -> Result<Kind, Problem> {
    let kind = Kind::from_slug(slug).filter(|kind| *kind != Kind::BankLines);
    kind.ok_or_else(Problem::no_such_address)
}

/// Looks at the file by the map that was given, kept or guessed.
fn look<'b>(store: &Store, bytes: &'b [u8], kind: Kind, by: &By) -> Result<Upload<'b>, Problem> {
    let given = given(by)?;
    let kept = store.read(|conn| import_maps::get(conn, kind))?;
    let upload = Upload::look(bytes, kind, given, kept)?;
    match upload.unknown_columns().first() {
        None => Ok(upload),
        Some(column) => Err(problem(&ImportError::NoSuchColumn {
            column: column.clone(),
            header: String::new(),
        })),
    }
}

/// What importing a file would change: counts and sums, the first rows, and every row that would be refused. Nothing
/// is changed.
#[utoipa::path(post, path = "/v1/desk/imports/{kind}/preview", params(By, ("kind" = String, Path,
    description = "`customers`, `invoices` or `payments`")), request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = ImportView), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)),
    security(("token" = []), ("desk" = [])))]
pub async fn preview(
    State(state): State<AppState>,
    _clerk: LedgerReader,
    Path(kind): Path<String>,
    Query(by): Query<By>,
    bytes: Bytes,
) -> Result<Json<ImportView>, Problem> {
    let kind = kind_of(&kind)?;
    // Under the lock of those who write: it is tried out and taken back.
    let view = state.writing(move |store| {
        let upload = look(store, &bytes, kind, &by)?;
        let outcome = match upload.missing().is_empty() {
            true => Some(OutcomeView::from(&upload.preview(store)?)),
            false => None,
        };
        let file = FileView::of(&upload, kind);
        Ok(ImportView { file, outcome })
    });
    Ok(Json(view.await?))
}

/// Imports a file, all or nothing, and keeps its map for the next one. The same file again changes nothing.
#[utoipa::path(post, path = "/v1/desk/imports/{kind}", params(By, ("kind" = String, Path,
    description = "`customers`, `invoices` or `payments`")), request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = ImportView), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)),
    security(("token" = []), ("desk" = [])))]
pub async fn import(
    State(state): State<AppState>,
    LedgerReader(clerk): LedgerReader,
    Path(kind): Path<String>,
    Query(by): Query<By>,
    bytes: Bytes,
) -> Result<Json<ImportView>, Problem> {
    let kind = kind_of(&kind)?;
    let view = state.writing(move |store| {
        let upload = look(store, &bytes, kind, &by)?;
        let report = upload.import(store)?;
        let (mapping, person) = (&upload.mapping, clerk.person.id);
        store.write(|tx| import_maps::keep(tx, kind, mapping, person))?;
        Ok(ImportView {
            file: FileView::of(&upload, kind),
            outcome: Some(OutcomeView::from(&report)),
        })
    });
    Ok(Json(view.await?))
}

/// Matches the lines of a bank's file to transfers in transit. It posts nothing: each match is confirmed by
/// `confirm_transfer` with the id given here. Only while the company's rule is on (`/v1/desk/bank-rule`), and not by a
/// guessed map, lines that name a claim, with its sum, are posted at once. A map that is given and reads the file is kept for the next one.
#[utoipa::path(post, path = "/v1/desk/bank-statement", params(By),
    request_body(content = String, content_type = "text/csv"), responses((status = 200, body = BankStatementView),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 413, body = Problem),
    (status = 422, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn bank_statement(
    State(state): State<AppState>,
    LedgerReader(clerk): LedgerReader,
    Query(by): Query<By>,
    bytes: Bytes,
) -> Result<Json<BankStatementView>, Problem> {
    let person = clerk.person.id;
    let view = state.writing(move |store| {
        let upload = look(store, &bytes, Kind::BankLines, &by)?;
        let mut view = BankStatementView {
            file: FileView::of(&upload, Kind::BankLines),
            lines: Vec::new(),
            left_out: 0,
            refused: 0,
            bad_rows: Vec::new(),
            by_rule: Vec::new(),
            held_back: 0,
        };
        if !upload.missing().is_empty() {
            return Ok(view);
        }
        let read = upload.bank_lines(store)?;
        view.left_out = read.report.skipped_rows;
        view.refused = read.report.refused.rows;
        view.bad_rows = bad_rows(&read.report);
        // By a guess of the columns nothing is posted: a person has to have said what they mean.
        if upload.origin != import::GUESSED {
            let posted = store.write(|tx| bank_rule::post(tx, &read.lines, person))?;
            view.by_rule = posted.iter().map(ByRuleView::from).collect();
        }
        let found = store.read(|conn| matched(conn, read.lines))?;
        view.lines = found.iter().map(StatementLine::from).collect();
        if upload.origin == import::GUESSED && store.read(bank_rule::in_force)?.is_some() {
            let exact = view.lines.iter().filter(|line| line.found == "exact");
            view.held_back = exact.count() as u64;
        }
        if by.map.is_some() && !view.lines.is_empty() {
            let mapping = &upload.mapping;
            let keep = |tx: &mut crate::store::WriteTx<'_>| {
                import_maps::keep(tx, Kind::BankLines, mapping, person)
            };
            store.write::<_, StoreError>(keep)?;
        }
        Ok(view)
    });
    Ok(Json(view.await?))
}

impl From<&Posted> for ByRuleView {
    fn from(posted: &Posted) -> Self {
        Self {
            reference: posted.line.reference.clone(),
            amount: posted.line.amount.to_string(),
            receipt: posted.claim.receipt.to_string(),
            number: posted.claim.number.clone(),
            payer: posted.claim.payers.first().cloned().unwrap_or_default(),
            command: posted.command.to_string(),
        }
    }
}

impl From<&Matched> for StatementLine {
    fn from(matched: &Matched) -> Self {
        let line = &matched.line;
        let claims = matched.claims.iter().map(|claim| StatementClaim {
            receipt: claim.receipt.to_string(),
            number: claim.number.clone(),
            payer: claim.payers.first().cloned().unwrap_or_default(),
            day: claim.day.to_string(),
            amount: claim.amount.to_string(),
            same_sum: bank_match::same_sum(line, claim),
            same_payer: bank_match::same_payer(line, claim),
            days: line.day.days_since(claim.day),
            command: bank_match::confirmation_id(&line.reference, claim.receipt).to_string(),
        });
        Self {
            reference: line.reference.clone(),
            day: line.day.to_string(),
            amount: line.amount.to_string(),
            payer: line.payer.clone(),
            text: line.text.clone(),
            found: bank::slug(&matched.found).to_owned(),
            claims: claims.collect(),
        }
    }
}
