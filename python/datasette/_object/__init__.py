"""The parts of the `Datasette` object, by what they are about."""
