-- How the office is paid, as it stands on statements and letters: no personal data, an office's
-- own account, counter and hours. No row, or an empty one, is none.
CREATE TABLE fee_pay_ways (
  community BIGINT NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  counter TEXT COLLATE "C" NOT NULL,
  hours TEXT COLLATE "C" NOT NULL,
  other TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community)
);
