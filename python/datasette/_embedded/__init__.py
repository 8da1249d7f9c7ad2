"""Sites that this process makes for itself: it starts the server's program and is its plugin host."""
