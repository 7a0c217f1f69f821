"""`make bench`: choices and goals measured side by side, one section of docs/benchmark.md each."""
