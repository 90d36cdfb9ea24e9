//! Keeping: what an operator does for the house: verify, doctor, and later backup and restore.
