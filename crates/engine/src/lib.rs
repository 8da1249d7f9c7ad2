//! Use cases: permit and question become a page; no HTTP, no HTML.
