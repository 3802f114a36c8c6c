-- Who is leaving is asked for with every page; there is seldom anybody. An index of nothing else saves
-- reading the whole scope.
CREATE INDEX scope_leaving ON scope (customer) WHERE leaving = 1;
