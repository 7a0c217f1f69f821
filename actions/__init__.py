"""SIGAP's custom actions: slots in, one call to a service, one response out."""
