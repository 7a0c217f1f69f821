"""Booking codes that survive being read aloud and copied by hand."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from arbitrary import ANY_TEXT
from hypothesis import assume, given
from hypothesis import strategies as st

from sigap.booking import new_code, read_code
from sigap.booking.codes import ALPHABET

SYMBOLS = st.sampled_from(ALPHABET)


def chooser(symbols: str) -> Callable[[str], str]:
    """Chooses these symbols, in order, instead of random ones."""
    given_symbols = iter(symbols)
    return lambda _: next(given_symbols)


@st.composite
def codes(draw: st.DrawFn) -> str:
    """A code made from symbols that hypothesis chooses."""
    body = draw(st.text(SYMBOLS, min_size=7, max_size=7))
    assume(any(char.isdigit() for char in body) and any(char.isalpha() for char in body))
    return new_code(chooser(body))


def test_a_code_is_shown_as_two_groups_of_four() -> None:
    assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", new_code())


def test_a_code_is_the_same_for_the_same_symbols() -> None:
    assert new_code(chooser("7KQM4W2")) == "7KQM-4W24"
    assert read_code("7KQM-4W24") == "7KQM-4W24"


def test_symbols_that_look_alike_are_never_used() -> None:
    assert not set("01ILO") & set(ALPHABET)
    assert len(ALPHABET) == len(set(ALPHABET)) == 31


def test_new_codes_do_not_repeat() -> None:
    assert len({new_code() for _ in range(2000)}) == 2000


def test_a_code_of_letters_or_digits_alone_is_drawn_again() -> None:
    assert new_code(chooser("ABCDEFG" + "2345678" + "7KQM4W2")) == "7KQM-4W24"


@given(codes())
def test_every_code_can_be_read_back(code: str) -> None:
    assert read_code(code) == code


@given(codes(), st.sampled_from([" ", "", "-", ".", " - ", "\n"]), st.booleans())
def test_case_and_separators_do_not_matter(code: str, separator: str, lower: bool) -> None:
    typed = f" {code[:4]}{separator}{code[5:]} "
    assert read_code(typed.lower() if lower else typed) == code


@given(codes(), st.integers(0, 7), SYMBOLS)
def test_every_single_wrong_symbol_is_caught(code: str, position: int, wrong: str) -> None:
    symbols = list(code.replace("-", ""))
    assume(symbols[position] != wrong)
    symbols[position] = wrong
    assert read_code("".join(symbols)) is None


@given(codes(), st.integers(0, 6))
def test_every_swap_of_two_different_neighbours_is_caught(code: str, position: int) -> None:
    symbols = list(code.replace("-", ""))
    assume(symbols[position] != symbols[position + 1])
    symbols[position], symbols[position + 1] = symbols[position + 1], symbols[position]
    assert read_code("".join(symbols)) is None


def test_every_slip_in_one_code_is_caught_without_exception() -> None:
    code = "7KQM4W24"
    slips = [code[:at] + wrong + code[at + 1 :] for at in range(8) for wrong in ALPHABET if wrong != code[at]]
    swaps = [code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(7)]
    assert [slip for slip in slips + swaps if read_code(slip)] == []
    assert len(slips) == 8 * 30


@given(codes(), st.integers(0, 7))
def test_a_missing_or_doubled_symbol_is_caught(code: str, position: int) -> None:
    symbols = code.replace("-", "")
    assert read_code(symbols[:position] + symbols[position + 1 :]) is None
    assert read_code(symbols[:position] + symbols[position] + symbols[position:]) is None


@pytest.mark.parametrize(
    "typed", ["", "7KQM", "7KQM-4W2", "7KQM_4W24", "７KQM-4W24", "7KQM-4W24!", "OKQM-4W24", "ßßßßßßßß"]
)
def test_what_is_no_code_is_not_read_as_one(typed: str) -> None:
    assert read_code(typed) is None


@given(ANY_TEXT)
def test_no_text_breaks_the_reader_and_what_is_read_stays_read(typed: str) -> None:
    code = read_code(typed)
    assert code is None or read_code(code) == code
