-- What the field asks for (disputes, extensions, discounts, returns, write-offs), and where each stands. (`proposal` holds
-- commands of finance that wait for a second person: another matter.)
CREATE TABLE field_proposal (
  document BLOB PRIMARY KEY,
  customer BLOB NOT NULL REFERENCES customer (id),
  person BLOB NOT NULL REFERENCES person (id),
  received_at INTEGER NOT NULL,
  what TEXT NOT NULL,
  leads INTEGER NOT NULL, -- a supervisor asked: finance is the second person
  state TEXT NOT NULL CHECK (state IN ('open', 'agreed_by_sales', 'agreed_by_finance', 'being_posted', 'settled',
    'declined_by_sales', 'declined_by_finance')),
  changed_at INTEGER NOT NULL -- when it came to stand so
) STRICT, WITHOUT ROWID;
CREATE INDEX field_proposal_by_state ON field_proposal (state, changed_at);

-- The supervisor's word that counts: the first that came in.
CREATE TABLE field_proposal_sales (
  document BLOB PRIMARY KEY REFERENCES field_proposal (document),
  person BLOB NOT NULL REFERENCES person (id),
  at INTEGER NOT NULL,
  agreed INTEGER NOT NULL,
  amount INTEGER, -- agreed to, if that is less than was asked for
  note TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The word of finance, with the command by which it is posted.
CREATE TABLE field_proposal_answer (
  document BLOB PRIMARY KEY REFERENCES field_proposal (document),
  id BLOB NOT NULL UNIQUE, -- given by who answers; that of the command, if there is one
  person BLOB NOT NULL REFERENCES person (id),
  at INTEGER NOT NULL,
  agreed INTEGER NOT NULL,
  words TEXT NOT NULL,
  command BLOB UNIQUE REFERENCES finance_command (id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER a_supervisors_word_stands BEFORE UPDATE ON field_proposal_sales
BEGIN SELECT RAISE(ABORT, 'a word that was given stands'); END;
CREATE TRIGGER a_supervisors_word_stays BEFORE DELETE ON field_proposal_sales
BEGIN SELECT RAISE(ABORT, 'a word that was given stands'); END;
CREATE TRIGGER an_answer_stands BEFORE UPDATE ON field_proposal_answer
BEGIN SELECT RAISE(ABORT, 'a word that was given stands'); END;
CREATE TRIGGER an_answer_stays BEFORE DELETE ON field_proposal_answer
BEGIN SELECT RAISE(ABORT, 'a word that was given stands'); END;
