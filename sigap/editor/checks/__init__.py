"""The checks of `sigap validate`, one module for each part of the content. Each takes the content, yields findings."""
