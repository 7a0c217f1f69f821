"""Writing to SIGAP over WhatsApp: what an applicant sends and what he sees."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
import pytest_asyncio
from rasa.core.channels.channel import UserMessage
from settable_clock import SettableClock
from whatsapp_office import Office, open_office, until

from sigap.channels.guard import sentence
from sigap.clock import WIB
from sigap.store.pictures import Pictures
from sigap.store.session import Store
from sigap.whatsapp_simulator.deliveries import Person

CITIES = [f"Kota {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVW"]


def body(message: dict[str, Any]) -> str:
    """The text of a message."""
    if message["type"] == "interactive":
        return str(message["interactive"]["body"]["text"])
    return str(message["image"].get("caption", "") if message["type"] == "image" else message["text"]["body"])


def titles(message: dict[str, Any]) -> list[str]:
    """What a message offers to choose from."""
    action = message["interactive"]["action"]
    if "sections" in action:
        return [row["title"] for section in action["sections"] for row in section["rows"]]
    return [button["reply"]["title"] for button in action["buttons"]]


# Texts


async def test_a_text_is_answered(office: Office, budi: Person) -> None:
    (answer,) = await office.say(budi, "halo")
    assert body(answer) == "Jawaban: halo"
    assert answer["to"] == budi.phone


async def test_somebody_without_a_number_is_answered_under_the_user_id(office: Office, siti: Person) -> None:
    (answer,) = await office.say(siti, "halo")
    assert answer["recipient"] == siti.user_id
    assert "to" not in answer
    assert office.meta.dropped == []


async def test_the_message_is_marked_as_read_and_typing_is_shown(office: Office, budi: Person) -> None:
    message = await office.hear(budi, "text", {"body": "halo"})
    await until(lambda: message["id"] in office.meta.read)


async def test_several_texts_of_a_turn_are_one_bubble(office: Office, budi: Person) -> None:
    async def reply(message: UserMessage) -> None:
        for text in ("Satu.", "Dua.", "Tiga."):
            await message.output_channel.send_text_message(message.sender_id, text)

    office.rasa.replies["halo"] = reply
    assert [body(answer) for answer in await office.say(budi, "halo")] == ["Satu.\n\nDua.\n\nTiga."]


async def test_a_text_longer_than_a_message_is_cut_between_sentences(office: Office, budi: Person) -> None:
    sentences = [f"Ini kalimat nomor {number}, dan tidak ada yang hilang." for number in range(200)]

    async def reply(message: UserMessage) -> None:
        await message.output_channel.send_text_message(message.sender_id, " ".join(sentences))

    office.rasa.replies["halo"] = reply
    answers = [body(answer) for answer in await office.say(budi, "halo")]
    assert " ".join(answers) == " ".join(sentences)
    assert len(answers) == 3
    assert all(answer.endswith(".") for answer in answers)


async def test_a_turn_that_fails_is_apologised_for(office: Office, budi: Person) -> None:
    async def fail(_: UserMessage) -> None:
        raise RuntimeError("database is down")

    office.rasa.replies["halo"] = fail
    assert [body(answer) for answer in await office.say(budi, "halo")] == [sentence("utter_gangguan_sistem")]


async def test_messages_of_one_person_are_answered_in_their_order(office: Office, budi: Person) -> None:
    async def slow(message: UserMessage) -> None:
        await asyncio.sleep(0.2)
        await message.output_channel.send_text_message(message.sender_id, "Lambat.")

    office.rasa.replies["pertama"] = slow
    for text in ("pertama", "kedua", "ketiga"):
        await office.hear(budi, "text", {"body": text})
    await office.settle()
    assert [body(answer) for answer in office.meta.sent] == ["Lambat.", "Jawaban: kedua", "Jawaban: ketiga"]


# Buttons and lists


async def test_three_choices_are_buttons_and_pressing_one_says_its_sentence(office: Office, budi: Person) -> None:
    office.rasa.offer("halo", "Ada yang bisa dibantu?", ("Biaya", "Berapa biaya paspor?"), ("Syarat", "Apa syaratnya?"))
    (shown,) = await office.say(budi, "halo")
    assert (shown["interactive"]["type"], titles(shown)) == ("button", ["Biaya", "Syarat"])
    assert body((await office.press(budi, shown, 1))[0]) == "Jawaban: Apa syaratnya?"


async def test_more_choices_are_a_list(office: Office, budi: Person) -> None:
    office.rasa.offer("menu", "Pilih:", *CITIES[:7])
    (shown,) = await office.say(budi, "menu")
    assert (shown["interactive"]["type"], titles(shown)) == ("list", CITIES[:7])
    assert body((await office.press(budi, shown, 6))[0]) == f"Jawaban: {CITIES[6]}"


async def test_a_long_label_is_cut_and_stands_whole_below(office: Office, budi: Person) -> None:
    office.rasa.offer("kantor", "Pilih:", "Kantor Imigrasi Kelas I Khusus Soekarno-Hatta", "Bogor")
    (shown,) = await office.say(budi, "kantor")
    row = shown["interactive"]["action"]["sections"][0]["rows"][0]
    assert (row["title"], row["description"]) == (
        "Kantor Imigrasi Kelas I…",
        "Kantor Imigrasi Kelas I Khusus Soekarno-Hatta",
    )


async def test_a_list_longer_than_ten_has_pages(office: Office, budi: Person) -> None:
    office.rasa.offer("kota", "Pilih:", *CITIES)
    (first,) = await office.say(budi, "kota")
    assert titles(first) == [*CITIES[:9], "Lainnya…"]
    (second,) = await office.press(budi, first, 9)
    assert titles(second) == [*CITIES[9:18], "Lainnya…"]
    (third,) = await office.say(budi, "lainnya")
    assert titles(third) == CITIES[18:]
    assert body((await office.say(budi, "2"))[0]) == f"Jawaban: {CITIES[19]}"
    assert [text for _, text in office.rasa.asked] == ["kota", CITIES[19]]


@pytest.mark.parametrize("typed", ["2", "nomor 2", "SYARAT PASPOR", "syarat"])
async def test_a_choice_may_be_typed(office: Office, budi: Person, typed: str) -> None:
    office.rasa.offer("menu", "Pilih:", ("Biaya paspor", "Berapa biaya?"), ("Syarat paspor", "Apa syaratnya?"))
    await office.say(budi, "menu")
    assert body((await office.say(budi, typed))[0]) == "Jawaban: Apa syaratnya?"


async def test_a_number_means_nothing_once_something_else_was_said(office: Office, budi: Person) -> None:
    office.rasa.offer("menu", "Pilih:", "Biaya", "Syarat")
    await office.say(budi, "menu")
    await office.say(budi, "halo")
    assert body((await office.say(budi, "2"))[0]) == "Jawaban: 2"


async def test_what_was_offered_to_one_person_is_nothing_to_another(office: Office, budi: Person, siti: Person) -> None:
    office.rasa.offer("menu", "Pilih:", "Biaya", "Syarat")
    await office.say(budi, "menu")
    assert body((await office.say(siti, "2"))[0]) == "Jawaban: 2"


async def test_a_picture_does_not_close_the_question_above_it(office: Office, budi: Person) -> None:
    office.rasa.offer("menu", "Pilih:", "Biaya", "Syarat")
    await office.say(budi, "menu")
    assert body((await office.ask(budi, "image", {"id": "1"}))[0]) == sentence("utter_pesan_gambar")
    assert body((await office.say(budi, "2"))[0]) == "Jawaban: Syarat"


async def test_a_thumbs_up_to_a_question_is_told_how_to_answer(office: Office, budi: Person) -> None:
    office.rasa.offer("menu", "Pilih:", "Biaya", "Syarat")
    (shown,) = await office.say(budi, "menu")
    reaction = {"message_id": shown["wamid"], "emoji": "👍"}
    assert body((await office.ask(budi, "reaction", reaction))[0]) == sentence("utter_pesan_reaksi")
    await office.say(budi, "halo")
    assert await office.ask(budi, "reaction", reaction) == []


@pytest.mark.parametrize("command", ["/restart", '/setuju{"antrean_konfirmasi": true}'])
async def test_a_command_is_refused_typed_or_pressed(office: Office, budi: Person, command: str) -> None:
    for kind, part in (
        ("text", {"body": command}),
        ("interactive", {"type": "button_reply", "button_reply": {"id": f"0.{command}", "title": "x"}}),
        ("button", {"payload": command, "text": command}),
    ):
        assert body((await office.ask(budi, kind, part))[0]) == sentence("utter_bukan_perintah")
    assert office.rasa.asked == []


# Pictures


async def test_a_picture_is_uploaded_and_stands_in_one_bubble_with_its_text(office: Office, budi: Person) -> None:
    address = Pictures(office.store, now).keep(b"\x89PNG ticket")
    office.rasa.show("tiket", "Ini tiket Anda.", address)
    (shown,) = await office.say(budi, "tiket")
    assert body(shown) == "Ini tiket Anda."
    assert office.meta.media[shown["image"]["id"]] == (b"\x89PNG ticket", "image/png")


async def test_the_same_picture_is_uploaded_once(office: Office, budi: Person, siti: Person) -> None:
    pictures = Pictures(office.store, now)
    for person in (budi, siti, budi):
        office.rasa.show("tiket", "Ini tiket Anda.", pictures.keep(b"\x89PNG same"))
        await office.say(person, "tiket")
    assert len(office.meta.sent) == 3
    assert len(office.meta.media) == 1


async def test_buttons_stand_under_the_picture(office: Office, budi: Person) -> None:
    address = Pictures(office.store, now).keep(b"\x89PNG ticket")

    async def reply(message: UserMessage) -> None:
        channel = message.output_channel
        await channel.send_text_with_buttons(message.sender_id, "Tercatat.", [{"title": "Ubah", "payload": "ubah"}])
        await channel.send_image_url(message.sender_id, address)

    office.rasa.replies["tiket"] = reply
    (shown,) = await office.say(budi, "tiket")
    assert (body(shown), titles(shown)) == ("Tercatat.", ["Ubah"])
    assert shown["interactive"]["header"]["image"]["id"] in office.meta.media


async def test_a_picture_that_has_expired_is_left_out_and_the_text_goes(office: Office, budi: Person) -> None:
    office.rasa.show("tiket", "Kode booking SG7K4M2P.", f"tiket/{'x' * 43}.png")
    (shown,) = await office.say(budi, "tiket")
    assert shown["text"]["body"] == "Kode booking SG7K4M2P."


# Late


@pytest_asyncio.fixture
async def slow_office(store: Store, clock: SettableClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """An office whose clock can be set."""
    monkeypatch.setenv("SIGAP_DATABASE_URL", str(store.engine.url))
    async with open_office(store, clock) as opened:
        yield opened


async def test_a_message_of_this_morning_is_not_answered_as_if_new(slow_office: Office, clock: SettableClock) -> None:
    budi = slow_office.meta.person("Budi")
    hours_ago = clock().timestamp() - 7 * 3600
    answers = await slow_office.ask(budi, "text", {"body": "kuota hari ini masih?"}, hours_ago)
    assert [body(answer) for answer in answers] == [sentence("utter_pesan_terlambat")]
    assert slow_office.rasa.asked == []
    assert body((await slow_office.ask(budi, "text", {"body": "halo"}, clock().timestamp()))[0]) == "Jawaban: halo"


def now() -> datetime:
    return datetime.now(WIB)
