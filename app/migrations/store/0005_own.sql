-- Own records that had come back from the server (after a store was rolled back) were stored like those of
-- others. Should a restored server lose them, this store has to send them again.
UPDATE change SET own = 1
  WHERE own = 0 AND hash IN (SELECT id FROM document WHERE author = (SELECT person FROM identity));
