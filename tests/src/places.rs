//! On a phone, what lists show of visits and receipts lies at the place of its record, and each record lies once.

/// How many lines do not: of no record, of another one, or allocations of no receipt.
pub const MISPLACED: &str = "SELECT
  (SELECT COUNT(*) FROM visit v
     WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.place = v.place AND d.id = v.document))
  + (SELECT COUNT(*) FROM receipt r
     WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.place = r.place AND d.id = r.document))
  + (SELECT COUNT(*) FROM document) - (SELECT COUNT(DISTINCT id) FROM document)
  + (SELECT COUNT(*) FROM receipt_allocation WHERE receipt NOT IN (SELECT place FROM receipt))
  + (SELECT COUNT(*) FROM receipt r WHERE r.amount - r.rest
       <> (SELECT COALESCE(SUM(a.amount), 0) FROM receipt_allocation a WHERE a.receipt = r.place))";
