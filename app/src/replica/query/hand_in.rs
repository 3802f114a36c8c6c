//! What is in hand and what was handed in.

use super::{
    super::{
        api::{HandInView, HeldReceipt},
        error::{Error, Result},
        open::Open,
        store::{hand_ins, rows},
    },
    collect,
};

/// The view of hand-ins.
pub fn view(open: &Open) -> Result<HandInView> {
    let (cash_in_hand, cheques_in_hand, _) = collect::in_hand(open)?;
    let mut held = Vec::new();
    for (receipt, customer) in hand_ins::held(&open.db, open.identity.person)? {
        let customer_name = match rows::customer(&open.db, customer) {
            Ok(row) => row.name,
            Err(Error::NotFound(_)) => String::new(),
            Err(error) => return Err(error),
        };
        held.push(HeldReceipt {
            customer_name,
            ..receipt
        });
    }
    Ok(HandInView {
        cash_in_hand,
        cheques_in_hand,
        held,
        hand_ins: hand_ins::list(&open.db)?,
        my_name: open.my_name()?,
    })
}
