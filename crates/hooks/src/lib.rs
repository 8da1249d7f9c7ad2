//! The plugin seam: what plugins may do and what they may ask.
