//! May this actor do this to that: rules, cascade, Permit.
