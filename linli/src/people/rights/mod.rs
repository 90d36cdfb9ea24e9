//! A person's rights over their data: consents, access, correction, erasure, and who unmasked what.
