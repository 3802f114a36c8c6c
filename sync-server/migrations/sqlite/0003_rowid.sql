-- Tables with wide rows get a rowid: without one the whole rows lie in the inner pages of the key's tree,
-- which makes it deep, and every write touches more pages the more rows there are.

CREATE TABLE new_customer (
  id BLOB NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  territory BLOB NOT NULL REFERENCES territory (id),
  rep BLOB REFERENCES person (id),
  on_account INTEGER NOT NULL DEFAULT 0,
  in_transit INTEGER NOT NULL DEFAULT 0,
  body TEXT NOT NULL
) STRICT;
INSERT INTO new_customer SELECT * FROM customer;
DROP TABLE customer;
ALTER TABLE new_customer RENAME TO customer;
CREATE INDEX customer_by_territory ON customer (territory);
CREATE INDEX customer_by_rep ON customer (rep);

CREATE TABLE new_document (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  customer BLOB NOT NULL REFERENCES customer (id),
  person BLOB NOT NULL,
  device BLOB NOT NULL,
  counter INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT;
INSERT INTO new_document SELECT * FROM document;
DROP TABLE document;
ALTER TABLE new_document RENAME TO document;
CREATE INDEX document_by_customer ON document (customer, kind);

CREATE TABLE new_promise_state (
  document BLOB NOT NULL PRIMARY KEY REFERENCES document (id),
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

CREATE TABLE new_exception (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  customer BLOB NOT NULL,
  document BLOB,
  subject TEXT NOT NULL,
  amount INTEGER,
  found_at INTEGER NOT NULL,
  open INTEGER NOT NULL
) STRICT;
INSERT INTO new_exception SELECT * FROM exception;
DROP TABLE exception;
ALTER TABLE new_exception RENAME TO exception;
CREATE INDEX exception_open ON exception (open, found_at);
CREATE INDEX exception_by_customer ON exception (customer);

CREATE TABLE new_batch (
  device BLOB NOT NULL,
  number INTEGER NOT NULL,
  manifest BLOB NOT NULL,
  answers BLOB NOT NULL,
  PRIMARY KEY (device, number)
) STRICT;
INSERT INTO new_batch SELECT * FROM batch;
DROP TABLE batch;
ALTER TABLE new_batch RENAME TO batch;
-- Of migration 2, gone with the table.
CREATE INDEX document_by_counter ON document (device, counter);
