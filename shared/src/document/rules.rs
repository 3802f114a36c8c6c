//! What may change when: which operations a change may hold, by kind of document and by who made it.
//!
//! Rules judge operations, not merged state. The phone asks them before it saves, the server before
//! it admits.
