mod complete;
mod isolation;
mod merging;
mod ordering;
mod probe;
mod wire;
