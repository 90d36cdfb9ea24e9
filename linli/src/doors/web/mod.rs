//! The web door: one router of every room's routes, each behind its guard.
