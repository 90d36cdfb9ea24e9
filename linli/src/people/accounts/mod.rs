//! Accounts: who can sign in, with what, and where they are signed in.
