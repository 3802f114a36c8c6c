-- What revoked devices still send is kept for review beside what was refused; to take it in later the
-- document of an edit and the clock's offset are needed.
ALTER TABLE quarantine ADD COLUMN document BLOB;
ALTER TABLE quarantine ADD COLUMN clock_offset_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX quarantine_by_device ON quarantine (device, code);

-- A device's record counter used for two records shows a copied store.
CREATE INDEX document_by_counter ON document (device, counter);
