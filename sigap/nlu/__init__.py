"""Rasa graph components that put SIGAP's reading of Indonesian into the pipeline."""
