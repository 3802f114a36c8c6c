-- A customer's collection case as the server tells it, in its order: `what` is the number of a dunning letter or of a step
-- at law, `next` the day on which the letter was taken, or the last day for what the step sets running. `rules` is what the
-- company's rules go by beside its settings: its own recovery curve and the figures, both JSON.
CREATE TABLE case_step (
  customer BLOB NOT NULL, place INTEGER NOT NULL, what INTEGER NOT NULL, day INTEGER NOT NULL, next INTEGER,
  PRIMARY KEY (customer, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE rules (one INTEGER PRIMARY KEY CHECK (one = 1), curve TEXT NOT NULL, figures TEXT NOT NULL) STRICT;
