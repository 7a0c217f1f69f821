"""Whatever a turn says, it becomes messages that Meta takes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigap.channels.whatsapp.choices import Offer
from sigap.channels.whatsapp.render import as_text, page, render, split, template
from sigap.whatsapp_simulator.limits import Refused, check

PICTURE = "tiket/x.png"
TEXTS = st.text("ab .\n*", min_size=0, max_size=6000)
BUTTONS = st.lists(
    st.fixed_dictionaries({"title": st.text(max_size=90), "payload": st.text(max_size=400)}), max_size=25
)
BUBBLES = st.lists(
    st.fixed_dictionaries({}, optional={"text": TEXTS, "buttons": BUTTONS, "image": st.just(PICTURE)}), max_size=4
)


def accept(message: dict[str, Any]) -> None:
    """Fail unless Meta takes the message; its pictures are uploaded."""
    uploaded = json.loads(json.dumps(message).replace(f'"picture": "{PICTURE}"', '"id": "1"'))
    check({"messaging_product": "whatsapp", "to": "62811", **uploaded}, {"1"}, {"kabar"})


@given(BUBBLES)
def test_any_turn_is_rendered_within_the_limits(bubbles: list[dict[str, Any]]) -> None:
    messages, offer = render(bubbles)
    for message in messages:
        accept(message)
        plain = as_text(message)
        if plain is not None:
            accept(plain)
    for start in range(0, len(offer.choices), 9):
        turned, shown = page(offer, start)
        assert isinstance(shown, Offer)
        for message in turned:
            accept(message)


@given(BUBBLES)
def test_every_picture_is_shown(bubbles: list[dict[str, Any]]) -> None:
    messages, _ = render(bubbles)
    assert str(messages).count(PICTURE) == sum("image" in bubble for bubble in bubbles)


@given(TEXTS, st.sampled_from([1024, 4096]))
def test_cutting_loses_nothing_but_blanks(text: str, longest: int) -> None:
    pieces = split(text, longest)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(0 < len(piece) <= longest for piece in pieces)


def test_a_text_is_cut_at_a_paragraph_before_a_line_a_sentence_or_a_word() -> None:
    assert split("satu dua\n\ntiga. empat", 15) == ["satu dua", "tiga. empat"]
    assert split("satu dua\ntiga empat", 15) == ["satu dua", "tiga empat"]
    assert split("Satu dua. Tiga empat", 15) == ["Satu dua.", "Tiga empat"]
    assert split("satu dua tiga empat", 15) == ["satu dua tiga", "empat"]
    assert split("a" * 20, 15) == ["a" * 15, "a" * 5]


def test_a_turn_that_says_nothing_sends_nothing() -> None:
    assert render([]) == ([], Offer(()))


def test_a_text_before_a_long_one_with_buttons_goes_ahead() -> None:
    bubble = {"text": "Kalimat. " * 200, "buttons": [{"title": "Ya", "payload": "Ya"}]}
    *before, last = render([bubble])[0]
    assert [message["type"] for message in before] == ["text"]
    assert last["type"] == "interactive"


def test_a_template_takes_the_text_in_one_line() -> None:
    message = template("kabar", "id", "Ada *tempat*\n\nhari Senin" + " dan seterusnya" * 100)
    accept(message)
    text = message["template"]["components"][0]["parameters"][0]["text"]
    assert text.startswith("Ada tempat hari Senin dan")


# The simulator's own limits, so that it does not take just anything.


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to": None, "type": "text", "text": {"body": "x"}}, 100),
        ({"type": "text", "text": {"body": ""}}, 131008),
        ({"type": "text", "text": {"body": "x" * 4097}}, 131009),
        ({"type": "text", "text": {"body": "x", "colour": "red"}}, 100),
        ({"type": "text", "text": {"body": "x"}, "priority": 1}, 100),
        ({"type": "hologram", "hologram": {}}, 131051),
        ({"type": "image", "image": {"id": "unknown"}}, 131009),
        ({"type": "image", "image": {"link": "http://example.org/a.png"}}, 131009),
        ({"type": "image", "image": {"id": "1", "caption": "x" * 1025}}, 131009),
        ({"type": "template", "template": {"name": "none", "language": {"code": "id"}}}, 132001),
    ],
)
def test_the_simulator_refuses_what_meta_refuses(change: dict[str, Any], code: int) -> None:
    message = {"messaging_product": "whatsapp", "to": "62811", **change}
    if message["to"] is None:
        del message["to"]
    with pytest.raises(Refused) as refused:
        check(message, {"1"}, {"kabar"})
    assert refused.value.code == code


def interactive(titles: list[str], **changes: Any) -> dict[str, Any]:
    buttons = [{"type": "reply", "reply": {"id": str(n), "title": title}} for n, title in enumerate(titles)]
    part = {"type": "button", "body": {"text": "x"}, "action": {"buttons": buttons}, **changes}
    return {"messaging_product": "whatsapp", "to": "62811", "type": "interactive", "interactive": part}


def rows(count: int, **row: str) -> dict[str, Any]:
    made = [{"id": str(n), "title": f"baris {n}", **row} for n in range(count)]
    return {"type": "list", "action": {"button": "Lihat", "sections": [{"rows": made}]}}


@pytest.mark.parametrize(
    "message",
    [
        interactive(["1", "2", "3", "4"]),
        interactive([]),
        interactive(["x" * 21]),
        interactive(["sama", "sama"]),
        interactive(["a"], body={"text": "x" * 1025}),
        interactive([], **rows(11)),
        interactive([], **rows(1, title="x" * 25)),
        interactive([], **rows(1, description="x" * 73)),
        interactive([], **rows(2, title="sama")),
        interactive([], **rows(2, id="sama")),
        interactive([], **rows(1, id="x" * 201)),
    ],
)
def test_the_simulator_holds_to_the_limits_of_buttons_and_lists(message: dict[str, Any]) -> None:
    check(interactive(["satu", "dua", "tiga"]), set(), set())
    check(interactive([], **rows(10)), set(), set())
    with pytest.raises(Refused):
        check(message, set(), set())
