-- Statements as the server sent them, each with its word on where it stands (`replies` as JSON), and what customers
-- answered to them: written from the records.
CREATE TABLE statement (
  id BLOB PRIMARY KEY, customer BLOB NOT NULL, confirmation INTEGER NOT NULL, as_of INTEGER NOT NULL,
  revision INTEGER NOT NULL, closing INTEGER NOT NULL, until INTEGER NOT NULL, state TEXT NOT NULL,
  content TEXT NOT NULL, document BLOB, replies TEXT NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL,
  row_seq INTEGER NOT NULL
) STRICT;
CREATE INDEX statement_of_customer ON statement (customer, as_of);
CREATE TABLE statement_answer (
  document BLOB PRIMARY KEY, customer BLOB NOT NULL, statement BLOB NOT NULL, as_of INTEGER NOT NULL,
  closing INTEGER NOT NULL, disputed INTEGER NOT NULL, day INTEGER NOT NULL, made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX statement_answer_of_customer ON statement_answer (customer, made_at);
