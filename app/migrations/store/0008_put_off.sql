-- Since when, by the server's clock, an addition is put off because the server lacks what it builds on.
ALTER TABLE change ADD COLUMN parked_at INTEGER;

-- What the person has chosen for this store.
CREATE TABLE preference (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
