-- Device identities that this store had before: a server restored from a backup may not know them, and takes in
-- what was made under them only if their keys vouch for the present one.
CREATE TABLE former_device (
  device BLOB PRIMARY KEY, code TEXT NOT NULL, secret_key BLOB NOT NULL, place INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
