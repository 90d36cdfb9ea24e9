//! Imports: an office's spreadsheet becomes rooms, people and bills, all at once or not at all, and can be undone.
