//! The company's own recovery curve (`shared::policy::own_curve`), as it was made out last: phones and work lists go by
//! it in place of that of the settings.
//!
//! Invariant: it is written, and phones are told, only when it has become another one.

use shared::policy::{own_curve::own_curve, recovery::CurvePoint};

use super::{Connection, Store, StoreError, WriteTx, company, team};

/// The curve as the debts of today have it; empty while it is that of the settings.
fn made(
    conn: &Connection,
    company: &company::Company,
    today: shared::day::Day,
) -> Result<Vec<CurvePoint>, StoreError> {
    let debts = team::past_debts(conn, today)?;
    let own = own_curve(&debts, &company.policy);
    Ok(match own == company.policy.recovery_curve {
        true => Vec::new(),
        false => own,
    })
}

/// Makes the curve out anew. Reads beside whoever writes, and writes only what has changed.
pub fn renew(store: &Store) -> Result<(), StoreError> {
    let is_other = store.read(|conn| -> Result<_, StoreError> {
        let Some(company) = company::get(conn)? else {
            return Ok(false);
        };
        let today = shared::day::Day::of(crate::clock::now(), company.utc_offset_minutes);
        Ok(made(conn, &company, today)? != company.own_curve)
    })?;
    match is_other {
        true => store.write(renew_in),
        false => Ok(()),
    }
}

/// As [`renew`], within a transaction.
pub(crate) fn renew_in(tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
    let (company, today) = (tx.company()?, tx.today()?);
    let own = made(tx, &company, today)?;
    match own == company.own_curve {
        true => Ok(()),
        false => company::set_own_curve(tx, &own),
    }
}
