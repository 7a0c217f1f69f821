"""A few of the dialogues in tests/conversations, played over the wire: that what `sigap test` plays in one process is
wired together in the same way when `sigap run` starts the servers."""

from __future__ import annotations

import subprocess
import sys

import pytest
from whole_sigap import Applicant

from sigap.dialogues import script
from sigap.settings import ROOT

pytestmark = pytest.mark.stack

CONVERSATIONS = ROOT / "tests" / "conversations"
# One for each kind of wiring: an answer from facts, a question back, a lookup, a complaint that is stored.
CHOSEN = {
    "bahagia/informasi.yml": ("Biaya untuk keluarga", "Syarat paspor tanpa menyebut untuk siapa"),
    "bahagia/status.yml": ("Status dengan NIK, lalu nomor yang benar",),
    "bahagia/masukan.yml": ("Mengadukan petugas tanpa mau dihubungi",),
    "antrean/dasar.yml": ("Ambil antrean sampai selesai, lihat, pindahkan, batalkan",),
}


def chosen() -> list[script.Dialogue]:
    return [
        dialogue
        for name, wanted in CHOSEN.items()
        for dialogue in script.read(CONVERSATIONS / name)
        if dialogue.name in wanted
    ]


def test_the_chosen_dialogues_exist() -> None:
    assert len(chosen()) == sum(len(names) for names in CHOSEN.values())


@pytest.mark.parametrize("dialogue", chosen(), ids=lambda dialogue: dialogue.name)
def test_a_dialogue_goes_over_the_wire_as_in_one_process(applicant: Applicant, dialogue: script.Dialogue) -> None:
    for step in dialogue.steps:
        answer = applicant.say(step.value).text.lower()
        wanted = step.expected.contains
        lacking = [part for part in wanted if not any(choice.lower() in answer for choice in part.split("|"))]
        assert not lacking, f"{step.value!r} lacks {lacking}: {answer}"


def test_two_processes_play_a_folder_as_one_does() -> None:
    command = [sys.executable, "-m", "sigap", "test", "--workers", "2", str(CONVERSATIONS / "batal")]
    played = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert played.returncode == 0, played.stdout
    assert " 0 gagal" in played.stdout
