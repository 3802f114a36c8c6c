//! The salesperson's own receipts and the money in their hands.

use rusqlite::params;
use shared::{day::Timestamp, money::Money, sync::message::FieldCashRow};

use super::{
    super::{
        api::CollectView,
        error::{Error, Result},
        open::Open,
        store::{money, rows},
    },
    timeline, today,
};

/// Cash and cheques in hand: the ledger's figures and own receipts that these do not contain yet; and the ledger's own.
pub fn in_hand(open: &Open) -> Result<(Money, Money, Option<FieldCashRow>)> {
    let ledger = rows::field_cash(&open.db, open.identity.person)?;
    let (figures, seq) = ledger.map_or((None, 0), |(row, seq)| (Some(row), seq));
    let (cash, cheques) = open
        .db
        .prepare_cached(
            "SELECT COALESCE(SUM(CASE WHEN method = 'cash' THEN amount ELSE 0 END), 0),
               COALESCE(SUM(CASE WHEN method IN ('cheque', 'acceptance_bill') THEN amount ELSE 0 END), 0)
             FROM own_receipt WHERE seq IS NULL OR seq > ?1",
        )?
        .query_row(params![seq.cast_signed()], |row| Ok((money(row, 0)?, money(row, 1)?)))?;
    let said = figures
        .as_ref()
        .map_or((Money::ZERO, Money::ZERO), |f| (f.cash, f.cheques));
    Ok((
        said.0.checked_add(cash)?,
        said.1.checked_add(cheques)?,
        figures,
    ))
}

/// The view of one's own receipts.
pub fn view(open: &Open, now: Timestamp) -> Result<CollectView> {
    let me = open.identity.person;
    let (cash_in_hand, cheques_in_hand, ledger) = in_hand(open)?;
    let receipts = timeline::receipts(open, "r.person = ?1", params![me.0.into_bytes()])?;
    let receipts = receipts
        .into_iter()
        .map(|(line, customer)| {
            let name = match rows::customer(&open.db, customer) {
                Ok(row) => row.name,
                Err(Error::NotFound(_)) => String::new(),
                Err(error) => return Err(error),
            };
            Ok((line, customer, name))
        })
        .collect::<Result<_>>()?;
    Ok(CollectView {
        cash_in_hand,
        cheques_in_hand,
        collected_today: today::collected_on(open, open.day(now)?)?,
        ledger,
        receipts,
    })
}
