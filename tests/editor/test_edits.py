"""Editors change content through the workbench; only the lines they mean change."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sigap.editor.content import content_files
from sigap.editor.edits import (
    Conflict,
    EditError,
    add_example,
    append_item,
    change_example,
    delete_example,
    delete_field,
    delete_item,
    insert_item,
    set_field,
    set_value,
)
from sigap.editor.sources import Tree, parse
from sigap.settings import ROOT

NLU = (ROOT / "data/nlu/status.yml").read_text(encoding="utf-8")
DOMAIN = (ROOT / "domain.yml").read_text(encoding="utf-8")
FACTS = (ROOT / "data/knowledge/fakta.yml").read_text(encoding="utf-8")
FILES = [path.relative_to(ROOT).as_posix() for path in content_files(ROOT)]

# Reading a whole file takes a second; most examples begin with the same.
as_it_is = lru_cache(parse)

words = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"), blacklist_characters="\x85\ufeff"), min_size=1
)
sentences = words.map(lambda text: " ".join(text.split())).filter(bool)
paragraphs = st.lists(sentences, min_size=1, max_size=6).map("\n".join)


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """Lines taken out and lines put in."""
    diff = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[:2] in {"- ", "+ "}]
    return [line[2:] for line in diff if line[0] == "-"], [line[2:] for line in diff if line[0] == "+"]


def span_of_change(before: str, after: str) -> tuple[int, int]:
    """The first changed line and how many lines of the old text, from there on, are not in the new one."""
    old, new = before.splitlines(), after.splitlines()
    first = next((n for n, (a, b) in enumerate(zip(old, new)) if a != b), min(len(old), len(new)))
    same = next((n for n, (a, b) in enumerate(zip(old[::-1], new[::-1])) if a != b), min(len(old), len(new)))
    return first, max(0, len(old) - same - first)


def scalars(tree: Tree, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Tree]]:
    """Every single value of a file with its path."""
    for name, _, value in tree.items():
        yield from scalars(value, (*path, name))
    for position, entry in enumerate(tree.entries()):
        yield from scalars(entry, (*path, position))
    if not tree.is_mapping and not tree.is_list:
        yield path, tree


def replaced(data: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """Plain data with another value at a path."""
    if not path:
        return value
    step, *rest = path
    if isinstance(data, dict):
        return {name: replaced(inner, tuple(rest), value) if name == step else inner for name, inner in data.items()}
    return [replaced(inner, tuple(rest), value) if position == step else inner for position, inner in enumerate(data)]


# Round trips


@pytest.mark.parametrize("name", FILES)
def test_a_file_saved_unchanged_is_the_same_byte_for_byte(name: str, tmp_path: Path) -> None:
    from sigap.editor.files import Files

    content = (ROOT / name).read_bytes()
    (tmp_path / Path(name).name).write_bytes(content)
    files = Files(tmp_path)
    files.change("Sari", "tidak ada", {Path(name).name: lambda text: text + "# sementara\n"})
    files.change("Sari", "tidak ada", {Path(name).name: lambda text: text.removesuffix("# sementara\n")})
    assert (tmp_path / Path(name).name).read_bytes() == content


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith(("data/nlu", "tests/nlu"))])
def test_changing_a_value_and_changing_it_back_leaves_the_same_data(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    tree = parse(text)
    places = [(path, found.data) for path, found in scalars(tree) if isinstance(found.data, str) and path]
    for path, value in places[:: max(1, len(places) // 10)]:
        other = set_value(text, path, value, 'Sementara: "lain" # ini')
        assert parse(other).data == replaced(tree.data, path, 'Sementara: "lain" # ini')
        assert parse(set_value(other, path, 'Sementara: "lain" # ini', value)).data == tree.data


# Examples


@given(message=sentences)
def test_an_added_message_adds_one_line(message: str) -> None:
    after = add_example(NLU, "cek_status", "santai", message)
    assert changed_lines(NLU, after) == ([], [f"    - {message}"])
    examples = [block["examples"] for block in parse(after).data["nlu"] if block["metadata"]["gaya"] == "santai"]
    assert examples[-1].splitlines()[-1] == f"- {message}"


@given(message=sentences, position=st.integers(0, 800))
@settings(max_examples=40)
def test_a_changed_message_changes_one_line(message: str, position: int) -> None:
    intent, style, old = example_at(position)
    assume(message != old)
    after = change_example(NLU, intent, style, old, message)
    assert len(after.splitlines()) == len(NLU.splitlines())
    assert span_of_change(NLU, after)[1] == 1


@given(position=st.integers(0, 800))
@settings(max_examples=40)
def test_a_deleted_message_takes_one_line_out(position: int) -> None:
    intent, style, old = example_at(position)
    after = delete_example(NLU, intent, style, old)
    assert changed_lines(NLU, after) == ([f"    - {old}"], [])


EXAMPLES = [
    (block["intent"], block["metadata"]["gaya"], line[2:])
    for block in parse(NLU).data["nlu"]
    for line in block["examples"].splitlines()
]


def example_at(position: int) -> tuple[str, str, str]:
    return EXAMPLES[position % len(EXAMPLES)]


def test_the_first_message_of_a_style_makes_a_block_after_its_intent() -> None:
    text = 'version: "3.1"\nnlu:\n- intent: a\n  metadata: {gaya: formal}\n  examples: |\n    - satu\n- intent: b\n'
    text += "  metadata: {gaya: formal}\n  examples: |\n    - dua\n"
    after = add_example(text, "a", "emoji", "🙏")
    assert changed_lines(text, after)[1] == ["- intent: a", "  metadata: {gaya: emoji}", "  examples: |", "    - 🙏"]
    assert [block["intent"] for block in parse(after).data["nlu"]] == ["a", "a", "b"]
    assert parse(add_example(text, "c", "formal", "tiga")).data["nlu"][-1]["examples"] == "- tiga\n"


def test_the_last_message_of_a_block_takes_the_block_along() -> None:
    text = 'version: "3.1"\nnlu:\n# tentang a\n- intent: a\n  metadata: {gaya: formal}\n  examples: |\n    - satu\n'
    text += "- intent: b\n  metadata: {gaya: formal}\n  examples: |\n    - dua\n"
    after = delete_example(text, "b", "formal", "dua")
    assert [block["intent"] for block in parse(after).data["nlu"]] == ["a"]
    assert "# tentang a" in after
    with pytest.raises(EditError, match="terakhir"):
        delete_example(after, "a", "formal", "satu")


def test_a_message_that_is_gone_is_a_conflict() -> None:
    with pytest.raises(Conflict) as conflict:
        change_example(NLU, "cek_status", "santai", "tidak pernah ada", "baru")
    assert conflict.value.yours == "tidak pernah ada"


def test_an_empty_message_is_refused() -> None:
    with pytest.raises(EditError, match="kosong"):
        add_example(NLU, "cek_status", "santai", "  \n ")


# Responses and facts


@given(value=paragraphs)
@settings(max_examples=30)
def test_a_changed_response_changes_its_own_lines_only(value: str) -> None:
    path = ("responses", "utter_datang_langsung", 0, "text")
    domain = as_it_is(DOMAIN)
    old = domain.get(*path)
    assert old is not None
    after = set_value(DOMAIN, path, old.data, value)
    assert parse(after).data == replaced(domain.data, path, value)
    first, count = span_of_change(DOMAIN, after)
    assert old.line - 1 <= first
    assert first + count <= old.line + len(old.data.split("\n"))


@given(value=sentences, chosen=st.integers(0, 500))
@settings(max_examples=60)
def test_a_changed_fact_changes_its_own_lines_only(value: str, chosen: int) -> None:
    tree = as_it_is(FACTS)
    texts = [(path, found) for path, found in scalars(tree) if isinstance(found.data, str)]
    path, old = texts[chosen % len(texts)]
    after = set_value(FACTS, path, old.data, value)
    assert parse(after).data == replaced(tree.data, path, value)
    assert comments(after) == comments(FACTS) or "#" in value


@given(values=st.lists(sentences, min_size=1, max_size=6))
@settings(max_examples=30)
def test_a_changed_list_reads_back(values: list[str]) -> None:
    path = ("fakta", "alur_langkah", "isi")
    tree = as_it_is(FACTS)
    found = tree.get(*path)
    assert found is not None
    after = set_value(FACTS, path, found.data, values)
    assert parse(after).data == replaced(tree.data, path, values)
    assert comments(after) == comments(FACTS) or any("#" in value for value in values)


def comments(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.lstrip().startswith("#")]


def test_a_short_answer_stays_on_its_line() -> None:
    path = ("responses", "utter_tanya_antrean_jumlah", 0, "text")
    after = set_value(DOMAIN, path, "Untuk berapa orang?", "Antrean ini untuk berapa orang?")
    assert changed_lines(DOMAIN, after) == (
        ['  - text: "Untuk berapa orang?"'],
        ['  - text: "Antrean ini untuk berapa orang?"'],
    )


def test_a_day_and_a_number_stay_what_they_are() -> None:
    fees = (ROOT / "data/knowledge/tarif.yml").read_text(encoding="utf-8")
    after = set_value(fees, ("paspor", 0, "rupiah"), 350000, 400000)
    after = set_value(after, ("paspor", 0, "tinjau"), date(2027, 6, 30), date(2028, 6, 30))
    assert changed_lines(fees, after)[1] == ["    rupiah: 400000", "    tinjau: 2028-06-30"]


def test_a_remark_behind_a_value_stays() -> None:
    assert set_value("a: satu  # penting\nb: 2\n", ("a",), "satu", "dua") == 'a: "dua"  # penting\nb: 2\n'


def test_a_value_that_somebody_else_changed_is_a_conflict_with_both_texts() -> None:
    with pytest.raises(Conflict) as conflict:
        set_value(FACTS, ("fakta", "batas_bayar", "isi"), "1 jam", "3 jam")
    assert conflict.value.yours == "1 jam"
    assert conflict.value.theirs == "2 jam sejak kode billing terbit"


def test_a_variation_is_added_and_taken_away_again() -> None:
    path = ("responses", "utter_pamit")
    added = insert_item(DOMAIN, path, 2, {"text": "Sampai jumpa."})
    assert changed_lines(DOMAIN, added) == ([], ['  - text: "Sampai jumpa."'])
    assert delete_item(added, path, 2, {"text": "Sampai jumpa."}) == DOMAIN
    with pytest.raises(Conflict):
        delete_item(added, path, 1, {"text": "lain"})


def test_the_only_variation_stays() -> None:
    found = parse(DOMAIN).get("responses", "utter_antrean_tetap", 0)
    assert found is not None
    with pytest.raises(EditError, match="terakhir"):
        delete_item(DOMAIN, ("responses", "utter_antrean_tetap"), 0, found.data)


def test_buttons_are_added_changed_and_taken_away() -> None:
    path = ("responses", "utter_antrean_tetap", 0)
    button = {"title": "Lihat menu", "payload": "Tampilkan menu"}
    first = set_field(DOMAIN, path, "buttons", [button])
    assert changed_lines(DOMAIN, first) == (
        [],
        ["    buttons:", '    - title: "Lihat menu"', '      payload: "Tampilkan menu"'],
    )
    second = insert_item(first, (*path, "buttons"), 1, {"title": "Tidak", "payload": "Tidak"})
    assert parse(second).get(*path, "buttons").data == [button, {"title": "Tidak", "payload": "Tidak"}]  # type: ignore[union-attr]
    assert delete_item(second, (*path, "buttons"), 1, {"title": "Tidak", "payload": "Tidak"}) == first
    assert delete_field(first, path, "buttons") == DOMAIN


# Dialogues


def test_a_dialogue_is_added_at_the_end() -> None:
    text = (ROOT / "tests/conversations/bahagia/informasi.yml").read_text(encoding="utf-8")
    dialogue = {
        "nama": "Bertanya biaya: singkat",
        "langkah": [{"kata": "brp sih", "jawab_memuat": ["Rp350.000", "Dasar:"]}, {"kata": "oke"}],
    }
    after = append_item(text, dialogue)
    assert after.startswith(text)
    assert parse(after).data[:-1] == parse(text).data
    assert parse(after).data[-1] == dialogue
