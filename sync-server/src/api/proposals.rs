//! `/v1/desk/proposals`: what the field asks for (disputes, extensions, discounts, returns, write-offs), and the answer of
//! finance. Where something is to be posted, the answer carries the command, which the ledger takes by its own rules
//! in the same transaction.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use shared::{
    evidence::{Attachment, Comment},
    ids::{CommandId, CustomerId, DocumentId, InvoiceId},
    ledger::command::{Body, CommandError},
    proposal::ProposalKind,
};
use utoipa::{IntoParams, ToSchema};

use crate::{
    auth::{Caller, LedgerReader, forbidden},
    problem::Problem,
    scope,
    state::AppState,
    store::{
        Connection, StoreError, books, commands,
        proposals::{self, Answer, Standing},
    },
};

/// Proposals in one answer at most.
const OPEN: u32 = 500;
/// Those closed last that can be asked for.
const CLOSED: u32 = 200;

/// An invoice that a proposal is about, as it stands now.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AskedInvoice {
    /// Invoice id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Due day.
    pub due: String,
    /// Amount.
    pub amount: String,
    /// What is open, not clipped at zero.
    pub outstanding: String,
}

/// Something that was said on the record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Said {
    /// Person id.
    pub author: String,
    /// When, by their clock, milliseconds since 1970 UTC.
    pub at: i64,
    /// Words.
    pub text: String,
}

/// A photo of the record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AskedPhoto {
    /// SHA-256, to be had at `/v1/attachments/{sha256}`.
    pub content: String,
    /// Media type.
    pub media_type: String,
    /// What it shows, may be empty.
    pub caption: String,
}

/// The word of a supervisor or of finance.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Word {
    /// Person id.
    pub person: String,
    /// When the server took it, milliseconds since 1970 UTC.
    pub at: i64,
    /// Agreed, or declined.
    pub agreed: bool,
    /// Words; a supervisor's may be empty.
    pub words: String,
    /// Agreed to by a supervisor, if that is less than was asked for.
    pub amount: Option<String>,
    /// The command by which finance posts it.
    pub command: Option<String>,
    /// `open`, `approved` or `rejected`: what became of that command.
    pub decision: Option<String>,
}

/// A proposal as it stands.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ProposalView {
    /// Document id.
    pub document: String,
    /// Customer id.
    pub customer: String,
    /// Person id of who asks.
    pub person: String,
    /// Is that a supervisor? Finance is the second person then.
    pub leads: bool,
    /// When it was saved by the phone's clock, milliseconds since 1970 UTC.
    pub made_at: i64,
    /// When it came in, milliseconds since 1970 UTC.
    pub received_at: i64,
    /// `dispute`, `extension`, `discount`, `goods_return` or `write_off`.
    pub what: String,
    /// What is contested, of a dispute: `price`, `quantity`, `quality`, `not_delivered`, `already_paid`, `goods_returned`
    /// or `other`.
    pub reason: Option<String>,
    /// Invoices; none for the account as a whole.
    pub invoices: Vec<AskedInvoice>,
    /// Sum.
    pub amount: String,
    /// The most that may be posted: less, if the supervisor agreed to less.
    pub most: String,
    /// The new day, of an extension.
    pub until: Option<String>,
    /// Why.
    pub words: String,
    /// `open`, `agreed_by_sales`, `agreed_by_finance`, `being_posted`, `settled`, `declined_by_sales` or
    /// `declined_by_finance`.
    pub state: String,
    /// Since when, milliseconds since 1970 UTC.
    pub changed_at: i64,
    /// The supervisor's word.
    pub sales: Option<Word>,
    /// The word of finance.
    pub finance: Option<Word>,
    /// What was said on the record.
    pub comments: Vec<Said>,
    /// Photos.
    pub photos: Vec<AskedPhoto>,
    /// May finance agree now with nothing to post?
    pub may_agree: bool,
    /// May finance agree now by a command?
    pub may_post: bool,
    /// May finance decline now?
    pub may_decline: bool,
}

/// Proposals.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Proposals {
    /// Those of which something may still come, the oldest first; or those closed last, the newest first.
    pub proposals: Vec<ProposalView>,
}

/// Which proposals.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Those that are settled or declined, in place of the open ones.
    pub closed: Option<bool>,
    /// Only of this kind.
    pub what: Option<String>,
}

/// The answer of finance.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerRequest {
    /// UUID given by the sender: the same answer again changes nothing. The command gets it, too.
    #[schema(value_type = String, format = "uuid")]
    pub id: CommandId,
    /// Yes or no.
    pub agree: bool,
    /// Told to who asked, 1 to 500 characters.
    pub reason: String,
    /// What is posted: a discount, a return or a write-off of what was asked for, of a dispute also money moved to a
    /// disputed invoice (`reallocate`); no more than was agreed to.
    #[schema(value_type = Option<super::desk_schema::CommandBody>)]
    #[serde(default)]
    pub command: Option<Body>,
}

fn invoice(
    conn: &Connection,
    customer: CustomerId,
    id: InvoiceId,
) -> Result<Option<AskedInvoice>, StoreError> {
    // What was named of another customer is told nobody.
    let found = books::invoice(conn, id)?.filter(|row| row.invoice.customer == customer);
    let Some(row) = found else {
        return Ok(None);
    };
    Ok(Some(AskedInvoice {
        id: id.to_string(),
        number: row.invoice.number.clone(),
        due: row.invoice.due.to_string(),
        amount: row.invoice.amount.to_string(),
        outstanding: row.invoice.amount.checked_sub(row.settled)?.to_string(),
    }))
}

