//! Files, flags and environment become one Config; the table of settings.
