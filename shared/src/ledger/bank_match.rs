//! Lines of a bank statement matched to transfers in transit 在途: which claim each line is the money of.
//!
//! Pure, and it posts nothing: a person confirms what it finds (`confirm_transfer`, which settles a claim by a line
//! once).
//!
//! Invariants: what is found does not depend on the order of lines or claims; a line names at most one claim for
//! certain, and no claim is named for certain by two lines; where it is not certain, it is a suggestion.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use crate::{
    day::Day,
    ids::{CommandId, DocumentId},
    money::Money,
};

/// Days between a claim and its line within which sum and payer make it likely. A transfer takes at most a few
/// working days; with a holiday between them a week (of its own: no source gives a figure).
pub const LIKELY_DAYS: i64 = 7;
/// Days within which a claim is suggested for its sum or payer alone.
pub const SUGGESTED_DAYS: i64 = 31;
/// Suggestions for a line at most.
pub const SUGGESTIONS: usize = 5;
/// Characters of a reference that names a payment by itself, at least: "1" stands in every text.
const REFERENCE_CHARS: usize = 4;

/// A line of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankLine {
    /// The bank's own number of it.
    pub reference: String,
    /// Booking day.
    pub day: Day,
    /// Sum; negative for money that went out.
    pub amount: Money,
    /// Who paid, as the bank writes it; may be empty.
    pub payer: String,
    /// Purpose, remark; may be empty.
    pub text: String,
}

/// A transfer, WeChat or Alipay receipt whose money nobody has seen yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The receipt.
    pub receipt: DocumentId,
    /// Its printed number.
    pub number: String,
    /// Day of the receipt.
    pub day: Day,
    /// Sum.
    pub amount: Money,
    /// The bank's number that the payer named, may be empty.
    pub reference: String,
    /// Names under which the customer may pay: its own, its contacts'.
    pub payers: Vec<String>,
}

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// It has settled a claim already.
    Settled,
    /// Money that went out.
    Outgoing,
    /// It names this claim by its number or reference, with the same sum.
    Exact(DocumentId),
    /// Sum and payer are this claim's, and the days are near.
    Likely(DocumentId),
    /// It may be one of these, the likeliest first; none where nothing comes near.
    Suggested(Vec<DocumentId>),
}

/// The command by which a line settles a claim: of the same line and claim always the same, so that confirming them
/// once more, by whoever uploads the statement again, doubles nothing.
pub fn confirmation_id(reference: &str, receipt: DocumentId) -> CommandId {
    let text = format!("huikuan.bank_line.1\n{}\n{receipt}", reference.trim());
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let mut bytes = [0; 16];
    for (byte, drawn) in bytes.iter_mut().zip(digest) {
        *byte = drawn;
    }
    CommandId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// Has the line the claim's sum?
pub fn same_sum(line: &BankLine, claim: &Claim) -> bool {
    line.amount == claim.amount
}

/// Is the line's payer one of the claim's?
pub fn same_payer(line: &BankLine, claim: &Claim) -> bool {
    let payer = plain(&line.payer);
    !payer.is_empty() && claim.payers.iter().any(|name| plain(name) == payer)
}

/// Matches lines to claims. `is_settled` says of a line's reference whether it has settled a claim.
pub fn match_lines(
    lines: &[BankLine],
    claims: &[Claim],
    is_settled: &dyn Fn(&str) -> bool,
) -> Vec<Match> {
    let mut found: Vec<Option<Match>> = lines
        .iter()
        .map(|line| match line {
            _ if is_settled(line.reference.trim()) => Some(Match::Settled),
            _ if !line.amount.is_positive() => Some(Match::Outgoing),
            _ => None,
        })
        .collect();
    let claims: Vec<Prepared<'_>> = claims.iter().map(Prepared::of).collect();
    let mut taken = BTreeSet::new();
    for (rule, certain) in [
        (names_it as Rule, Match::Exact as fn(_) -> _),
        (is_likely, Match::Likely),
    ] {
        for (at, receipt) in certain_pairs(lines, &claims, &found, &taken, rule) {
            if let Some(place) = found.get_mut(at) {
                *place = Some(certain(receipt));
            }
            taken.insert(receipt);
        }
    }
    lines
        .iter()
        .zip(found)
        .map(|(line, found)| found.unwrap_or_else(|| suggest(line, &claims, &taken)))
        .collect()
}

/// A claim with its texts as they are compared.
struct Prepared<'c> {
    claim: &'c Claim,
    references: Vec<String>,
    payers: BTreeSet<String>,
}

