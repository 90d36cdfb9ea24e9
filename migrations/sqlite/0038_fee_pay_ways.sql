-- How the office is paid, as it stands on statements and letters: no personal data, an office's
-- own account, counter and hours. No row, or an empty one, is none.
CREATE TABLE fee_pay_ways (
  community INTEGER NOT NULL,
  account TEXT NOT NULL,
  counter TEXT NOT NULL,
  hours TEXT NOT NULL,
  other TEXT NOT NULL,
  PRIMARY KEY (community)
) STRICT, WITHOUT ROWID;