fn said(comment: &Comment) -> Said {
    Said {
        author: comment.author.to_string(),
        at: comment.at.0,
        text: comment.text.clone(),
    }
}

fn photo(attachment: &Attachment) -> AskedPhoto {
    AskedPhoto {
        content: attachment.content.to_string(),
        media_type: attachment.media_type.clone(),
        caption: attachment.caption.clone(),
    }
}

/// The word of finance, with what became of the command by which it is posted.
fn finance_word(conn: &Connection, known: &Standing) -> Result<Option<Word>, StoreError> {
    let Some(word) = &known.finance else {
        return Ok(None);
    };
    let decision = match word.command {
        Some(command) => commands::proposal(conn, command)?,
        None => None,
    };
    Ok(Some(Word {
        person: word.person.to_string(),
        at: word.at.0,
        agreed: word.agreed,
        words: word.words.clone(),
        amount: None,
        command: word.command.map(|id| id.to_string()),
        decision: decision.map(|(_, decision)| commands::decision_slug(decision).to_owned()),
    }))
}

fn sales_word(known: &Standing) -> Option<Word> {
    known.sales.as_ref().map(|word| Word {
        person: word.person.to_string(),
        at: word.at.0,
        agreed: word.agreed,
        words: word.note.clone(),
        amount: word.amount.map(|sum| sum.to_string()),
        command: None,
        decision: None,
    })
}

fn view(conn: &Connection, known: Standing) -> Result<ProposalView, StoreError> {
    let (proposal, waiting) = (&known.proposal, known.waiting());
    let ask = &proposal.ask;
    let mut invoices = Vec::new();
    for id in &ask.invoices {
        invoices.extend(invoice(conn, proposal.customer, *id)?);
    }
    let finance = finance_word(conn, &known)?;
    Ok(ProposalView {
        document: known.document.to_string(),
        customer: proposal.customer.to_string(),
        person: proposal.person.to_string(),
        leads: known.leads,
        made_at: proposal.made_at.0,
        received_at: known.received_at.0,
        what: ask.what.slug().to_owned(),
        reason: ask.reason.map(|reason| reason.slug().to_owned()),
        invoices,
        amount: ask.amount.to_string(),
        most: waiting.most().to_string(),
        until: ask.until.map(|day| day.to_string()),
        words: ask.words.clone(),
        state: known.state.slug().to_owned(),
        changed_at: known.changed_at.0,
        sales: sales_word(&known),
        finance,
        comments: proposal.comments.iter().map(said).collect(),
        photos: proposal.attachments.iter().map(photo).collect(),
        may_agree: waiting.may_agree(None).is_ok(),
        may_post: waiting.may_post(),
        may_decline: waiting.may_decline().is_ok(),
    })
}

/// What the field asks for: that of which something may still come, or what was closed last.
#[utoipa::path(get, path = "/v1/desk/proposals", params(Which), responses((status = 200, body = Proposals),
    (status = 403, body = Problem), (status = 404, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn list(
    State(state): State<AppState>,
    _reader: LedgerReader,
    Query(which): Query<Which>,
) -> Result<Json<Proposals>, Problem> {
    let what = match which.what.as_deref().map(ProposalKind::from_slug) {
        Some(ProposalKind::Unknown) => {
            let detail = "there is no such kind";
            return Err(Problem::new(
                StatusCode::NOT_FOUND,
                "ledger.no_such",
                detail,
            ));
        }
        what => what,
    };
    let is_open = !which.closed.unwrap_or(false);
    let limit = if is_open { OPEN } else { CLOSED };
    let proposals = state
        .blocking(move |store| {
            let found = store.read(|conn| -> Result<Vec<_>, StoreError> {
                let found = proposals::list(conn, is_open, what, limit)?;
                found.into_iter().map(|known| view(conn, known)).collect()
            })?;
            Ok(found)
        })
        .await?;
    Ok(Json(Proposals { proposals }))
}

/// Answers a proposal for finance.
#[utoipa::path(post, path = "/v1/desk/proposals/{document}/answer", request_body = AnswerRequest,
    params(("document" = String, Path, description = "Document id of the proposal")), responses(
    (status = 201, body = ProposalView, description = "Answered"),
    (status = 200, body = ProposalView, description = "Had been answered just so before: nothing changed"),
    (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn answer(
    State(state): State<AppState>,
    Caller(device): Caller,
    Path(document): Path<String>,
    Json(request): Json<AnswerRequest>,
) -> Result<(StatusCode, Json<ProposalView>), Problem> {
    if !scope::sees_all(device.person.role) {
        return Err(forbidden());
    }
    let missing = || StoreError::from(CommandError::NoSuch("proposal"));
    let document: DocumentId = document.parse().map_err(|_| Problem::from(missing()))?;
    let answer = Answer {
        id: request.id,
        person: device.person.id,
        agree: request.agree,
        words: request.reason,
        body: request.command,
    };
    let (is_new, view) = state
        .writing(move |store| {
            let answered = store.write(|tx| -> Result<_, StoreError> {
                let is_new = proposals::answer(tx, document, &answer)?;
                let known = proposals::get(tx, document)?.ok_or_else(missing)?;
                Ok((is_new, view(tx, known)?))
            })?;
            Ok(answered)
        })
        .await?;
    let status = match is_new {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    Ok((status, Json(view)))
}
