"""Reads Indonesian as people type it. Plain Python: knows no Rasa, no database and no office."""
