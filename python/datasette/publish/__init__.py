"""What publish plugins build on: `datasette.publish.common`."""
