//! Elements of lists, each once.
//!
//! An element is what its id says: two copies of one store (a phone that was cloned, or set back to a backup) may
//! both add it again to a record of which a restored server had lost a part. Equal elements are one.
//! Elements that share an id and differ are not each other's copies; both stay.

use std::collections::BTreeMap;

use super::Record;
use crate::{
    evidence::{Attachment, Comment},
    ids::ElementId,
};

/// The record with every element of its lists once.
pub(super) fn each_once(mut record: Record) -> Record {
    match &mut record {
        Record::Visit(visit) => grown(&mut visit.comments, &mut visit.attachments),
        Record::Promise(promise, _) => {
            once(&mut promise.cancellations, |c| c.id);
            grown(&mut promise.comments, &mut promise.attachments);
        }
        Record::Receipt(receipt, _) => {
            once(&mut receipt.void_requests, |r| r.id);
            once(&mut receipt.void_decisions, |d| d.id);
            grown(&mut receipt.comments, &mut receipt.attachments);
        }
        Record::HandIn(hand_in, _) => grown(&mut hand_in.comments, &mut hand_in.attachments),
        Record::Proposal(proposal) => {
            once(&mut proposal.decisions, |d| d.id);
            grown(&mut proposal.comments, &mut proposal.attachments);
        }
        Record::Statement(answer, _) => grown(&mut answer.comments, &mut answer.attachments),
        Record::ContactBook(book) => {
            once(&mut book.contacts, |c| c.id);
            once(&mut book.signs, |s| s.id);
            grown(&mut book.comments, &mut book.attachments);
        }
    }
    record
}

fn grown(comments: &mut Vec<Comment>, attachments: &mut Vec<Attachment>) {
    once(comments, |c| c.id);
    once(attachments, |a| a.id);
}

fn once<T: PartialEq + Clone>(list: &mut Vec<T>, id: impl Fn(&T) -> ElementId) {
    if list.len() < 2 {
        return;
    }
    let mut kept: BTreeMap<ElementId, Vec<T>> = BTreeMap::new();
    list.retain(|element| {
        let kept = kept.entry(id(element)).or_default();
        let is_copy = kept.contains(element);
        if !is_copy {
            kept.push(element.clone());
        }
        !is_copy
    });
}
