-- All changes of a compound, of whatever state, in either order of the list.
CREATE INDEX change_record_at ON change_record (community, at, id);
CREATE INDEX change_record_key ON change_record (community, sort_key, id);
