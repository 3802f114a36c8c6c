-- A customer's collection case as the server tells it: the step at law taken last, and dunning letters that went out, in
-- the order noted. `rules` is what the company's rules go by beside its settings: its own recovery curve and the figures,
-- both JSON.
CREATE TABLE collection_case (
  customer BLOB PRIMARY KEY, step TEXT, step_on INTEGER, until INTEGER, row_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE letter (
  customer BLOB NOT NULL, place INTEGER NOT NULL, letter INTEGER NOT NULL, sent INTEGER NOT NULL, received INTEGER,
  PRIMARY KEY (customer, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE rules (one INTEGER PRIMARY KEY CHECK (one = 1), curve TEXT NOT NULL, figures TEXT NOT NULL) STRICT;
