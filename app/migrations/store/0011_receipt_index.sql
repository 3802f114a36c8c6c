-- Stores of the first version were made with a narrower index than later ones: made anew, so that all are alike.
DROP INDEX receipt_customer;
CREATE INDEX receipt_customer ON receipt (customer, issued_at, next_day);
