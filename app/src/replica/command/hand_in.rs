//! Handing in: what was counted and signed by both is sealed, in one transaction.

use shared::{
    day::Timestamp,
    document::{self, Record},
    evidence::{Signature, Signer, Strokes},
    hand_in::{self, HandIn, HandInCore, HandedIn, Pieces},
    ids::DocumentId,
    money::Money,
    receipt::MethodKind,
};

use super::{next_origin, put_new, some_text, text};
use crate::replica::{
    api::NewHandIn,
    error::{Error, Result},
    open::Open,
    store::{drafts, hand_ins},
};

/// Under which its draft is kept.
pub const DRAFT: &str = "hand-in";

/// Seals a hand-in.
pub fn save(open: &mut Open, new: NewHandIn, now: Timestamp) -> Result<DocumentId> {
    let core = core(open, new, now)?;
    let mut identity = open.identity.clone();
    let origin = next_origin(open, &mut identity, now);
    let (change, seal) = document::create_hand_in(&core, origin, &identity.sealer())?;
    let account = core.account();
    let hand_in = HandIn {
        core,
        comments: vec![],
        attachments: vec![],
    };
    let tx = open.begin()?;
    let record = Record::HandIn(hand_in, seal);
    put_new(&tx, open, &change, (account, &record), origin, now)?;
    drafts::drop(&tx, DRAFT)?;
    identity.save_counters(&tx)?;
    tx.commit()?;
    open.identity = identity;
    Ok(change.document)
}

fn core(open: &Open, new: NewHandIn, now: Timestamp) -> Result<HandInCore> {
    let receipts = receipts(open, &new.receipts)?;
    let sum_of = |is_cash: bool| {
        let wanted = receipts
            .iter()
            .filter(|r| (r.method == MethodKind::Cash) == is_cash);
        Money::sum(wanted.map(|r| r.amount))
    };
    let (expected, cheques) = (sum_of(true)?, sum_of(false)?);
    let mut pieces: Vec<Pieces> = new.pieces;
    pieces.retain(|pieces| pieces.count > 0);
    pieces.sort_by_key(|pieces| std::cmp::Reverse(pieces.face));
    let cash = hand_in::counted(&pieces).ok_or(Error::Invalid("hand_in.count"))?;
    let note = match cash == expected {
        true => text(&new.note, "hand_in.note")?,
        false => some_text(&new.note, "hand_in.note")?,
    };
    let person_name = open.my_name()?;
    let receiver = some_text(&new.receiver_name, "hand_in.receiver")?;
    let signed = |name: &str, strokes: Strokes| {
        if strokes.0.iter().all(Vec::is_empty) {
            return Err(Error::Invalid("hand_in.unsigned"));
        }
        Ok(Signature {
            signer: Signer {
                name: name.to_owned(),
                role: String::new(),
                phone: String::new(),
            },
            strokes,
            at: now,
            fix: new.fix,
        })
    };
    Ok(HandInCore {
        person: open.identity.person,
        company_name: open.company()?.name,
        made_at: now,
        day: open.day(now)?,
        pieces,
        cash,
        expected,
        cheques,
        note,
        signature: signed(&person_name, new.giver)?,
        received: signed(&receiver, new.receiver)?,
        person_name,
        receipts,
    })
}

/// The receipts as they are sealed; an error if one is not in hand, or is in another hand-in.
fn receipts(open: &Open, wanted: &[DocumentId]) -> Result<Vec<HandedIn>> {
    if wanted.is_empty() {
        return Err(Error::Invalid("hand_in.nothing"));
    }
    let held = hand_ins::held(&open.db, open.identity.person)?;
    wanted
        .iter()
        .map(|id| {
            let found = held.iter().find(|(held, _)| held.receipt.receipt == *id);
            found
                .map(|(held, _)| held.receipt.clone())
                .ok_or(Error::Invalid("hand_in.gone"))
        })
        .collect()
}
