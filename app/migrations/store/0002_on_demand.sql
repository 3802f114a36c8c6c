-- What is not on this device and somebody wants to see: documents of which only the digest, or a change
-- without what it builds on, is here. `at` orders them, the latest wanted first.
-- `absent`: the server has said that there is no such record for this person.
CREATE TABLE wanted (
  document BLOB PRIMARY KEY, at INTEGER NOT NULL, absent INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How far back a customer's closed records have been fetched (by the server's clock), whether there are
-- more, and whether somebody waits for them.
CREATE TABLE older (
  customer BLOB PRIMARY KEY, before INTEGER NOT NULL, more INTEGER NOT NULL, wanted INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- For how many days closed matters are kept, as the server says, and when they were last let go of.
CREATE TABLE retention (
  one INTEGER PRIMARY KEY CHECK (one = 1), history_days INTEGER NOT NULL, dropped_at INTEGER
) STRICT;