impl<'c> Prepared<'c> {
    fn of(claim: &'c Claim) -> Self {
        let references = [&claim.reference, &claim.number].map(|text| plain(text));
        let payers = claim.payers.iter().map(|name| plain(name));
        Self {
            claim,
            references: references
                .into_iter()
                .filter(|text| text.chars().count() >= REFERENCE_CHARS)
                .collect(),
            payers: payers.filter(|name| !name.is_empty()).collect(),
        }
    }
}

type Rule = fn(&BankLine, &Prepared<'_>) -> bool;

/// Lines and claims of which a rule says that they belong together, and of no other line or claim.
fn certain_pairs(
    lines: &[BankLine],
    claims: &[Prepared<'_>],
    found: &[Option<Match>],
    taken: &BTreeSet<DocumentId>,
    rule: Rule,
) -> Vec<(usize, DocumentId)> {
    let mut pairs: Vec<(usize, DocumentId)> = Vec::new();
    let mut of_claim: BTreeMap<DocumentId, usize> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        if found.get(at).is_none_or(Option::is_some) {
            continue;
        }
        let fits = |claim: &&Prepared<'_>| {
            !taken.contains(&claim.claim.receipt)
                && claim.claim.amount == line.amount
                && rule(line, claim)
        };
        let fitting: BTreeSet<DocumentId> = claims
            .iter()
            .filter(fits)
            .map(|claim| claim.claim.receipt)
            .collect();
        for receipt in &fitting {
            *of_claim.entry(*receipt).or_default() += 1;
        }
        if let (1, Some(only)) = (fitting.len(), fitting.first()) {
            pairs.push((at, *only));
        }
    }
    pairs.retain(|(_, receipt)| of_claim.get(receipt) == Some(&1));
    pairs
}

/// The line names the claim's receipt, or the number that the payer gave for it.
fn names_it(line: &BankLine, claim: &Prepared<'_>) -> bool {
    let texts = [plain(&line.reference), plain(&line.text)];
    claim
        .references
        .iter()
        .any(|named| texts.iter().any(|text| stands_in(named, text)))
}

/// A number stands in a text as a whole, not as a part of a longer one.
fn stands_in(number: &str, text: &str) -> bool {
    text.match_indices(number).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + number.len()..).and_then(|t| t.chars().next());
        ![before, after]
            .iter()
            .flatten()
            .any(char::is_ascii_alphanumeric)
    })
}

fn is_likely(line: &BankLine, claim: &Prepared<'_>) -> bool {
    claim.payers.contains(&plain(&line.payer)) && days_between(line, claim) <= LIKELY_DAYS
}

fn days_between(line: &BankLine, claim: &Prepared<'_>) -> i64 {
    line.day.days_since(claim.claim.day).abs()
}

/// What has the same sum or the same payer: both first, then the sum alone, the nearest day first.
fn suggest(line: &BankLine, claims: &[Prepared<'_>], taken: &BTreeSet<DocumentId>) -> Match {
    let payer = plain(&line.payer);
    let mut near: Vec<_> = claims
        .iter()
        .filter(|claim| !taken.contains(&claim.claim.receipt))
        .filter_map(|claim| {
            let (sum, paid) = (
                claim.claim.amount == line.amount,
                claim.payers.contains(&payer),
            );
            let days = days_between(line, claim);
            let rank = match (sum, paid) {
                (true, true) => 0,
                (true, false) => 1,
                (false, true) => 2,
                (false, false) => return None,
            };
            (days <= SUGGESTED_DAYS).then_some((rank, days, claim.claim.receipt))
        })
        .collect();
    near.sort();
    near.truncate(SUGGESTIONS);
    Match::Suggested(near.into_iter().map(|(_, _, receipt)| receipt).collect())
}

/// A text as it is compared: no blanks, full-width letters, digits and brackets as plain ones, capitals as small.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            c => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests;
