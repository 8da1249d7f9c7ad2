//! The test world: sites, fixtures, hostile names; a dev-dependency only.
