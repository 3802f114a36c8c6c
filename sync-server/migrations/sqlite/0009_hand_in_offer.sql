-- A hand-in that comes from the field has no customer: it is of the person who hands in, and that person's id stands
-- in the place of the customer's. So a record's `customer` is no reference any more; that of every other kind still
-- has to be a customer (see the trigger). References to `document` hold by its name.
DROP TRIGGER creation_has_its_record;
DROP INDEX document_by_counter;
CREATE TABLE new_document (
  seq INTEGER PRIMARY KEY, -- of its creation change
  id BLOB NOT NULL,
  kind TEXT NOT NULL,
  customer BLOB NOT NULL, -- of a hand-in: the person
  person BLOB NOT NULL,
  device BLOB NOT NULL,
  counter INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT;
INSERT INTO new_document (seq, id, kind, customer, person, device, counter, received_at, record)
  SELECT seq, id, kind, customer, person, device, counter, received_at, record FROM document ORDER BY seq;
DROP TABLE document;
ALTER TABLE new_document RENAME TO document;
CREATE INDEX document_by_counter ON document (device, counter);
CREATE TRIGGER creation_has_its_record BEFORE INSERT ON change
WHEN NEW.hash = NEW.document AND NOT EXISTS (SELECT 1 FROM document WHERE seq = NEW.seq AND id = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'a creation change stands where its record does'); END;
CREATE TRIGGER an_id_is_of_one_record BEFORE INSERT ON document
WHEN EXISTS (SELECT 1 FROM document_by_id WHERE filed IN (0, 1) AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'this record is there already'); END;
CREATE TRIGGER a_record_is_somebodys BEFORE INSERT ON document
WHEN NOT CASE NEW.kind WHEN 'hand_in' THEN EXISTS (SELECT 1 FROM person WHERE id = NEW.customer)
                       ELSE EXISTS (SELECT 1 FROM customer WHERE id = NEW.customer) END
BEGIN SELECT RAISE(ABORT, 'a record is of a customer, a hand-in of a person'); END;

-- What the field hands in goes back to devices of the same person.
CREATE INDEX change_of_hand_in ON change (customer, seq) WHERE kind = 'hand_in';

-- Hand-ins as the field offers them, and what became of them. Sums are the phone's: nobody is told them before
-- finance has counted.
CREATE TABLE hand_in_offer (
  document BLOB PRIMARY KEY,
  person BLOB NOT NULL REFERENCES person (id),
  received_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('offered', 'accepted', 'returned')),
  command BLOB REFERENCES finance_command (id), -- by which it was counted
  reason TEXT NOT NULL, -- for which it was returned; empty if its money was handed in otherwise
  decided_by BLOB REFERENCES person (id),
  decided_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX hand_in_offer_by_state ON hand_in_offer (state, received_at);
CREATE INDEX hand_in_offer_by_command ON hand_in_offer (command) WHERE command IS NOT NULL;
CREATE TABLE hand_in_offer_receipt (
  receipt BLOB NOT NULL,
  document BLOB NOT NULL REFERENCES hand_in_offer (document),
  PRIMARY KEY (receipt, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX hand_in_offer_receipts ON hand_in_offer_receipt (document);
CREATE INDEX hand_in_by_person ON hand_in (person);
