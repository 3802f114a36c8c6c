-- The column map that was used last for each kind of file that finance uploads.
CREATE TABLE import_map (
    kind    TEXT NOT NULL PRIMARY KEY CHECK (kind IN ('customers', 'invoices', 'payments', 'bank_lines')),
    mapping TEXT NOT NULL,
    person  BLOB NOT NULL CHECK (length(person) = 16),
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
