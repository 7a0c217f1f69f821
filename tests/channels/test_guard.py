"""What happens to every message before and after Rasa sees it."""

from __future__ import annotations

import asyncio

import pytest
from arbitrary import ANY_TEXT
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from sigap.channels import guard
from sigap.channels.bubbles import Bubbles
from sigap.channels.guard import MAX_TEXT, defuse, guarded, sentence

SORRY = sentence("utter_gangguan_sistem")
TOO_LONG = sentence("utter_pesan_panjang")
NO_COMMANDS = sentence("utter_bukan_perintah")


class Desk:
    """Stands where Rasa does: keeps what it is asked and answers, fails or keeps silent as it is told."""

    def __init__(self, *answers: str, failure: BaseException | None = None, hang: bool = False) -> None:
        self.asked: list[str] = []
        self._answers, self._failure, self._hang = answers, failure, hang

    async def __call__(self, message: UserMessage) -> None:
        self.asked.append(message.text)
        for answer in self._answers:
            await message.output_channel.send_text_message(message.sender_id, answer)
        if self._failure:
            raise self._failure
        if self._hang:
            await asyncio.Event().wait()


async def tell(desk: Desk, text: str | None) -> list[str]:
    """What an applicant who writes `text` gets back."""
    bubbles = Bubbles()
    await guarded(desk)(UserMessage(text, bubbles, "web:1"))
    return [bubble["text"] for bubble in bubbles.messages]


def is_command(text: str) -> bool:
    """Whether Rasa itself would execute a text as an intent."""
    message = Message({TEXT: text})
    return YAMLStoryReader.unpack_regex_message(message).get(INTENT) is not None


# Defusing


def test_an_undefused_command_would_be_executed() -> None:
    assert is_command('/setuju{"antrean_konfirmasi": true}')
    assert is_command("  /restart")


@pytest.mark.parametrize(
    ("typed", "harmless"),
    [
        ("/restart", "restart"),
        ("  /restart", "restart"),
        ("//restart", "restart"),
        ("/ /restart", "restart"),
        ("/ / /restart", "restart"),
        ("\\/restart", "restart"),
        ("/\\ /restart", "restart"),
        ("\n\t/restart", "restart"),
        ("\u200b/restart", "restart"),
        ("/\u200b/restart", "restart"),
        ("\x00/restart", "restart"),
        ("\ufeff/setuju{}", "setuju{}"),
        ("\u3000/restart", "restart"),
        ('/setuju{"antrean_konfirmasi": true}', 'setuju{"antrean_konfirmasi": true}'),
        ("/", ""),
        (" / ", ""),
    ],
)
def test_a_typed_command_becomes_plain_text(typed: str, harmless: str) -> None:
    assert defuse(typed) == harmless
    assert not is_command(defuse(typed))


@pytest.mark.parametrize(
    "typed", ["ktp/kk", "07/08/2026", "berapa?", "1/2 hari", "http://imigrasi.go.id/", "#Budi#25011987"]
)
def test_an_ordinary_message_is_left_as_it_is(typed: str) -> None:
    assert defuse(typed) == typed


@pytest.mark.parametrize("nothing", [None, "", "  ", "\u200b"])
def test_nothing_stays_nothing(nothing: str | None) -> None:
    assert defuse(nothing) == ""


BLANKS = st.text(st.sampled_from(["/", "\\", " ", "\n", "\u200b", "\x00", "\u3000", "\ud83d"]), max_size=8)


@given(BLANKS, ANY_TEXT)
def test_no_text_is_a_command_once_defused(before: str, typed: str) -> None:
    harmless = defuse(before + typed)
    assert not harmless.startswith("/")
    assert not is_command(harmless)
    assert defuse(harmless) == harmless


@given(ANY_TEXT)
def test_a_defused_text_can_be_stored(typed: str) -> None:
    assert defuse(typed).encode("utf-8").decode("utf-8") == defuse(typed)


# Handling a turn


async def test_rasa_sees_the_defused_text_and_its_answer_goes_out() -> None:
    desk = Desk("Halo!")
    assert await tell(desk, " / halo, apa kabar? ") == ["Halo!"]
    assert desk.asked == ["halo, apa kabar?"]


@pytest.mark.parametrize(
    "typed", ["/restart", " /restart ", "//batal", "/sapa {}", '/setuju{"antrean_konfirmasi": true}']
)
async def test_whoever_types_a_command_is_told_that_there_are_none(typed: str) -> None:
    desk = Desk("Halo!")
    assert await tell(desk, typed) == [NO_COMMANDS]
    assert desk.asked == []


@pytest.mark.parametrize(
    "typed", ["/ /restart", "\u200b/restart", "\\/restart", "/\u200b/restart", "/-/restart", "/\ud83d/restart"]
)
async def test_a_command_in_disguise_reaches_rasa_as_plain_text_or_not_at_all(typed: str) -> None:
    desk = Desk("Halo!")
    assert await tell(desk, typed) in (["Halo!"], [NO_COMMANDS])
    assert not any(is_command(text) for text in desk.asked)


@pytest.mark.parametrize("typed", ["/bayar berapa", "ktp/kk", "1/2 hari", "/07/12/2026 bisa?"])
async def test_an_ordinary_message_with_a_stroke_is_answered(typed: str) -> None:
    assert await tell(Desk("Halo!"), typed) == ["Halo!"]


async def test_a_turn_that_fails_still_gets_a_sentence() -> None:
    assert await tell(Desk(failure=RuntimeError("database is down")), "halo") == [SORRY]


async def test_a_turn_that_says_nothing_still_gets_a_sentence() -> None:
    assert await tell(Desk(), "halo") == [SORRY]


async def test_a_turn_that_fails_after_an_answer_is_not_apologised_for() -> None:
    assert await tell(Desk("Halo!", failure=RuntimeError()), "halo") == ["Halo!"]


async def test_a_turn_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "TURN_SECONDS", 0.01)
    assert await tell(Desk(hang=True), "halo") == [SORRY]


async def test_stopping_the_server_stops_a_turn() -> None:
    with pytest.raises(asyncio.CancelledError):
        await tell(Desk(failure=asyncio.CancelledError()), "halo")


async def test_the_longest_whatsapp_message_is_passed_on_whole() -> None:
    desk = Desk("Baik.")
    text = "a" * MAX_TEXT
    assert await tell(desk, text) == ["Baik."]
    assert desk.asked == [text]


@pytest.mark.parametrize("before", ["", "/a ", "   ", "/ / "])
async def test_a_longer_message_is_never_cut_in_secret(before: str) -> None:
    desk = Desk("Baik.")
    assert await tell(desk, before + "a" * (MAX_TEXT + 1)) == [TOO_LONG]
    assert desk.asked == []


async def test_what_was_written_never_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    await tell(Desk(failure=RuntimeError("NIK 3275010708950004")), "NIK 3275010708950004")
    assert "RuntimeError" in caplog.text
    assert "3275010708950004" not in caplog.text


def test_the_sentences_for_emergencies_need_no_variables() -> None:
    assert "{" not in SORRY + TOO_LONG + NO_COMMANDS
    assert min(map(len, (SORRY, TOO_LONG, NO_COMMANDS))) > 20
