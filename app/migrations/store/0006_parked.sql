-- What is put off, and who is leaving, is asked for with every change that comes; there is seldom any. Without
-- an index that holds nothing else, the answer reads the whole history.
CREATE INDEX change_parked ON change (document, place) WHERE state = 'parked';
CREATE INDEX scope_leaving ON scope (customer) WHERE leaving = 1;
