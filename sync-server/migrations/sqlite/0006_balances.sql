-- The balance of each account by name, all receivables in one: repeats what the journal's postings say.
CREATE TABLE account_balance (
  account TEXT PRIMARY KEY,
  balance INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO account_balance (account, balance)
  SELECT CASE WHEN customer IS NULL THEN account ELSE 'Assets:Receivable' END AS name, SUM(amount)
  FROM posting GROUP BY name;

-- What is open, for the aging; and the entries of the days after the one that is asked for.
CREATE INDEX invoice_open ON invoice (customer, due, amount, settled) WHERE amount <> settled;
CREATE INDEX journal_by_day ON journal_entry (day);
