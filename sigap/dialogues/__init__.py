"""Plays written dialogues against the trained model, the real actions and a real database, in one process.

Used by `sigap test` and by the tests in tests/conversations. The format of the files is described, for editors, in
docs/panduan-uji.md.
"""
