-- One person's store on one device. Money is in fen, days are numbers since 1970-01-01, times are
-- milliseconds since 1970 UTC, ids are raw bytes. Everything under "query tables" can be rebuilt.

-- Who the store belongs to, and the device's key.
CREATE TABLE identity (
  one            INTEGER PRIMARY KEY CHECK (one = 1),
  person         BLOB    NOT NULL,
  person_name    TEXT    NOT NULL,
  device         BLOB    NOT NULL,
  device_code    TEXT    NOT NULL,
  server         TEXT    NOT NULL,
  token          TEXT    NOT NULL,
  secret_key     BLOB    NOT NULL,
  record_counter INTEGER NOT NULL,
  receipt_n      INTEGER NOT NULL,
  receipt_digest BLOB
) STRICT;

-- Where the device stands in the company's log, and the batch under way (hashes of its changes, in
-- order): the same batch is sent again until it is answered.
CREATE TABLE sync_state (
  one             INTEGER PRIMARY KEY CHECK (one = 1),
  epoch           INTEGER NOT NULL,
  generation      INTEGER NOT NULL,
  batch           INTEGER NOT NULL,
  batch_hashes    BLOB,
  cursor_seq      INTEGER NOT NULL,
  cursor_part     INTEGER NOT NULL,
  cursor_chain    BLOB,
  clock_offset_ms INTEGER NOT NULL,
  data_as_of      INTEGER,
  last_success    INTEGER,
  revoked         INTEGER NOT NULL,
  -- What is being read at this moment: 'page', or a document's id as hex. Found at the next opening
  -- only if reading it brought the process down.
  reading         TEXT,
  checked_at      INTEGER
) STRICT;

-- Documents and their changes. `place` is the order in which changes came: dependencies first.
CREATE TABLE document (
  id              BLOB    PRIMARY KEY,
  kind            TEXT    NOT NULL,
  customer        BLOB    NOT NULL,
  author          BLOB    NOT NULL,
  device          BLOB    NOT NULL,
  mine            INTEGER NOT NULL, -- made on this device
  saved_at        INTEGER NOT NULL,
  received_at     INTEGER,          -- none until the server has it
  seq             INTEGER,          -- of its creation change
  clock_offset_ms INTEGER,
  rejected        TEXT              -- code, if the creation change was refused
) STRICT, WITHOUT ROWID;
CREATE INDEX document_customer ON document (customer, kind);

CREATE TABLE change (
  place    INTEGER PRIMARY KEY,
  hash     BLOB    NOT NULL UNIQUE,
  document BLOB    NOT NULL,
  bytes    BLOB    NOT NULL,
  seq      INTEGER,
  own      INTEGER NOT NULL,
  -- waiting · admitted · held (its document was refused) · rejected · replaced (by a fresh edit)
  state    TEXT    NOT NULL,
  edit     TEXT,                    -- JSON of the edit, to apply it again
  at       INTEGER NOT NULL
) STRICT;
CREATE INDEX change_document ON change (document, place);

