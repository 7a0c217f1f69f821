"""Joining a turn's answers into as few bubbles as read well."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sigap.channels.bubbles import MAX_BUBBLE, Bubbles

BUTTONS = [{"title": "Ya", "payload": "Ya"}, {"title": "Tidak", "payload": "Tidak"}]


async def said(*messages: str | dict[str, Any]) -> list[dict[str, Any]]:
    """The bubbles of a turn in which these were sent: texts, or {"text", "buttons"}, {"image"} or {"custom"}."""
    bubbles = Bubbles()
    for message in messages:
        if isinstance(message, str):
            await bubbles.send_text_message("web:1", message)
        elif "buttons" in message:
            await bubbles.send_text_with_buttons("web:1", message["text"], message["buttons"])
        elif "image" in message:
            await bubbles.send_image_url("web:1", message["image"])
        else:
            await bubbles.send_custom_json("web:1", message["custom"])
    return [{key: value for key, value in bubble.items() if key != "recipient_id"} for bubble in bubbles.joined()]


async def test_one_text_is_one_bubble() -> None:
    assert await said("Halo!") == [{"text": "Halo!"}]


async def test_a_text_of_several_paragraphs_stays_whole() -> None:
    assert await said("Satu.\n\nDua.") == [{"text": "Satu.\n\nDua."}]


async def test_the_gap_that_an_empty_part_leaves_behind_is_closed() -> None:
    assert await said("Satu.\n\n\n\nDua.\n \n \nTiga.\n") == [{"text": "Satu.\n\nDua.\n\nTiga."}]
    assert await said({"text": "\nSatu.\n\n\nDua.", "buttons": BUTTONS}) == [
        {"text": "Satu.\n\nDua.", "buttons": BUTTONS}
    ]


async def test_short_texts_are_joined_as_paragraphs() -> None:
    assert await said("Halo!", "Apa kabar?", "Ada yang bisa dibantu?") == [
        {"text": "Halo!\n\nApa kabar?\n\nAda yang bisa dibantu?"}
    ]


async def test_buttons_stay_under_the_last_text_of_their_bubble() -> None:
    assert await said("Baik.", {"text": "Lanjut?", "buttons": BUTTONS}) == [
        {"text": "Baik.\n\nLanjut?", "buttons": BUTTONS}
    ]


async def test_nothing_is_written_below_buttons() -> None:
    assert await said({"text": "Lanjut?", "buttons": BUTTONS}, "Silakan pilih.") == [
        {"text": "Lanjut?", "buttons": BUTTONS},
        {"text": "Silakan pilih."},
    ]


async def test_two_questions_with_buttons_stay_two_bubbles() -> None:
    question = {"text": "Lanjut?", "buttons": BUTTONS}
    assert await said(question, question) == [question, question]


async def test_pictures_and_other_matter_stand_alone_and_in_order() -> None:
    assert await said("Ini tiketnya.", {"image": "tiket.png"}, "Simpan, ya.", {"custom": {"type": "list"}}, "Oke.") == [
        {"text": "Ini tiketnya."},
        {"image": "tiket.png"},
        {"text": "Simpan, ya."},
        {"custom": {"type": "list"}},
        {"text": "Oke."},
    ]


async def test_a_bubble_may_be_filled_to_the_last_character_and_no_further() -> None:
    first = "a" * (MAX_BUBBLE - 2 - 10)
    assert len(await said(first, "b" * 10)) == 1
    assert len(await said(first, "b" * 11)) == 2


async def test_joining_does_not_change_what_was_collected() -> None:
    bubbles = Bubbles()
    await bubbles.send_text_message("web:1", "satu")
    await bubbles.send_text_message("web:1", "dua")
    assert bubbles.joined() == bubbles.joined()
    assert [message["text"] for message in bubbles.messages] == ["satu", "dua"]


async def test_a_silent_turn_has_no_bubbles() -> None:
    assert await said() == []


TEXTS = st.text("ab \n", min_size=1, max_size=900).map(lambda text: f"x{text}x")
SENT = st.one_of(TEXTS, TEXTS.map(lambda text: {"text": text, "buttons": BUTTONS}), st.just({"image": "tiket.png"}))


@given(st.lists(SENT, max_size=8))
async def test_nothing_is_lost_and_no_joined_bubble_is_too_long(messages: list[str | dict[str, Any]]) -> None:
    bubbles = await said(*messages)
    alone = [bubble for message in messages for bubble in await said(message)]
    assert "\n\n".join(bubble.get("text", "") for bubble in bubbles if "text" in bubble) == "\n\n".join(
        bubble["text"] for bubble in alone if "text" in bubble
    )
    assert sum("buttons" in bubble for bubble in bubbles) == sum("buttons" in bubble for bubble in alone)
    assert sum("image" in bubble for bubble in bubbles) == sum("image" in bubble for bubble in alone)
    assert all(len(bubble.get("text", "")) <= MAX_BUBBLE for bubble in bubbles)
