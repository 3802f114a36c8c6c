-- Changes of the company's settings at the desk: who changed what, when and why. `changes` is JSON: for each setting its
-- key, the old and the new value. The settings themselves stand in `company.settings`.
CREATE TABLE settings_change (
  revision INTEGER PRIMARY KEY CHECK (revision > 0),
  id BLOB NOT NULL UNIQUE,
  person BLOB NOT NULL REFERENCES person (id),
  at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  changes TEXT NOT NULL
) STRICT;
CREATE TRIGGER settings_change_is_append_only_update BEFORE UPDATE ON settings_change
BEGIN SELECT RAISE(ABORT, 'changes of settings are append only'); END;
CREATE TRIGGER settings_change_is_append_only_delete BEFORE DELETE ON settings_change
BEGIN SELECT RAISE(ABORT, 'changes of settings are append only'); END;
