//! Fees: items, bills, payments, balances and arrears, in integer fen.
