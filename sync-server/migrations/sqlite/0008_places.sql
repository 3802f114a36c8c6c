-- Entries of an index by hash, or by customer, lie all over it: each new record dirtied a page of every such
-- index, the more pages the longer the history. A record's creation change has the record's hash as its own and
-- stands where the record was made: it needs no entries of its own in the indexes of changes, and `seq`, now the
-- record's row number, leads to it, and to what is kept of a receipt.

DROP INDEX document_by_customer;
DROP INDEX document_by_counter;
CREATE TABLE new_document (
  seq INTEGER PRIMARY KEY, -- of its creation change
  id BLOB NOT NULL,
  kind TEXT NOT NULL,
  customer BLOB NOT NULL REFERENCES customer (id),
  person BLOB NOT NULL,
  device BLOB NOT NULL,
  counter INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT;
INSERT INTO new_document (seq, id, kind, customer, person, device, counter, received_at, record)
  SELECT c.seq, d.id, d.kind, d.customer, d.person, d.device, d.counter, d.received_at, d.record
  FROM document d JOIN change c ON c.hash = d.id;
DROP TABLE document;
ALTER TABLE new_document RENAME TO document;
-- Which record has this id, and whose the records are: the newest (filed = 0) lie together, a few pages however long
-- the history; when they have become many, all of them are filed (1) among the older ones at once.
CREATE TABLE document_by_id (
  filed INTEGER NOT NULL,
  id BLOB NOT NULL,
  seq INTEGER NOT NULL REFERENCES document (seq),
  PRIMARY KEY (filed, id)
) STRICT, WITHOUT ROWID;
INSERT INTO document_by_id (filed, id, seq) SELECT 1, id, seq FROM document ORDER BY id;
CREATE TABLE document_by_customer (
  filed INTEGER NOT NULL,
  customer BLOB NOT NULL,
  seq INTEGER NOT NULL REFERENCES document (seq),
  PRIMARY KEY (filed, customer, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO document_by_customer (filed, customer, seq) SELECT 1, customer, seq FROM document ORDER BY customer, seq;
CREATE INDEX document_by_counter ON document (device, counter);

-- Of rows that are a person's, people read their own: told by the index.
DROP INDEX row_of_all;
CREATE INDEX row_of_all ON row (seq, person) WHERE customer IS NULL;

CREATE TABLE new_change (
  seq INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  document BLOB NOT NULL,
  kind TEXT NOT NULL,
  customer BLOB NOT NULL,
  person BLOB NOT NULL,
  device BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  clock_offset_ms INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
INSERT INTO new_change (seq, hash, document, kind, customer, person, device, received_at, clock_offset_ms, bytes)
  SELECT seq, hash, document, kind, customer, person, device, received_at, clock_offset_ms, bytes
  FROM change ORDER BY seq;
DROP TABLE change;
ALTER TABLE new_change RENAME TO change;
CREATE UNIQUE INDEX edit_by_hash ON change (hash) WHERE hash <> document;
CREATE INDEX edit_by_document ON change (document, seq) WHERE hash <> document;
CREATE INDEX edit_by_customer ON change (customer, seq) WHERE hash <> document;
CREATE INDEX change_by_seq ON change (seq, customer);
CREATE TRIGGER change_is_append_only_update BEFORE UPDATE ON change BEGIN SELECT RAISE(ABORT, 'changes are append only'); END;
CREATE TRIGGER change_is_append_only_delete BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT, 'changes are append only'); END;
-- A creation change and its record are one: neither is without the other, and no second one takes its place.
CREATE TRIGGER creation_has_its_record BEFORE INSERT ON change
WHEN NEW.hash = NEW.document AND NOT EXISTS (SELECT 1 FROM document WHERE seq = NEW.seq AND id = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'a creation change stands where its record does'); END;
CREATE TRIGGER edit_has_its_record BEFORE INSERT ON change
WHEN NEW.hash <> NEW.document
  AND NOT EXISTS (SELECT 1 FROM document_by_id WHERE filed IN (0, 1) AND id = NEW.document)
BEGIN SELECT RAISE(ABORT, 'an edit is of a record that is there'); END;
CREATE TRIGGER an_id_is_of_one_record BEFORE INSERT ON document
WHEN EXISTS (SELECT 1 FROM document_by_id WHERE filed IN (0, 1) AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'this record is there already'); END;

-- What refers to records by their ids.
CREATE TABLE new_promise_state (
  document BLOB NOT NULL PRIMARY KEY,
  customer BLOB NOT NULL,
  replaces BLOB,
  fact TEXT NOT NULL,
  state TEXT NOT NULL,
  instalments TEXT NOT NULL
) STRICT;
INSERT INTO new_promise_state SELECT * FROM promise_state;
DROP TABLE promise_state;
ALTER TABLE new_promise_state RENAME TO promise_state;
CREATE INDEX promise_by_customer ON promise_state (customer);
CREATE INDEX promise_by_replaced ON promise_state (replaces) WHERE replaces IS NOT NULL;
CREATE TABLE new_attachment_ref (
  hash BLOB NOT NULL,
  document BLOB NOT NULL,
  customer BLOB NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (hash, document)
) STRICT, WITHOUT ROWID;
INSERT INTO new_attachment_ref SELECT hash, document, customer, media_type, size FROM attachment_ref;
DROP TABLE attachment_ref;
ALTER TABLE new_attachment_ref RENAME TO attachment_ref;
CREATE TABLE new_correction (
  corrected BLOB PRIMARY KEY,
  document BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO new_correction SELECT corrected, document FROM correction;
DROP TABLE correction;
ALTER TABLE new_correction RENAME TO correction;
CREATE TABLE new_void_approval (
  receipt BLOB PRIMARY KEY,
  decision BLOB NOT NULL,
  requester BLOB NOT NULL,
  approver BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO new_void_approval SELECT receipt, decision, requester, approver FROM void_approval;
DROP TABLE void_approval;
ALTER TABLE new_void_approval RENAME TO void_approval;

CREATE TABLE new_receipt_state (
  seq INTEGER PRIMARY KEY REFERENCES document (seq),
  document BLOB NOT NULL,
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
  posted_day INTEGER,
  custody TEXT NOT NULL
) STRICT;
INSERT INTO new_receipt_state (seq, document, customer, person, device, device_code, n, number, seal, previous, method,
    amount, day, issued_at, state, posted_day, custody)
  SELECT d.seq, r.document, r.customer, r.person, r.device, r.device_code, r.n, r.number, r.seal, r.previous, r.method,
    r.amount, r.day, r.issued_at, r.state, r.posted_day, r.custody
  FROM receipt_state r JOIN document d ON d.id = r.document ORDER BY d.seq;
DROP TABLE receipt_state;
ALTER TABLE new_receipt_state RENAME TO receipt_state;
CREATE INDEX receipt_by_number ON receipt_state (device_code, n);
-- For what was entered twice: of one day and sum, whoever's. (A customer's receipts are found among their records.)
CREATE INDEX receipt_by_day ON receipt_state (day, amount, customer);
CREATE INDEX receipt_in_transit ON receipt_state (customer)
  WHERE method <> 'cash' AND custody IN ('field', 'claim', 'clearing');
CREATE INDEX receipt_in_hands ON receipt_state (person) WHERE custody = 'field';
