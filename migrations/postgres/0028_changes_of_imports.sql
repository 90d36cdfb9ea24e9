-- What an import changed and waits to be checked: looked up when the import is taken back.
CREATE INDEX change_record_import ON change_record (community, evidence_of, id) WHERE state = 'waiting';
