"""How Rasa runs under SIGAP: its tracker store, locks, the way to the actions, and the server around them."""
