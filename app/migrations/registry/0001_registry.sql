-- People whose stores are on this device, and stores that could not be read and were set aside.
CREATE TABLE person (
  id        BLOB    PRIMARY KEY,
  name      TEXT    NOT NULL,
  file      TEXT    NOT NULL,
  active    INTEGER NOT NULL,
  last_used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE set_aside (
  file   TEXT    PRIMARY KEY,
  person BLOB,
  reason TEXT    NOT NULL,
  at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
