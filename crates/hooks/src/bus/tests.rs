mod complete;
mod earlier;
mod isolation;
mod merging;
mod ordering;
mod probe;
mod wire;
