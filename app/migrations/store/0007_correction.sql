-- Refused records and the records that were made in their place.
CREATE TABLE correction (corrected BLOB PRIMARY KEY, document BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- Money of a refused receipt stays in the figures until the person has dealt with it; but not that of
-- a correction which was refused because the record itself, or another correction, counts.
DROP VIEW own_receipt;
CREATE VIEW own_receipt AS
  SELECT r.document, r.customer, r.person, r.method, r.amount, r.rest, d.seq AS seq
  FROM receipt r JOIN document d ON d.id = r.document
  WHERE r.mine = 1 AND r.voided = 0 AND (d.rejected IS NULL OR (
    d.rejected NOT IN ('admission.corrected', 'admission.corrected_already', 'admission.corrects_admitted')
    AND EXISTS (SELECT 1 FROM quarantine q WHERE q.hash = d.id AND q.dismissed = 0)));
