"""Whatever is said in any dialogue, what is kept of the conversation does not know who was there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from itertools import chain, pairwise

import pytest
from rasa.shared.core.events import Event, UserUttered
from sqlalchemy import select

from actions.wording import long_date
from sigap.dialogues import script
from sigap.dialogues.house import House
from sigap.runtime.events import masked
from sigap.settings import ROOT
from sigap.store.session import Store
from sigap.store.tables import Application, BookedApplicant, Draft

pytestmark = pytest.mark.model

DIALOGUES = [one for file in script.find([ROOT / "tests" / "conversations"]) for one in script.read(file)]


def birth_dates(day: date) -> Iterator[str]:
    """As cards, people and machines write it."""
    yield from (f"{day:%d-%m-%Y}", f"{day:%d%m%Y}", f"{day:%d/%m/%Y}", day.isoformat(), long_date(day))


def personal(store: Store) -> set[str]:
    """What the office knows of anybody at the end of a dialogue."""
    with store.work() as session:
        known = [(one.number, None, one.birth_date) for one in session.scalars(select(Application))]
        known += [(one.name, one.nik, one.birth_date) for one in session.scalars(select(BookedApplicant))]
        drafts = [draft.entries for draft in session.scalars(select(Draft))]
    for entries in drafts:
        for person in (entries, *entries.get("pemohon", ())):
            birth = date.fromisoformat(person["lahir"]) if person.get("lahir") else None
            known += [(person.get(key), person.get("nik"), birth) for key in ("nama", "pengambil", "nomor")]
    words = chain.from_iterable((name, nik) for name, nik, _ in known)
    births = chain.from_iterable(birth_dates(birth) for _, _, birth in known if birth)
    return {word.lower() for word in chain(words, births) if word}


def kept(events: list[Event]) -> Iterator[tuple[str, str]]:
    """What is kept of a conversation, turn by turn as it is saved: kinds of events and their content."""
    places = [0, *(place for place, event in enumerate(events) if isinstance(event, UserUttered)), len(events)]
    for begin, end in pairwise(places):
        for one in masked(events[begin:end], events[:begin]):
            yield one.type_name, json.dumps(one.content, ensure_ascii=False).lower()


# Responses give the day of independence, and a day of 1987, as examples of a birth date.
EXAMPLES = {text.lower() for day in (date(1990, 8, 17), date(1987, 1, 25)) for text in birth_dates(day)}


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.id)
def test_nothing_personal_is_kept_of(dialogue: script.Dialogue, house: House) -> None:
    from sigap.dialogues.player import play

    play(house, dialogue)
    secrets = personal(house.store)
    told = [
        (kind, secret)
        for kind, content in kept(list(house.tracker().events))
        for secret in secrets - (EXAMPLES if kind == "bot" else set())
        if secret in content
    ]
    assert told == []
