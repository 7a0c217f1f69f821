"""Jawaban."""


def add(app, desk):
    pass
