//! What comes out is read back as a stranger would.
