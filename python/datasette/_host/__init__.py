"""The process that runs plugins for the server. Private: plugins import none of it."""
