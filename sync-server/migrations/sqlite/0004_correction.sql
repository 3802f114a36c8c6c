-- Which record was made in place of one that had been refused: of a refused record and its corrections at
-- most one is ever admitted.
CREATE TABLE correction (
  corrected BLOB PRIMARY KEY,
  document BLOB NOT NULL REFERENCES document (id)
) STRICT, WITHOUT ROWID;
