-- A receipt that was entered from its paper copy has no record until its phone is found: its row stands at a negative
-- place meanwhile, and moves to that of the record when it comes.
CREATE TABLE new_receipt_state (
  seq INTEGER PRIMARY KEY, -- of its record; negative without one
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
  SELECT seq, document, customer, person, device, device_code, n, number, seal, previous, method,
    amount, day, issued_at, state, posted_day, custody
  FROM receipt_state ORDER BY seq;
DROP TABLE receipt_state;
ALTER TABLE new_receipt_state RENAME TO receipt_state;
CREATE INDEX receipt_by_number ON receipt_state (device_code, n);
-- For what was entered twice: of one day and sum, whoever's. (A customer's receipts are found among their records.)
CREATE INDEX receipt_by_day ON receipt_state (day, amount, customer);
CREATE INDEX receipt_in_transit ON receipt_state (customer)
  WHERE method <> 'cash' AND custody IN ('field', 'claim', 'clearing');
CREATE INDEX receipt_in_hands ON receipt_state (person) WHERE custody = 'field';

-- What was typed stands in the command. All of it follows from the facts.
CREATE TABLE paper_receipt (
  id BLOB PRIMARY KEY, -- the receipt's, until its record comes
  place INTEGER NOT NULL UNIQUE REFERENCES receipt_state (seq) DEFERRABLE INITIALLY DEFERRED,
  customer BLOB NOT NULL,
  command BLOB NOT NULL REFERENCES finance_command (id),
  document BLOB UNIQUE -- its record
) STRICT, WITHOUT ROWID;
CREATE INDEX paper_by_customer ON paper_receipt (customer);
CREATE TRIGGER a_receipt_has_its_record BEFORE INSERT ON receipt_state
WHEN NEW.seq > 0 AND NOT EXISTS (SELECT 1 FROM document WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'a receipt stands where its record does'); END;

-- The rule by which lines of a bank statement are posted without a person: when it was on, and by whose words. It is on
-- while there is a row that has not ended. All of it follows from the commands.
CREATE TABLE bank_rule (
  command BLOB PRIMARY KEY REFERENCES finance_command (id), -- that proposed to switch it on
  approval BLOB NOT NULL REFERENCES finance_command (id), -- the second word
  ended BLOB REFERENCES finance_command (id) -- that switched it off
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX bank_rule_in_force ON bank_rule (ended IS NULL) WHERE ended IS NULL;
