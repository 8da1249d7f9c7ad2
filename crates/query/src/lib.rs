//! A question becomes SQL text and bound values; pure.
