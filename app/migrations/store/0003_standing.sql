-- Where this device stood in the log, so that a server restored from a backup can say what it lacks.
CREATE TABLE checkpoint (
  seq INTEGER PRIMARY KEY, chain BLOB NOT NULL, at INTEGER NOT NULL
) STRICT;

ALTER TABLE sync_state ADD COLUMN cursor_unknown INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_state ADD COLUMN rereading INTEGER NOT NULL DEFAULT 0;

-- Sent to the office after this device was revoked: kept there for review, and here until it is admitted.
ALTER TABLE outbox ADD COLUMN reviewed INTEGER NOT NULL DEFAULT 0;

-- A change in state 'parked' waits until the server has what it builds on.
CREATE INDEX change_parked ON change (document) WHERE state = 'parked';
