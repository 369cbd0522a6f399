"""A Bot API server with people in it, for the chat page, for tests and for outside programs."""
