-- Whether somebody was told today is asked within a write: not by reading the whole log.
CREATE INDEX ledger_told ON ledger (community, kind, seq) WHERE kind IN ('changes.told', 'arrears.reminded');
