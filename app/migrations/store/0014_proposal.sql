-- What was asked for. `proposal` is written from the records (`word`: 1 if a supervisor's word on it is agreement, 0 if it is
-- not, NULL before there is one), `proposal_state` is the server's
-- word: `amount` if less was agreed to, `person` and `words` of who of finance answered.
CREATE TABLE proposal (
  document BLOB PRIMARY KEY, customer BLOB NOT NULL, person BLOB NOT NULL, made_at INTEGER NOT NULL, what TEXT NOT NULL,
  amount INTEGER NOT NULL, word INTEGER, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX proposal_by_customer ON proposal (customer, made_at);
CREATE TABLE proposal_state (
  document BLOB PRIMARY KEY, customer BLOB NOT NULL, state TEXT NOT NULL, amount INTEGER, person BLOB, words TEXT NOT NULL,
  at INTEGER NOT NULL, row_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
