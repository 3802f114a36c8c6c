-- Hand-ins of the person signed in. `hand_in` and `hand_in_receipt` are written from the records, `hand_in_state` is the
-- server's word on each: `counted` and `undecided` once finance has counted, `reason` and `at` of what it decided.
CREATE TABLE hand_in (
  document BLOB PRIMARY KEY, made_at INTEGER NOT NULL, day INTEGER NOT NULL, cash INTEGER NOT NULL,
  cheques INTEGER NOT NULL, receipts INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE hand_in_receipt (
  receipt BLOB NOT NULL, document BLOB NOT NULL, PRIMARY KEY (receipt, document)
) STRICT, WITHOUT ROWID;
CREATE TABLE hand_in_state (
  document BLOB PRIMARY KEY, state TEXT NOT NULL, counted INTEGER, undecided INTEGER, reason TEXT NOT NULL,
  at INTEGER NOT NULL, row_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Receipts whose money is in the person's hands no more: of a cheque its own state does not tell.
CREATE TABLE handed_in (receipt BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
