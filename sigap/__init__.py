"""SIGAP: the chat assistant of an Indonesian immigration office."""
