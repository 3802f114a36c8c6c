-- One company: its people, its books, its documents, its log, its journal.
-- Ids are BLOBs (16-byte UUIDs, 32-byte hashes), sums are whole fen, days count from 1970-01-01,
-- times are milliseconds since 1970 UTC.

CREATE TABLE company (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id BLOB NOT NULL,
  name TEXT NOT NULL,
  currency TEXT NOT NULL,
  utc_offset_minutes INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  settings TEXT NOT NULL,
  demo INTEGER NOT NULL,
  next_device INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE person (
  id BLOB PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  phone TEXT NOT NULL,
  active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE territory (
  id BLOB PRIMARY KEY,
  name TEXT NOT NULL,
  supervisor BLOB REFERENCES person (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX territory_by_supervisor ON territory (supervisor);

-- `body` is the customer as JSON; the columns beside it repeat what is searched or checked.
CREATE TABLE customer (
  id BLOB PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  territory BLOB NOT NULL REFERENCES territory (id),
  rep BLOB REFERENCES person (id),
  on_account INTEGER NOT NULL DEFAULT 0,
  in_transit INTEGER NOT NULL DEFAULT 0,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_by_territory ON customer (territory);
CREATE INDEX customer_by_rep ON customer (rep);

-- Who was in charge of a customer from when until when.
CREATE TABLE assignment (
  customer BLOB NOT NULL REFERENCES customer (id),
  person BLOB NOT NULL REFERENCES person (id),
  since INTEGER NOT NULL,
  until INTEGER,
  PRIMARY KEY (customer, since, person)
) STRICT, WITHOUT ROWID;

-- Who sees which customer now, and since which place of the log.
CREATE TABLE scope (
  person BLOB NOT NULL REFERENCES person (id),
  customer BLOB NOT NULL REFERENCES customer (id),
  since_seq INTEGER NOT NULL,
  PRIMARY KEY (person, customer)
) STRICT, WITHOUT ROWID;
CREATE INDEX scope_by_customer ON scope (customer);

CREATE TABLE scope_event (
  seq INTEGER PRIMARY KEY,
  person BLOB NOT NULL,
  customer BLOB NOT NULL,
  enter INTEGER NOT NULL
) STRICT;
CREATE INDEX scope_event_by_person ON scope_event (person, seq);
CREATE INDEX scope_event_by_both ON scope_event (person, customer);

CREATE TABLE device (
  id BLOB PRIMARY KEY,
  person BLOB NOT NULL REFERENCES person (id),
  code TEXT NOT NULL UNIQUE,
  label TEXT NOT NULL,
  public_key BLOB NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  generation INTEGER NOT NULL,
  enrolled_at INTEGER NOT NULL,
  last_seen_at INTEGER,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE enrolment_code (
  hash BLOB PRIMARY KEY,
  person BLOB NOT NULL REFERENCES person (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;

-- `settled` repeats what the journal's postings on the invoice say.
CREATE TABLE invoice (
  id BLOB PRIMARY KEY,
  customer BLOB NOT NULL REFERENCES customer (id),
  number TEXT NOT NULL UNIQUE,
  issued INTEGER NOT NULL,
  due INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  settled INTEGER NOT NULL,
  received_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX invoice_by_customer ON invoice (customer);

CREATE TABLE payment (
  id BLOB PRIMARY KEY,
  customer BLOB NOT NULL REFERENCES customer (id),
  number TEXT NOT NULL UNIQUE,
  day INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  invoice BLOB REFERENCES invoice (id),
  received_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_by_customer ON payment (customer);

-- `record` is a cache of the document as read from its changes, as JSON.
CREATE TABLE document (
  id BLOB PRIMARY KEY,
  kind TEXT NOT NULL,
  customer BLOB NOT NULL REFERENCES customer (id),
  person BLOB NOT NULL,
  device BLOB NOT NULL,
  counter INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX document_by_customer ON document (customer, kind);

CREATE TABLE change (
  seq INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  document BLOB NOT NULL REFERENCES document (id),
  kind TEXT NOT NULL,
  customer BLOB NOT NULL,
  person BLOB NOT NULL,
  device BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  clock_offset_ms INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX change_by_document ON change (document, seq);
CREATE INDEX change_by_customer ON change (customer, seq);
CREATE INDEX change_by_seq ON change (seq, customer);
CREATE TRIGGER change_is_append_only_update BEFORE UPDATE ON change BEGIN SELECT RAISE(ABORT, 'changes are append only'); END;
CREATE TRIGGER change_is_append_only_delete BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT, 'changes are append only'); END;

CREATE TABLE quarantine (
  hash BLOB NOT NULL,
  device BLOB NOT NULL,
  person BLOB NOT NULL,
  code TEXT NOT NULL,
  detail TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  frame BLOB NOT NULL,
  PRIMARY KEY (hash, device)
) STRICT;

CREATE TABLE batch (
  device BLOB NOT NULL,
  number INTEGER NOT NULL,
  manifest BLOB NOT NULL,
  answers BLOB NOT NULL,
  PRIMARY KEY (device, number)
) STRICT, WITHOUT ROWID;

-- The company's log: gap-free, in commit order, each entry chained to the one before.
CREATE TABLE log (
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  ref BLOB NOT NULL,
  customer BLOB,
  person BLOB,
  body_hash BLOB NOT NULL,
  chain BLOB NOT NULL
) STRICT;
CREATE TRIGGER log_is_append_only_update BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
CREATE TRIGGER log_is_append_only_delete BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;

-- Authoritative rows as devices get them: the latest state of each, at the place of the log that gave it.
CREATE TABLE row (
  kind TEXT NOT NULL,
  id BLOB NOT NULL,
  customer BLOB,
  person BLOB,
  seq INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT;
CREATE INDEX row_by_seq ON row (seq, customer) WHERE customer IS NOT NULL;
CREATE INDEX row_by_customer ON row (customer, seq) WHERE customer IS NOT NULL;
CREATE INDEX row_of_all ON row (seq) WHERE customer IS NULL;

-- The journal. Postings are written first, then the entry that closes them: it is refused unless they
-- sum to zero, and postings without an entry do not commit.
CREATE TABLE journal_entry (
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  -- The document that the source names, if it is one.
  document BLOB,
  day INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  person BLOB,
  reverses BLOB,
  chain BLOB NOT NULL
) STRICT;
CREATE TABLE posting (
  entry INTEGER NOT NULL REFERENCES journal_entry (number) DEFERRABLE INITIALLY DEFERRED,
  line INTEGER NOT NULL,
  account TEXT NOT NULL,
  customer BLOB,
  invoice BLOB,
  person BLOB,
  amount INTEGER NOT NULL,
  PRIMARY KEY (entry, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX posting_by_customer ON posting (customer, entry) WHERE customer IS NOT NULL;
CREATE INDEX posting_by_invoice ON posting (invoice) WHERE invoice IS NOT NULL;
CREATE INDEX posting_by_person ON posting (person) WHERE person IS NOT NULL;

CREATE TRIGGER entry_sums_to_zero BEFORE INSERT ON journal_entry
WHEN (SELECT COUNT(*) < 2 OR SUM(amount) <> 0 FROM posting WHERE entry = NEW.number)
BEGIN SELECT RAISE(ABORT, 'postings of an entry sum to zero'); END;
CREATE TRIGGER entry_is_closed BEFORE INSERT ON posting
WHEN EXISTS (SELECT 1 FROM journal_entry WHERE number = NEW.entry)
BEGIN SELECT RAISE(ABORT, 'the entry is closed'); END;
CREATE TRIGGER entry_is_append_only_update BEFORE UPDATE ON journal_entry BEGIN SELECT RAISE(ABORT, 'the journal is append only'); END;
CREATE TRIGGER entry_is_append_only_delete BEFORE DELETE ON journal_entry BEGIN SELECT RAISE(ABORT, 'the journal is append only'); END;
CREATE TRIGGER posting_is_append_only_update BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'the journal is append only'); END;
CREATE TRIGGER posting_is_append_only_delete BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'the journal is append only'); END;

CREATE TABLE field_cash (
  person BLOB PRIMARY KEY REFERENCES person (id),
  cash INTEGER NOT NULL,
  cheques INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE receipt_state (
  document BLOB PRIMARY KEY REFERENCES document (id),
  customer BLOB NOT NULL,
  person BLOB NOT NULL,
  device BLOB NOT NULL,
  device_code TEXT NOT NULL,
  n INTEGER NOT NULL,
  number TEXT NOT NULL,
  seal BLOB NOT NULL,
  previous BLOB,
  method TEXT NOT NULL,
  amount INTEGER NOT NULL,
  day INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  posted_day INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_by_number ON receipt_state (device_code, n);
CREATE INDEX receipt_by_customer ON receipt_state (customer, amount, day);
CREATE INDEX receipt_in_transit ON receipt_state (customer) WHERE method <> 'cash' AND state IN ('in_transit', 'void_pending');

-- `fact` is what the state depends on, as JSON: what was signed without its letter and strokes.
CREATE TABLE promise_state (
  document BLOB PRIMARY KEY REFERENCES document (id),
  customer BLOB NOT NULL,
  replaces BLOB,
  fact TEXT NOT NULL,
  state TEXT NOT NULL,
  instalments TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX promise_by_customer ON promise_state (customer);
CREATE INDEX promise_by_replaced ON promise_state (replaces) WHERE replaces IS NOT NULL;

CREATE TABLE exception (
  id BLOB PRIMARY KEY,
  kind TEXT NOT NULL,
  customer BLOB NOT NULL,
  document BLOB,
  subject TEXT NOT NULL,
  amount INTEGER,
  found_at INTEGER NOT NULL,
  open INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_by_reversed ON journal_entry (reverses) WHERE reverses IS NOT NULL;
CREATE INDEX exception_open ON exception (open, found_at);
CREATE INDEX exception_by_customer ON exception (customer);

CREATE TABLE attachment (
  hash BLOB PRIMARY KEY,
  size INTEGER NOT NULL,
  received INTEGER NOT NULL,
  complete INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which records name an attachment.
CREATE TABLE attachment_ref (
  hash BLOB NOT NULL,
  document BLOB NOT NULL REFERENCES document (id),
  customer BLOB NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (hash, document)
) STRICT, WITHOUT ROWID;
