"""What must be true of an answer: always, and because a dialogue says so. Problems are told in Indonesian."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from sigap.dialogues import records
from sigap.dialogues.script import Dialogue, Expectation

if TYPE_CHECKING:
    from sigap.dialogues.house import House
    from sigap.dialogues.played import Heard

_VARIABLE = re.compile(r"{[a-z_.]+}")
# NIK, application number, billing code, telephone number: whatever the applicant typed that is that long.
_LONG_NUMBER = re.compile(r"\d(?:[ .-]?\d){9,}")
# Shorter paragraphs (a bullet, a closing "ya") may come twice in a turn.
_TELLING = 25
_TROUBLE = {"utter_gangguan", "utter_gangguan_sistem"}
_NOTHING = "tidak ada"


def always(dialogue: Dialogue, conversation: list[Heard], broken: bool) -> list[str]:
    """What no answer may do, whatever the dialogue is about; `broken` while something is made to fail."""
    heard, problems = conversation[-1], []
    if not heard.text.strip():
        return ["tidak ada jawaban sama sekali"]
    if unfilled := _VARIABLE.findall(heard.text):
        problems.append(f"ada bagian yang belum terisi: {', '.join(unfilled)}")
    if _TROUBLE & set(heard.responses) and not broken:
        problems.append("jawabannya pesan gangguan, padahal tidak ada yang sedang terganggu")
    numbers = {re.sub(r"\D", "", number) for one in conversation for number in _LONG_NUMBER.findall(one.said)}
    squeezed = re.sub(r"(?<=\d)[ .-](?=\d)", "", heard.text)
    if echoed := sorted(number for number in numbers if number in squeezed):
        problems.append(f"nomor milik pemohon ditampilkan utuh: {', '.join(echoed)}")
    if told := [secret for secret in dialogue.secrets if secret.lower() in heard.text.lower()]:
        problems.append(f"yang rahasia ditampilkan: {', '.join(told)}")
    paragraphs = Counter(part.strip() for bubble in heard.bubbles for part in bubble.text.split("\n\n"))
    problems += [
        f"dikatakan dua kali dalam satu jawaban: {_shortened(part)!r}"
        for part, count in paragraphs.items()
        if count > 1 and len(part) >= _TELLING
    ]
    return problems


def expected(house: House, wanted: Expectation, heard: Heard, earlier: list[Heard]) -> list[str]:
    """What a step demands and the answer does not give."""
    problems = [
        *_understanding(wanted, heard),
        *_wording(wanted, heard),
        *_repetition(wanted, heard, earlier),
        *_state(wanted, heard),
    ]
    rows = (records.problem(house.store, house.conversation_id, row) for row in wanted.rows)
    return [*problems, *(problem for problem in rows if problem)]


def _understanding(wanted: Expectation, heard: Heard) -> list[str]:
    problems = []
    if wanted.intent and heard.intent != wanted.intent:
        problems.append(f"niat terbaca {heard.intent} ({heard.confidence:.0%}), seharusnya {wanted.intent}")
    found = dict(heard.entities)
    for name, value in wanted.entities.items():
        if found.get(name) != value:
            problems.append(f"entitas {name} terbaca {found.get(name)!r}, seharusnya {value!r}")
    return problems


def _wording(wanted: Expectation, heard: Heard) -> list[str]:
    said, text, names = set(heard.responses), heard.text.lower(), ", ".join(heard.responses) or "tidak bernama"
    problems = [
        f"jawabannya {names}; seharusnya {response}"
        for response in wanted.responses
        if not said & set(response.split("|"))
    ]
    problems += [f"jawaban {name} tidak boleh keluar" for name in wanted.responses_absent if name in said]
    # "a|b": either will do, where a response has variations.
    problems += [
        f"tidak memuat {fragment!r}"
        for fragment in wanted.contains
        if not any(choice.lower() in text for choice in fragment.split("|"))
    ]
    problems += [f"memuat {fragment!r}, padahal tidak boleh" for fragment in wanted.lacks if fragment.lower() in text]
    offered = heard.buttons
    problems += [
        f"tombol {title!r} tidak ada; yang ada: {', '.join(offered) or 'tidak ada tombol'}"
        for title in wanted.buttons
        if title not in offered
    ]
    return problems + [f"tombol {title!r} tidak boleh ada" for title in wanted.buttons_absent if title in offered]


def _repetition(wanted: Expectation, heard: Heard, earlier: list[Heard]) -> list[str]:
    problems = []
    question = earlier[-1].text.strip().split("\n\n")[-1] if earlier else ""
    if wanted.asks_again and not heard.text.strip().endswith(question):
        problems.append(f"tidak kembali bertanya {_shortened(question)!r}")
    if wanted.new_words and any(heard.text == before.text for before in earlier):
        problems.append("mengulang jawaban sebelumnya kata demi kata")
    return problems


def _state(wanted: Expectation, heard: Heard) -> list[str]:
    problems = [
        f"slot {name} berisi {heard.slots.get(name)!r}, seharusnya {value!r}"
        for name, value in wanted.slots.items()
        if not _same(heard.slots.get(name), value)
    ]
    if wanted.form and (heard.form or _NOTHING) != wanted.form:
        problems.append(f"formulir yang terbuka: {heard.form or _NOTHING}, seharusnya {wanted.form}")
    asked = heard.slots.get("requested_slot")
    if wanted.asked and asked != wanted.asked:
        problems.append(f"yang ditanyakan {asked or 'tidak ada'}, seharusnya {wanted.asked}")
    return problems


def _same(found: Any, wanted: Any) -> bool:
    return bool(found == wanted) or (found is not None and wanted is not None and str(found) == str(wanted))


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
