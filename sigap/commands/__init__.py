"""The command line, one module for each part of the house. Heavy imports happen inside the commands."""
