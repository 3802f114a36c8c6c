-- Tables with wide rows get a rowid: without one the whole rows lie in the inner pages of the key's tree,
-- which makes it deep, and every write touches more pages the more rows there are.

CREATE TABLE new_customer (
  id BLOB NOT NULL PRIMARY KEY, number TEXT NOT NULL, name TEXT NOT NULL, search_key TEXT NOT NULL,
  territory BLOB NOT NULL, rep BLOB, lat INTEGER, lon INTEGER, hold INTEGER NOT NULL,
  contact TEXT NOT NULL, contact_role TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
INSERT INTO new_customer SELECT * FROM customer;
DROP TABLE customer;
ALTER TABLE new_customer RENAME TO customer;

CREATE TABLE new_promise_state (
  document BLOB NOT NULL PRIMARY KEY, customer BLOB NOT NULL, state TEXT NOT NULL, instalments TEXT NOT NULL, row_seq INTEGER NOT NULL
) STRICT;
INSERT INTO new_promise_state SELECT * FROM promise_state;
DROP TABLE promise_state;
ALTER TABLE new_promise_state RENAME TO promise_state;

CREATE TABLE new_exception (
  id BLOB NOT NULL PRIMARY KEY, customer BLOB NOT NULL, open INTEGER NOT NULL, found_at INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
INSERT INTO new_exception SELECT * FROM exception;
DROP TABLE exception;
ALTER TABLE new_exception RENAME TO exception;

CREATE TABLE new_visit (
  document BLOB NOT NULL PRIMARY KEY, customer BLOB NOT NULL, person BLOB NOT NULL, started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL, person_met TEXT NOT NULL, purpose TEXT NOT NULL, result TEXT NOT NULL,
  reason TEXT, signs TEXT NOT NULL, next_day INTEGER, note TEXT NOT NULL, photos INTEGER NOT NULL,
  comments INTEGER NOT NULL, lat INTEGER, lon INTEGER, accuracy_m INTEGER
) STRICT;
INSERT INTO new_visit SELECT * FROM visit;
DROP TABLE visit;
ALTER TABLE new_visit RENAME TO visit;
CREATE INDEX visit_time ON visit (started_at);
CREATE INDEX visit_customer ON visit (customer, started_at, next_day);
CREATE INDEX visit_signs ON visit (started_at) WHERE signs <> '';

CREATE TABLE new_promise (
  document BLOB NOT NULL PRIMARY KEY, customer BLOB NOT NULL, person BLOB NOT NULL, made_at INTEGER NOT NULL,
  day INTEGER NOT NULL, total INTEGER NOT NULL, replaces BLOB, cancelled INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
INSERT INTO new_promise SELECT * FROM promise;
DROP TABLE promise;
ALTER TABLE new_promise RENAME TO promise;
CREATE INDEX promise_customer ON promise (customer, made_at);
CREATE INDEX promise_replaces ON promise (replaces) WHERE replaces IS NOT NULL;

CREATE TABLE new_book (
  customer BLOB NOT NULL PRIMARY KEY, document BLOB NOT NULL, best_time TEXT NOT NULL, lat INTEGER, lon INTEGER,
  signs TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
INSERT INTO new_book SELECT * FROM book;
DROP TABLE book;
ALTER TABLE new_book RENAME TO book;

CREATE TABLE new_draft (key TEXT NOT NULL PRIMARY KEY, json TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
INSERT INTO new_draft SELECT * FROM draft;
DROP TABLE draft;
ALTER TABLE new_draft RENAME TO draft;
