"""What earlier releases of Datasette offered to plugins and 1.0 removed: it works, noted in the log."""
