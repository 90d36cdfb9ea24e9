//! What holds for words, formats, forms and assets.
