-- Entries of an index by hash, or by customer, lie all over it: each new record dirtied a page of every such
-- index, the more pages the longer the history. Documents lie in the order in which they came; which are a
-- customer's is asked only when the customer leaves, and read from all of them then; which receipts paid an
-- invoice is asked customer by customer.
DROP VIEW open_invoice;
DROP VIEW own_cash;
DROP VIEW own_receipt;

CREATE TABLE new_document (
  id              BLOB    NOT NULL PRIMARY KEY,
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
) STRICT;
INSERT INTO new_document SELECT id, kind, customer, author, device, mine, saved_at, received_at, seq,
    clock_offset_ms, rejected FROM document ORDER BY seq IS NULL, seq;
DROP TABLE document;
ALTER TABLE new_document RENAME TO document;
DROP INDEX receipt_allocation_invoice;

CREATE VIEW own_receipt AS
  SELECT r.document, r.customer, r.person, r.method, r.amount, r.rest, d.seq AS seq
  FROM receipt r JOIN document d ON d.id = r.document
  WHERE r.mine = 1 AND r.voided = 0 AND (d.rejected IS NULL OR (
    d.rejected NOT IN ('admission.corrected', 'admission.corrected_already', 'admission.corrects_admitted')
    AND EXISTS (SELECT 1 FROM quarantine q WHERE q.hash = d.id AND q.dismissed = 0)));
-- Cash of those receipts, line by line.
CREATE VIEW own_cash_line AS
  SELECT o.customer, a.invoice, a.amount
  FROM own_receipt o JOIN receipt_allocation a ON a.document = o.document
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
