"""`python -m sigap` is `sigap`."""

from sigap.cli import main

main()
