//! What is noted of a collection case: it has to be about what there is, and moves nothing.

use super::{Effect, Known};
use crate::{
    ledger::command::{Body, Command, CommandError},
    paper::dunning_letter::Letter,
    policy::legal::LegalStep,
};

pub(super) fn note<K: Known>(command: &Command, known: &K) -> Result<Effect, K::Error> {
    let customer = match &command.body {
        Body::LetterSent {
            customer,
            letter,
            delivery,
        } => {
            Letter::numbered(*letter).ok_or(CommandError::Case)?;
            delivery.check(command.day)?;
            *customer
        }
        Body::InvoiceDelivered {
            customer,
            invoice,
            delivery,
        } => {
            delivery.check(command.day)?;
            let owner = known.owner(*invoice)?;
            match owner.ok_or(CommandError::NoSuch("invoice"))? == *customer {
                true => *customer,
                false => return Err(CommandError::ForeignInvoice.into()),
            }
        }
        Body::LegalStep { customer, step, on } => {
            if *step == LegalStep::Unknown {
                return Err(CommandError::Case.into());
            }
            if *on > command.day {
                return Err(CommandError::DayAhead.into());
            }
            *customer
        }
        _ => return Err(CommandError::Case.into()),
    };
    match known.has_customer(customer)? {
        true => Ok(Effect::default()),
        false => Err(CommandError::NoSuch("customer").into()),
    }
}
