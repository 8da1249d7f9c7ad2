//! The words of the domain: names, values, schema, actor, action, fault; no I/O.
