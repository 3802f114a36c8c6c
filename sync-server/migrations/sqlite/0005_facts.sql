-- What the ledger is made of, in the order in which the server took it: a rebuild replays it. `source` is
-- what entries name as their source, as JSON; invoices and commands are facts also if they post nothing.
CREATE TABLE fact (
  number INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER fact_is_append_only_update BEFORE UPDATE ON fact BEGIN SELECT RAISE(ABORT, 'facts are append only'); END;
CREATE TRIGGER fact_is_append_only_delete BEFORE DELETE ON fact BEGIN SELECT RAISE(ABORT, 'facts are append only'); END;

-- What each state of an invoice came to.
CREATE TABLE invoice_revision (
  invoice BLOB NOT NULL REFERENCES invoice (id),
  revision INTEGER NOT NULL,
  issued INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (invoice, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE finance_command (
  id BLOB PRIMARY KEY,
  person BLOB NOT NULL REFERENCES person (id),
  at INTEGER NOT NULL,
  day INTEGER NOT NULL,
  kind TEXT NOT NULL,
  customer BLOB,
  reason TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX command_by_customer ON finance_command (customer) WHERE customer IS NOT NULL;
CREATE TRIGGER command_is_append_only_update BEFORE UPDATE ON finance_command BEGIN SELECT RAISE(ABORT, 'commands are append only'); END;
CREATE TRIGGER command_is_append_only_delete BEFORE DELETE ON finance_command BEGIN SELECT RAISE(ABORT, 'commands are append only'); END;

-- What commands have led to so far. All of it follows from the facts.
CREATE TABLE proposal (
  command BLOB PRIMARY KEY REFERENCES finance_command (id),
  decision TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE hand_in (
  command BLOB PRIMARY KEY REFERENCES finance_command (id),
  person BLOB NOT NULL,
  expected INTEGER NOT NULL,
  counted INTEGER NOT NULL,
  undecided INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE settled_line (
  line TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
-- `invoice` is empty for the account beside the invoices.
CREATE TABLE written_off (
  customer BLOB NOT NULL,
  invoice BLOB NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (customer, invoice)
) STRICT, WITHOUT ROWID;
CREATE TABLE void_approval (
  receipt BLOB PRIMARY KEY REFERENCES document (id),
  decision BLOB NOT NULL,
  requester BLOB NOT NULL,
  approver BLOB NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE company ADD COLUMN closed_through INTEGER;

-- Entries that lie later than their record says, because its day was closed when it came.
CREATE TABLE late_entry (
  entry INTEGER PRIMARY KEY REFERENCES journal_entry (number),
  own_day INTEGER NOT NULL
) STRICT;

-- Where the money of a receipt is.
ALTER TABLE receipt_state ADD COLUMN custody TEXT NOT NULL DEFAULT 'field';
UPDATE receipt_state SET custody = CASE
  WHEN state = 'voided' THEN 'voided'
  WHEN method IN ('cash', 'cheque', 'acceptance_bill') THEN 'field'
  ELSE 'claim' END;
DROP INDEX receipt_in_transit;
CREATE INDEX receipt_in_transit ON receipt_state (customer)
  WHERE method <> 'cash' AND custody IN ('field', 'claim', 'clearing');
CREATE INDEX receipt_in_hands ON receipt_state (person) WHERE custody = 'field';
CREATE INDEX journal_by_document ON journal_entry (document) WHERE document IS NOT NULL;

-- The facts so far: invoices and claims that posted nothing first, then what was posted, in its order.
INSERT INTO invoice_revision (invoice, revision, issued, amount)
  SELECT p.invoice, json_extract(e.source, '$.Invoice.revision'), e.day,
         SUM(p.amount) OVER (PARTITION BY p.invoice ORDER BY e.number)
  FROM journal_entry e JOIN posting p ON p.entry = e.number AND p.invoice IS NOT NULL
  WHERE e.kind = 'invoice';
INSERT INTO invoice_revision (invoice, revision, issued, amount)
  SELECT id, 0, issued, 0 FROM invoice
  WHERE NOT EXISTS (SELECT 1 FROM invoice_revision r WHERE r.invoice = invoice.id AND r.revision = 0);
INSERT INTO fact (source, received_at)
  SELECT json_object('Invoice', json_object('id',
           lower(substr(hex(i.id), 1, 8) || '-' || substr(hex(i.id), 9, 4) || '-' || substr(hex(i.id), 13, 4)
                 || '-' || substr(hex(i.id), 17, 4) || '-' || substr(hex(i.id), 21)), 'revision', 0)),
         i.received_at
  FROM invoice i JOIN invoice_revision r ON r.invoice = i.id AND r.revision = 0 WHERE r.amount = 0;
INSERT INTO fact (source, received_at)
  SELECT json_object('Document', json_object('id', lower(hex(r.document)), 'core', lower(hex(r.seal)))), d.received_at
  FROM receipt_state r JOIN document d ON d.id = r.document
  WHERE r.method NOT IN ('cash', 'cheque', 'acceptance_bill') ORDER BY d.received_at, r.document;
INSERT INTO fact (source, received_at)
  SELECT source, received_at FROM journal_entry ORDER BY number;
-- A claim that was voided posted nothing either: the decision stands in its record.
INSERT INTO fact (source, received_at)
  SELECT json_object('Void', json_object('receipt', lower(hex(r.document)), 'decision',
           (SELECT json_extract(v.value, '$.id') FROM json_each(d.record, '$.Receipt[0].void_decisions') v
            WHERE json_extract(v.value, '$.approved') AND json_extract(v.value, '$.author') <> json_extract(d.record, '$.Receipt[0].core.person')
            ORDER BY json_extract(v.value, '$.at'), json_extract(v.value, '$.id') LIMIT 1))),
         d.received_at
  FROM receipt_state r JOIN document d ON d.id = r.document
  WHERE r.custody = 'voided' AND r.method NOT IN ('cash', 'cheque', 'acceptance_bill');
