"""The web chat of the running SIGAP."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import pytest
from whole_sigap import Stack

pytestmark = pytest.mark.stack


def fetch(stack: Stack, path: str) -> Any:
    with urllib.request.urlopen(f"http://localhost:{stack.port}{path}", timeout=10) as answer:
        return answer.status, answer.headers, answer.read().decode()


def test_the_page_is_served_and_may_load_nothing_from_elsewhere(stack: Stack) -> None:
    status, headers, page = fetch(stack, "/webhooks/web/")
    policy = headers["Content-Security-Policy"]
    assert status == 200
    assert headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "<script>" not in page
    assert "chat.js" in page


@pytest.mark.parametrize(("name", "kind"), [("chat.js", "text/javascript"), ("chat.css", "text/css")])
def test_the_files_of_the_page_are_served(stack: Stack, name: str, kind: str) -> None:
    status, headers, content = fetch(stack, f"/webhooks/web/{name}")
    assert (status, headers["Content-Type"].split(";")[0]) == (200, kind)
    assert content


def test_the_address_without_its_last_slash_leads_to_the_page(stack: Stack) -> None:
    assert "chat.js" in fetch(stack, "/webhooks/web")[2]


@pytest.mark.parametrize("path", ["../../../pyproject.toml", "index.html%00", "..%2fweb.py", "secret.txt"])
def test_no_other_file_is_served(stack: Stack, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="40"):
        fetch(stack, f"/webhooks/web/{path}")


def test_a_conversation_works_from_the_first_token_to_an_answer_with_buttons(stack: Stack) -> None:
    token = stack.post("/webhooks/web/conversation", {})["token"]
    answers = stack.post("/webhooks/web/message", {"token": token, "text": "biaya paspor"})
    assert "Rp350.000" in answers[0]["text"]
    assert answers[0]["buttons"]
    assert {key for answer in answers for key in answer} <= {"text", "buttons", "image"}
    assert "tanggal lahir" in str(
        stack.post("/webhooks/web/message", {"token": token, "text": "cek status 1179000000012345"})
    )


def test_two_tokens_are_two_conversations(stack: Stack) -> None:
    first, second = (stack.post("/webhooks/web/conversation", {})["token"] for _ in range(2))
    stack.post("/webhooks/web/message", {"token": first, "text": "cek status"})
    elsewhere = stack.post("/webhooks/web/message", {"token": second, "text": "batal"})
    here = stack.post("/webhooks/web/message", {"token": first, "text": "batal"})
    assert "Tidak ada yang sedang diisi" in str(elsewhere)
    assert "pengisian dihentikan" in str(here)


@pytest.mark.parametrize("forge", ["{id}.0000", "{id}", "", ".", "lain.{signature}", "{id}.{signature}x", "web:{id}.é"])
def test_a_forged_token_is_refused(stack: Stack, forge: str) -> None:
    conversation, _, signature = stack.post("/webhooks/web/conversation", {})["token"].partition(".")
    token = forge.format(id=conversation, signature=signature)
    with pytest.raises(urllib.error.HTTPError) as refused:
        stack.post("/webhooks/web/message", {"token": token, "text": "antrean saya"})
    assert refused.value.code == 403


@pytest.mark.parametrize("body", [{}, {"token": None, "text": "halo"}, {"token": ["x"], "text": "halo"}])
def test_a_malformed_request_is_refused_and_no_failure(stack: Stack, body: dict[str, Any]) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        stack.post("/webhooks/web/message", body)
    assert refused.value.code == 403
