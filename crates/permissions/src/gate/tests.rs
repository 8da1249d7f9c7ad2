mod agreement;
mod derivation;
mod explanation;
mod fixture;
mod matrix;
mod plugins;
mod queries;
mod requests;
