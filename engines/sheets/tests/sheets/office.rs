//! The example files of an office.
