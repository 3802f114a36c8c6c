-- Statements 对账单 as they were frozen, where each stands, and what the field brought as answers to them.
-- `content` are the canonical bytes that `digest` is of; `replies` is what finance says to disputed lines, as JSON;
-- `note` is why it was closed or replaced.
CREATE TABLE statement (
  id BLOB PRIMARY KEY,
  customer BLOB NOT NULL REFERENCES customer (id),
  purpose TEXT NOT NULL,
  confirmation INTEGER NOT NULL CHECK (confirmation IN (0, 1)),
  as_of INTEGER NOT NULL,
  revision INTEGER NOT NULL CHECK (revision > 0),
  closing INTEGER NOT NULL,
  until INTEGER NOT NULL,
  digest BLOB NOT NULL,
  content TEXT NOT NULL,
  made_by BLOB NOT NULL REFERENCES person (id),
  made_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('sent', 'agreed', 'disputed', 'answered', 'closed', 'replaced')),
  answer BLOB, -- the record that stands
  replies TEXT NOT NULL,
  note TEXT NOT NULL,
  decided_by BLOB REFERENCES person (id),
  at INTEGER NOT NULL,
  UNIQUE (customer, confirmation, as_of, revision)
) STRICT;
CREATE INDEX statement_by_day ON statement (as_of, customer);
CREATE TRIGGER statement_is_frozen_update BEFORE UPDATE OF id, customer, purpose, confirmation, as_of, revision, closing, digest, content ON statement
BEGIN SELECT RAISE(ABORT, 'a statement is frozen when it is made'); END;
CREATE TRIGGER statement_is_frozen_delete BEFORE DELETE ON statement
BEGIN SELECT RAISE(ABORT, 'a statement is frozen when it is made'); END;

-- Every answer that came, also to a statement that is not there (any more); the first one of what was shown stands.
CREATE TABLE statement_answer (
  document BLOB PRIMARY KEY,
  statement BLOB NOT NULL,
  digest BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  standing TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX statement_answers ON statement_answer (statement, received_at);
