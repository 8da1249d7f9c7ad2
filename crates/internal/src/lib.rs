//! The server's own database: catalogue, metadata, stored queries.
