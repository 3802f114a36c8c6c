//! Every bound on what comes from outside, in one table.

/// Compressed bytes of one sync request.
pub const REQUEST_BYTES: usize = 4 << 20;
/// Expanded bytes of one sync request or response.
pub const MESSAGE_BYTES: usize = 32 << 20;
/// Frames in one request.
pub const FRAMES_PER_REQUEST: usize = 1_000;
/// Places in the log that a device remembers and names in one request.
pub const CHECKPOINTS: usize = 64;
/// Frames of a revoked device that are kept for review.
pub const REVIEW_FRAMES: usize = 1_000;
/// Bytes of them.
pub const REVIEW_BYTES: usize = 16 << 20;
/// Bytes of one change chunk.
pub const CHANGE_BYTES: usize = 256 << 10;
/// Operations in one change.
pub const OPS_PER_CHANGE: usize = 20_000;
/// Containers in containers in one document, keys of newer versions included; those of this version are
/// four deep. (4,000 maps in one another are 8 KB and took the decoder more than a second.)
pub const DEPTH: usize = 16;
/// Dependencies of one change.
pub const DEPS_PER_CHANGE: usize = 64;
/// Changes of one document.
pub const CHANGES_PER_DOCUMENT: usize = 10_000;
/// Distinct actors of one document.
pub const ACTORS_PER_DOCUMENT: usize = 1_000;
/// Entries in one response page.
pub const ENTRIES_PER_PAGE: usize = 2_000;
/// Expanded bytes of entries in one response page, beyond which it is cut.
pub const PAGE_BYTES: usize = 4 << 20;
/// Things wanted in one request.
pub const WANTS_PER_REQUEST: usize = 100;
/// Expanded bytes of what was wanted in one response, beyond which the rest waits.
pub const FETCHED_BYTES: usize = 1 << 20;
/// Older records of a customer that come at a time, and those received together with the last of them.
pub const OLDER_AT_A_TIME: usize = 50;
/// Bytes of changes of a document that goes out whole; a larger one comes as a digest only.
pub const DOCUMENT_BYTES: usize = 16 << 20;
/// Elements of any list inside a message, entries of a page among them.
pub const LIST_ELEMENTS: usize = 200_000;
/// Bytes of one attachment.
pub const ATTACHMENT_BYTES: u64 = 10 << 20;
/// Bytes of one piece of an attachment.
pub const ATTACHMENT_CHUNK_BYTES: usize = 1 << 20;
/// Characters of a comment, a reason or a note field.
pub const TEXT_CHARS: usize = 4_000;
/// Characters of a name, number or reference.
pub const NAME_CHARS: usize = 200;
/// Points of a signature.
pub const STROKE_POINTS: usize = 10_000;
/// Instalments of a promise; allocations of a receipt.
pub const LINES: usize = 500;
/// Open items of a statement, and payments; of more the rest stands in one line.
pub const STATEMENT_LINES: usize = 200;
/// Statements that one run makes.
pub const STATEMENTS_PER_RUN: usize = 20_000;
/// Records that one record corrects: the refused one, and those that it corrected in its turn.
pub const CORRECTED: usize = 32;
/// Days for which an addition waits for the record that it builds on, after a restored server lost that: as
/// long as its author's phone keeps it to send it again. After that it comes no more.
pub const PUT_OFF_DAYS: i64 = 90;
/// Former devices that an enrolment may name, of all people on the device.
pub const FORMER_DEVICES: usize = 64;
/// Bytes of a JSON request body.
pub const JSON_BYTES: usize = 64 << 10;
/// Bytes of a file that is uploaded at the desk: books, or a bank's statement.
pub const UPLOAD_BYTES: usize = 8 << 20;
/// Rows of such a file; larger books are imported by the command line.
pub const UPLOAD_ROWS: u64 = 20_000;
