-- Entries of an index by hash, or by customer, lie all over it: each new record dirtied a page of every such
-- index, the more pages the longer the history. Documents lie in the order in which they came, and what lists show
-- of visits and receipts lies at their places; which documents are a customer's is asked only when the customer
-- leaves, and read from all of them then; which receipts paid an invoice is asked customer by customer. A document
-- is found by its id among the newest (filed = 0: a few pages, however long the history) and among the older ones
-- (1), where the newest are filed all at once when they have become many.
DROP VIEW open_invoice;
DROP VIEW own_cash;
DROP VIEW own_receipt;

CREATE TABLE new_document (
  place           INTEGER PRIMARY KEY,
  id              BLOB    NOT NULL,
  kind            TEXT    NOT NULL,
  customer        BLOB    NOT NULL,
  author          BLOB    NOT NULL,
  device          BLOB    NOT NULL,
  mine            INTEGER NOT NULL, -- made on this device
  saved_at        INTEGER NOT NULL,
  received_at     INTEGER,          -- none until the server has it
  seq             INTEGER,          -- of its creation change
  clock_offset_ms INTEGER,
  rejected        TEXT,             -- code, if the creation change was refused
  filed           INTEGER NOT NULL
) STRICT;
INSERT INTO new_document (id, kind, customer, author, device, mine, saved_at, received_at, seq,
    clock_offset_ms, rejected, filed) SELECT id, kind, customer, author, device, mine, saved_at, received_at, seq,
    clock_offset_ms, rejected, 1 FROM document ORDER BY seq IS NULL, seq;
DROP TABLE document;
ALTER TABLE new_document RENAME TO document;
CREATE UNIQUE INDEX document_id ON document (filed, id);

-- A creation change has the hash of its document: that leads to it.
DROP INDEX change_document;
CREATE INDEX change_edit ON change (document, place) WHERE hash <> document;

-- Query tables at their documents' places.
CREATE TABLE new_visit (
  place INTEGER PRIMARY KEY, document BLOB NOT NULL, customer BLOB NOT NULL, person BLOB NOT NULL,
  started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL, person_met TEXT NOT NULL, purpose TEXT NOT NULL,
  result TEXT NOT NULL, reason TEXT, signs TEXT NOT NULL, next_day INTEGER, note TEXT NOT NULL,
  photos INTEGER NOT NULL, comments INTEGER NOT NULL, lat INTEGER, lon INTEGER, accuracy_m INTEGER
) STRICT;
INSERT INTO new_visit SELECT d.place, v.document, v.customer, v.person, v.started_at, v.ended_at, v.person_met,
    v.purpose, v.result, v.reason, v.signs, v.next_day, v.note, v.photos, v.comments, v.lat, v.lon, v.accuracy_m
  FROM visit v JOIN document d ON d.id = v.document ORDER BY d.place;
DROP TABLE visit;
ALTER TABLE new_visit RENAME TO visit;
CREATE INDEX visit_time ON visit (started_at);
CREATE INDEX visit_customer ON visit (customer, started_at, next_day);
CREATE INDEX visit_signs ON visit (started_at) WHERE signs <> '';

CREATE TABLE new_receipt (
  place INTEGER PRIMARY KEY, document BLOB NOT NULL, customer BLOB NOT NULL, person BLOB NOT NULL,
  mine INTEGER NOT NULL, number TEXT NOT NULL, issued_at INTEGER NOT NULL, day INTEGER NOT NULL,
  method TEXT NOT NULL, amount INTEGER NOT NULL, rest INTEGER NOT NULL, next_day INTEGER,
  void_pending INTEGER NOT NULL, voided INTEGER NOT NULL
) STRICT;
INSERT INTO new_receipt SELECT d.place, r.document, r.customer, r.person, r.mine, r.number, r.issued_at, r.day,
    r.method, r.amount, r.rest, r.next_day, r.void_pending, r.voided
  FROM receipt r JOIN document d ON d.id = r.document ORDER BY d.place;
CREATE TABLE new_receipt_allocation (
  receipt INTEGER NOT NULL, line INTEGER NOT NULL, invoice BLOB NOT NULL, amount INTEGER NOT NULL,
  PRIMARY KEY (receipt, line)
) STRICT, WITHOUT ROWID;
INSERT INTO new_receipt_allocation SELECT r.place, a.line, a.invoice, a.amount
  FROM receipt_allocation a JOIN document d ON d.id = a.document JOIN new_receipt r ON r.place = d.place
  ORDER BY r.place, a.line;
DROP TABLE receipt_allocation;
ALTER TABLE new_receipt_allocation RENAME TO receipt_allocation;
DROP TABLE receipt;
ALTER TABLE new_receipt RENAME TO receipt;
CREATE INDEX receipt_customer ON receipt (customer, issued_at, next_day);
CREATE INDEX receipt_person ON receipt (person, issued_at);
CREATE INDEX receipt_mine ON receipt (mine, customer) WHERE mine = 1;

CREATE VIEW own_receipt AS
  SELECT r.place, r.document, r.customer, r.person, r.method, r.amount, r.rest, d.seq AS seq
  FROM receipt r JOIN document d ON d.place = r.place
  WHERE r.mine = 1 AND r.voided = 0 AND (d.rejected IS NULL OR (
    d.rejected NOT IN ('admission.corrected', 'admission.corrected_already', 'admission.corrects_admitted')
    AND EXISTS (SELECT 1 FROM quarantine q WHERE q.hash = d.id AND q.dismissed = 0)));
-- Cash of those receipts, line by line.
CREATE VIEW own_cash_line AS
  SELECT o.customer, a.invoice, a.amount
  FROM own_receipt o JOIN receipt_allocation a ON a.receipt = o.place
    JOIN invoice i ON i.id = a.invoice AND i.customer = o.customer
  WHERE o.method = 'cash' AND (o.seq IS NULL OR o.seq > i.row_seq);
-- By invoice, and invoices on which something is owed (or over-paid), as the phone knows it: for lists of all
-- customers. The second half are those that the server says are paid and that own cash over-pays.
CREATE VIEW own_cash AS SELECT invoice, SUM(amount) AS amount FROM own_cash_line GROUP BY invoice;
CREATE VIEW open_invoice AS
  SELECT i.id, i.customer, i.number, i.issued, i.due, i.amount, i.settled,
    i.amount - i.settled - COALESCE(o.amount, 0) AS outstanding
  FROM invoice i LEFT JOIN own_cash o ON o.invoice = i.id WHERE i.amount <> i.settled
  UNION ALL
  SELECT i.id, i.customer, i.number, i.issued, i.due, i.amount, i.settled, -o.amount AS outstanding
  FROM own_cash o JOIN invoice i ON i.id = o.invoice WHERE i.amount = i.settled;
