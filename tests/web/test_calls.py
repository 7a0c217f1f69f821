"""What the web chat answers to clients of any make, also to those who mean ill."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest
from calls import Client, texts
from light import KEY, LightServer, light_server
from sqlalchemy import select

from sigap.channels.identity import Issuer
from sigap.channels.web import MAX_BODY, MESSAGES_PER_MINUTE, WAIT_SECONDS
from sigap.clock import system_clock
from sigap.store.tables import WebMessage
from sigap.store.transcripts import Transcripts

NIK = "3171015708900001"


@pytest.fixture
def client(server: LightServer) -> Client:
    """A client of the light server."""
    return Client(server.address)


@pytest.fixture
def token(client: Client) -> str:
    """The token of a new conversation."""
    return client.begin()


def conversation_id(token: str) -> str:
    return f"web:{token.split('.')[0]}"


# Messages


def test_a_message_comes_back_with_its_answer_and_is_there_later(client: Client, token: str) -> None:
    said = client.say(token, "halo")
    assert [(line["sequence"], line["from"], line["text"]) for line in said.body] == [
        (1, "own", "halo"),
        (2, "sigap", "Anda menulis: halo"),
    ]
    assert client.lines(token).body == said.body
    assert texts(client.lines(token, after=1)) == ["Anda menulis: halo"]


def test_a_repeated_message_gets_the_same_answer_and_no_second_turn(
    client: Client, token: str, server: LightServer
) -> None:
    first = client.say(token, "sekali saja 1", turn="turn-0001")
    again = client.say(token, "sekali saja 1", turn="turn-0001")
    assert first.body == again.body
    assert server.asked.count("sekali saja 1") == 1


def test_a_message_repeated_while_it_is_being_answered_waits_for_the_same_answer(
    client: Client, token: str, server: LightServer
) -> None:
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: client.say(token, "lambat 1.07", turn="turn-0002"), range(4)))
    assert [texts(reply) for reply in replies] == [["lambat 1.07", "Selesai: lambat 1.07"]] * 4
    assert server.asked.count("lambat 1.07") == 1


def test_an_answer_is_kept_although_the_client_did_not_wait_for_it(client: Client, token: str) -> None:
    impatient = Client(client.address)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(impatient.say, token, "lambat 0.5")
        waiting = client.call("GET", "messages?after=1&wait=1", None, token)
        while texts(waiting)[-1:] != ["Selesai: lambat 0.5"]:
            waiting = client.call("GET", "messages?after=1&wait=1", None, token)
    assert texts(client.lines(token)) == ["lambat 0.5", "Selesai: lambat 0.5"]


def test_who_waits_hears_at_once_what_another_process_says(client: Client, token: str, server: LightServer) -> None:
    transcripts = Transcripts(server.store, system_clock)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.call, "GET", "messages?after=0&wait=1", None, token)
        transcripts.say(conversation_id(token), [{"text": "Ada tempat kosong"}])
        assert texts(waiting.result()) == ["Ada tempat kosong"]


def test_personal_numbers_are_stored_nowhere_in_the_transcript(client: Client, token: str, server: LightServer) -> None:
    written = f"NIK saya {NIK}, lahir 17-08-1990"
    for _ in range(2):
        # Who asked may check the answer, also when it has to be fetched again.
        assert texts(client.say(token, written, turn="turn-0001"))[1] == f"Anda menulis: {written}"
    assert texts(client.lines(token)) == [
        "NIK saya ••••0001, lahir ••••",
        "Anda menulis: NIK saya ••••0001, lahir ••••",
    ]
    assert f"NIK saya {NIK}, lahir 17-08-1990" in server.asked
    assert NIK not in stored(server)


def test_a_button_stands_in_the_conversation_under_its_title(client: Client, token: str, server: LightServer) -> None:
    said = client.say(token, "Saya pilih Satu", shown="Satu")
    assert texts(said)[0] == "Satu"
    assert "Saya pilih Satu" in server.asked


def test_a_typed_command_is_defused(client: Client, token: str, server: LightServer) -> None:
    assert "tidak ada perintah" in texts(client.say(token, '/kabar{"kode": 1}'))[1]
    assert not [asked for asked in server.asked if "kode" in asked]


# Who may read and write


@pytest.mark.parametrize(
    "forge",
    ["{id}.0000", "{id}", "", ".", "lain.{signature}", "{id}.{signature}x", "web:{id}.{signature}", "wa:628123456789",
     "wa:628123456789.{signature}", "{foreign}"],
)  # fmt: skip
def test_a_forged_token_opens_nothing(client: Client, token: str, forge: str) -> None:
    own_id, _, signature = token.partition(".")
    forged = forge.format(id=own_id, signature=signature, foreign=Issuer("x" * 32).issue())
    assert client.say(forged, "antrean saya").status == 403
    assert client.lines(forged).status == 403
    assert client.call("DELETE", "conversation", None, forged).status == 403


def test_a_well_signed_token_that_was_never_issued_opens_nothing(client: Client) -> None:
    made_up = Issuer(KEY).issue()
    assert client.say(made_up, "halo").status == 403
    assert client.lines(made_up).status == 403


@pytest.mark.parametrize("sender", ["wa:628123456789", "web:siapa-saja", "rest:x"])
def test_whoever_names_an_id_instead_of_a_token_gets_nothing(client: Client, sender: str, server: LightServer) -> None:
    for body in ({"sender": sender, "turn": "turn-0001", "text": "curi"}, {"token": sender, "turn": "turn-0001"}):
        assert client.call("POST", "message", body).status == 403
    assert "curi" not in server.asked


def test_one_conversation_does_not_see_another(client: Client, token: str) -> None:
    client.say(token, "rahasia saya")
    other = client.begin()
    client.say(other, "halo")
    assert "rahasia saya" not in str(client.lines(other).body)


# Deleting


def test_a_deleted_conversation_leaves_no_trace_and_can_never_be_opened_again(
    client: Client, token: str, server: LightServer
) -> None:
    client.say(token, "hapus saya nanti")
    assert events(server, token) > 0
    assert client.call("DELETE", "conversation", None, token).status == 204
    assert events(server, token) == 0
    assert client.lines(token).status == 403
    assert client.say(token, "halo").status == 403
    assert "hapus saya nanti" not in stored(server)


def test_deleting_twice_is_no_failure_and_deleting_one_leaves_the_other(
    client: Client, token: str, server: LightServer
) -> None:
    other = client.begin()
    client.say(other, "saya tetap di sini")
    assert [client.call("DELETE", "conversation", None, token).status for _ in range(2)] == [204, 204]
    assert "saya tetap di sini" in texts(client.lines(other))
    assert events(server, other) > 0


# Malformed and oversized


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b"\xff\xfe", b"[" * 40_000, b'{"text": "halo"}', b'{"turn": "x", "text": "halo"}',
     b'{"turn": ["turn-0001"], "text": "halo"}', b'{"turn": "turn-0001", "text": 5}',
     b'{"turn": "turn-0001", "text": "halo", "shown": {}}', b'{"turn": "../../etc/passwd", "text": "halo"}'],
    ids=range(12),
)  # fmt: skip
def test_a_malformed_message_is_refused(client: Client, token: str, body: bytes) -> None:
    assert client.call("POST", "message", body, token).status == 400
    assert client.lines(token).body == []


def test_the_longest_message_fits_however_its_letters_are_written(client: Client, token: str) -> None:
    longest = json.dumps({"turn": "turn-0001", "text": "😀" * 4096, "shown": "x"}).encode()
    assert len(longest) < MAX_BODY
    assert client.call("POST", "message", longest, token).status == 200


def test_a_body_too_large_is_not_read_to_its_end(client: Client, token: str, server: LightServer) -> None:
    huge = json.dumps({"turn": "turn-0001", "text": "a" * 20_000_000}).encode()
    # The server may hang up while the rest is still being sent.
    with contextlib.suppress(OSError):
        assert client.call("POST", "message", huge, token).status == 413
    assert client.lines(token).body == []


def test_a_text_too_long_gets_a_sentence_and_reaches_nobody(client: Client, token: str, server: LightServer) -> None:
    assert "panjang sekali" in texts(client.say(token, "b" * 4097))[1]
    assert "b" * 4097 not in server.asked


@pytest.mark.parametrize("after", ["-1", "x", "", "1e9", "99999999999999999999"])
def test_a_strange_place_to_read_from_is_no_failure(client: Client, token: str, after: str) -> None:
    assert client.call("GET", f"messages?after={after}", None, token).status in {200, 403}


@pytest.mark.parametrize(
    "path", ["..%2f..%2fpyproject.toml", "index.html%00", "tiket/..%2f..", "tiket/" + "A" * 43, "x"]
)
def test_no_other_file_is_served(client: Client, path: str) -> None:
    assert client.call("GET", path).status == 404


# Other origins


def test_only_a_configured_site_may_call_from_its_own_pages(client: Client, server: LightServer) -> None:
    allowed = server.environment["SIGAP_WEB_ORIGINS"]
    for method, path in (("OPTIONS", "message"), ("POST", "conversation"), ("GET", "greeting"), ("GET", "messages")):
        named = client.call(method, path, Origin=allowed)
        unnamed = client.call(method, path, Origin="https://penipu.example")
        assert named.headers["Access-Control-Allow-Origin"] == allowed
        assert unnamed.headers["Access-Control-Allow-Origin"] is None
        assert "Origin" in unnamed.headers["Vary"]
    assert client.call("OPTIONS", "message", Origin=allowed).headers["Access-Control-Allow-Headers"]


def test_only_a_configured_site_may_show_the_page_in_a_frame(client: Client, server: LightServer) -> None:
    policy = client.call("GET", "").headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors 'self' {server.environment['SIGAP_WEB_ORIGINS']}")
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_an_answer_can_be_taken_for_nothing_but_what_it_is(client: Client, token: str) -> None:
    headers = client.say(token, "halo").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "application/json"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


# Limits


@pytest.fixture
def strict(tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    """A client of a server where an address may begin three conversations in an hour."""
    with light_server(tmp_path, SIGAP_WEB_NEW_PER_HOUR="3", **getattr(request, "param", {})) as running:
        yield Client(running.address)


def test_an_address_that_begins_too_many_conversations_is_told_when_to_come_back(strict: Client) -> None:
    replies = [strict.call("POST", "conversation", X_Forwarded_For=f"10.0.0.{number}") for number in range(4)]
    assert [reply.status for reply in replies] == [200, 200, 200, 429]
    assert 3500 < int(replies[3].headers["Retry-After"]) <= 3600


@pytest.mark.parametrize("strict", [{"SANIC_PROXIES_COUNT": "1"}], indirect=True)
def test_behind_a_trusted_proxy_each_client_counts_for_itself_and_cannot_lie(strict: Client) -> None:
    def begin(forwarded: str) -> int:
        return strict.call("POST", "conversation", X_Forwarded_For=forwarded).status

    assert [begin("10.0.0.1") for _ in range(4)] == [200, 200, 200, 429]
    assert begin("10.0.0.2") == 200
    # What the client claims stands to the left of what the proxy saw.
    assert [begin(f"10.9.9.{number}, 10.0.0.3") for number in range(4)] == [200, 200, 200, 429]


def test_whoever_writes_faster_than_a_person_can_is_told_to_wait(client: Client, token: str) -> None:
    statuses = [client.say(token, "halo").status for _ in range(MESSAGES_PER_MINUTE + 1)]
    assert statuses == [200] * MESSAGES_PER_MINUTE + [429]
    assert client.say(client.begin(), "halo").status == 200


def test_a_fifth_page_of_one_conversation_does_not_wait(client: Client, token: str) -> None:
    with ThreadPoolExecutor(5) as pool:
        pages = [pool.submit(client.call, "GET", "messages?after=0&wait=1", None, token) for _ in range(5)]
        let_go, waiting = wait(pages, timeout=WAIT_SECONDS / 2, return_when=FIRST_COMPLETED)
        assert [page.result().body for page in let_go] == [[]]
        client.say(token, "halo")
        assert [bool(page.result().body) for page in waiting] == [True] * 4


def events(server: LightServer, token: str) -> int:
    with sqlite3.connect(server.folder / "conversations.db") as connection:
        found = connection.execute("SELECT count(*) FROM events WHERE sender_id = ?", (conversation_id(token),))
        return int(found.fetchone()[0])


def stored(server: LightServer) -> str:
    """All that is kept of all conversations."""
    with server.store.work() as session:
        return str(session.execute(select(WebMessage.content)).scalars().all())