-- What the server has not answered yet, in the order made.
CREATE TABLE outbox (
  place    INTEGER PRIMARY KEY,
  hash     BLOB    NOT NULL UNIQUE,
  document BLOB    NOT NULL,
  size     INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_document ON outbox (document);

-- Refused own changes, and changes of others that cannot be read here. Bytes are kept.
CREATE TABLE quarantine (
  hash      BLOB    PRIMARY KEY,
  document  BLOB    NOT NULL,
  bytes     BLOB    NOT NULL,
  own       INTEGER NOT NULL,
  code      TEXT    NOT NULL,
  detail    TEXT    NOT NULL,
  at        INTEGER NOT NULL,
  dismissed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX quarantine_document ON quarantine (document);

-- Authoritative rows; `row_seq` is the place in the log that the row reflects.
CREATE TABLE company (one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL) STRICT;
CREATE TABLE person (
  id BLOB PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, phone TEXT NOT NULL, active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE territory (id BLOB PRIMARY KEY, name TEXT NOT NULL, supervisor BLOB) STRICT, WITHOUT ROWID;
CREATE TABLE customer (
  id BLOB PRIMARY KEY, number TEXT NOT NULL, name TEXT NOT NULL, search_key TEXT NOT NULL,
  territory BLOB NOT NULL, rep BLOB, lat INTEGER, lon INTEGER, hold INTEGER NOT NULL,
  contact TEXT NOT NULL, contact_role TEXT NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE invoice (
  id BLOB PRIMARY KEY, customer BLOB NOT NULL, number TEXT NOT NULL, issued INTEGER NOT NULL,
  due INTEGER NOT NULL, amount INTEGER NOT NULL, settled INTEGER NOT NULL, row_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX invoice_customer ON invoice (customer, due);
-- Lists read open invoices only, whatever history lies behind them: this index holds all that they need.
CREATE INDEX invoice_open ON invoice (customer, due, amount, settled, issued) WHERE amount <> settled;
CREATE INDEX invoice_due ON invoice (due, amount);
CREATE TABLE account (
  customer BLOB PRIMARY KEY, on_account INTEGER NOT NULL, in_transit INTEGER NOT NULL, row_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE payment (
  id BLOB PRIMARY KEY, customer BLOB NOT NULL, number TEXT NOT NULL, day INTEGER NOT NULL,
  amount INTEGER NOT NULL, invoice BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_customer ON payment (customer, day);
CREATE TABLE receipt_state (
  document BLOB PRIMARY KEY, customer BLOB NOT NULL, state TEXT NOT NULL, posted_day INTEGER, row_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE promise_state (
  document BLOB PRIMARY KEY, customer BLOB NOT NULL, state TEXT NOT NULL, instalments TEXT NOT NULL, row_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE exception (
  id BLOB PRIMARY KEY, customer BLOB NOT NULL, open INTEGER NOT NULL, found_at INTEGER NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE field_cash (
  person BLOB PRIMARY KEY, cash INTEGER NOT NULL, cheques INTEGER NOT NULL, row_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Customers in the person's scope. One that leaves while something of theirs waits stays as `leaving`.
CREATE TABLE scope (customer BLOB PRIMARY KEY, leaving INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Photos and files by the hash of their bytes.
CREATE TABLE attachment (
  hash       BLOB    PRIMARY KEY,
  media_type TEXT    NOT NULL,
  bytes      BLOB    NOT NULL,
  document   BLOB,             -- the record for which it waits; none for one fetched to be seen
  waiting    INTEGER NOT NULL, -- not yet with the server
  uploaded   INTEGER NOT NULL, -- bytes that the server has, as far as known
  at         INTEGER NOT NULL
) STRICT;
CREATE INDEX attachment_waiting ON attachment (at) WHERE waiting = 1;

-- Which photos belong to which record.
CREATE TABLE attachment_ref (
  document BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (document, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (key TEXT PRIMARY KEY, json TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Query tables.
CREATE TABLE visit (
  document BLOB PRIMARY KEY, customer BLOB NOT NULL, person BLOB NOT NULL, started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL, person_met TEXT NOT NULL, purpose TEXT NOT NULL, result TEXT NOT NULL,
  reason TEXT, signs TEXT NOT NULL, next_day INTEGER, note TEXT NOT NULL, photos INTEGER NOT NULL,
  comments INTEGER NOT NULL, lat INTEGER, lon INTEGER, accuracy_m INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_time ON visit (started_at);
CREATE INDEX visit_customer ON visit (customer, started_at, next_day);
CREATE INDEX visit_signs ON visit (started_at) WHERE signs <> '';
CREATE TABLE visit_related (visit BLOB NOT NULL, document BLOB NOT NULL, PRIMARY KEY (visit, document)) STRICT, WITHOUT ROWID;
CREATE TABLE promise (
  document BLOB PRIMARY KEY, customer BLOB NOT NULL, person BLOB NOT NULL, made_at INTEGER NOT NULL,
  day INTEGER NOT NULL, total INTEGER NOT NULL, replaces BLOB, cancelled INTEGER NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX promise_customer ON promise (customer, made_at);
CREATE INDEX promise_replaces ON promise (replaces) WHERE replaces IS NOT NULL;
CREATE TABLE receipt (
  document BLOB PRIMARY KEY, customer BLOB NOT NULL, person BLOB NOT NULL, mine INTEGER NOT NULL,
  number TEXT NOT NULL, issued_at INTEGER NOT NULL, day INTEGER NOT NULL, method TEXT NOT NULL,
  amount INTEGER NOT NULL, rest INTEGER NOT NULL, next_day INTEGER, void_pending INTEGER NOT NULL,
  voided INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_customer ON receipt (customer, issued_at, next_day);
CREATE INDEX receipt_person ON receipt (person, issued_at);
CREATE INDEX receipt_mine ON receipt (mine) WHERE mine = 1;
CREATE TABLE receipt_allocation (
  document BLOB NOT NULL, line INTEGER NOT NULL, invoice BLOB NOT NULL, amount INTEGER NOT NULL,
  PRIMARY KEY (document, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_allocation_invoice ON receipt_allocation (invoice);
CREATE TABLE void_request (
  id BLOB PRIMARY KEY, document BLOB NOT NULL, author BLOB NOT NULL, at INTEGER NOT NULL,
  reason TEXT NOT NULL, decided INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE book (
  customer BLOB PRIMARY KEY, document BLOB NOT NULL, best_time TEXT NOT NULL, lat INTEGER, lon INTEGER,
  signs TEXT NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Own receipts that the server's figures may not contain yet. A receipt is taken off a figure only
-- while it is not acknowledged, or was acknowledged after the place in the log of that figure's row.
CREATE VIEW own_receipt AS
  SELECT r.document, r.customer, r.person, r.method, r.amount, r.rest, d.seq AS seq
  FROM receipt r JOIN document d ON d.id = r.document
  WHERE r.mine = 1 AND r.voided = 0 AND (d.rejected IS NULL OR EXISTS (
    SELECT 1 FROM quarantine q WHERE q.hash = d.id AND q.dismissed = 0));
-- Cash of those receipts by invoice.
CREATE VIEW own_cash AS
  SELECT a.invoice, SUM(a.amount) AS amount
  FROM own_receipt o JOIN receipt_allocation a ON a.document = o.document JOIN invoice i ON i.id = a.invoice
  WHERE o.method = 'cash' AND (o.seq IS NULL OR o.seq > i.row_seq) GROUP BY a.invoice;
-- Invoices on which something is owed (or over-paid), as the phone knows it. The second half are those
-- that the server says are paid and that own cash over-pays.
CREATE VIEW open_invoice AS
  SELECT i.id, i.customer, i.number, i.issued, i.due, i.amount, i.settled,
    i.amount - i.settled - COALESCE(o.amount, 0) AS outstanding
  FROM invoice i LEFT JOIN own_cash o ON o.invoice = i.id WHERE i.amount <> i.settled
  UNION ALL
  SELECT i.id, i.customer, i.number, i.issued, i.due, i.amount, i.settled, -o.amount AS outstanding
  FROM own_cash o JOIN invoice i ON i.id = o.invoice WHERE i.amount = i.settled;
