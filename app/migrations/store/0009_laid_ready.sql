-- The day's work list as it was last made out, for today and for the next day: the app opens with it instead of
-- reading the whole territory first. Every change forgets it, in the change's own transaction; it is only good
-- for the build that made it out.
CREATE TABLE laid_ready (day INTEGER NOT NULL PRIMARY KEY, build TEXT NOT NULL, body BLOB NOT NULL) STRICT;
