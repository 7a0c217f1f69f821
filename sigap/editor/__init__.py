"""The content editors' workbench: checking, changing and trying what SIGAP says and understands."""
