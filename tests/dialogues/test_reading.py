"""What editors write, and what they are told when it cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from sigap.clock import WIB
from sigap.dialogues import script
from sigap.dialogues.moments import moment
from sigap.dialogues.script import ScriptError
from sigap.settings import ROOT

Write = Callable[[str], Path]


def test_a_dialogue_has_its_steps_and_the_lines_where_they_stand(write: Write) -> None:
    (dialogue,) = script.read(write('- nama: Sapa\n  langkah:\n    - kata: "halo"\n      jawaban: utter_sapa\n'))
    assert (dialogue.name, dialogue.line) == ("Sapa", 1)
    (step,) = dialogue.steps
    assert (step.kind, step.value, step.line, step.expected.responses) == ("kata", "halo", 3, ("utter_sapa",))


def test_each_variant_is_a_dialogue_of_its_own(write: Write) -> None:
    text = '- nama: A\n  langkah:\n    - kata: "a"\n      ragam: ["b", "c"]\n    - kata: "d"\n      ragam: ["e"]\n'
    said = {one.name: [step.value for step in one.steps] for one in script.read(write(text))}
    assert said == {"A": ["a", "d"], "A [2]": ["b", "d"], "A [3]": ["c", "d"], "A [4]": ["a", "e"]}


def test_a_long_message_is_written_as_a_repetition(write: Write) -> None:
    (dialogue,) = script.read(write('- nama: Panjang\n  langkah:\n    - kata: "ab"\n      kali: 3\n'))
    assert dialogue.steps[0].value == "ababab"


STEP = "- nama: A\n  langkah:\n    - "


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (STEP + 'kata: "a"\n      jawab_memaut: ["b"]\n', 3, "Mungkin maksudnya 'jawab_memuat'?"),
        (STEP + 'kata: "a"\n      niat: cek_statsu\n', 3, "Mungkin maksudnya 'cek_status'?"),
        (STEP + 'kata: "a"\n      jawaban: utter_sapaa\n', 3, "Mungkin maksudnya 'utter_sapa'?"),
        (STEP + 'kata: "a"\n      slot: {antrean_kontor: bogor}\n', 3, "Mungkin maksudnya 'antrean_kantor'?"),
        (STEP + 'kata: "a"\n      formulir: status\n', 3, "'status_form'"),
        (STEP + 'kata: "a"\n      tekan: "b"\n', 3, "tepat satu dari"),
        (STEP + 'waktu: "nanti sore"\n', 3, "besok 08:00"),
        (STEP + "gangguan: listrik mati\n", 3, "basis data mati"),
        (STEP + "pulih: basis data mati\n", 3, "tidak sedang terganggu"),
        (STEP + "gangguan: basis data mati\n      jawaban: utter_sapa\n", 3, "hanya berlaku sesudah"),
        (STEP + "kata: 12345\n", 3, "tanda kutip"),
        (STEP + 'kata: "a"\n      data: [{tabel: applications}]\n', 4, "tabel 'applications' tidak dikenal"),
        (STEP + 'kata: "a"\n      data: [{tabel: pengaduan, isi: {conversation_id: x}}]\n', 4, "tidak dikenal"),
        ("- nama: A\n  siapkan: [kuota penhu]\n  langkah:\n    - kata: a\n", 1, "Mungkin maksudnya 'kuota penuh'?"),
        (
            "- nama: A\n  siapkan:\n    - kuota penuh: {kota: bogor}\n  langkah:\n    - kata: a\n",
            1,
            "kantor, tanggal, jam",
        ),
        ("- nama: A\n  kanal: [telegram]\n  langkah:\n    - kata: a\n", 1, "kanal 'telegram' tidak dikenal"),
        ("- nama: A\n", 1, "belum punya langkah"),
        ("- nama: A\n  langkah:\n    - kata: a\n- nama: A\n  langkah:\n    - kata: a\n", 4, "dipakai dua kali"),
        ("nama: A\n", 1, "daftar dialog"),
        ('- nama: "A\n', 2, "bukan YAML"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_write_instead(
    write: Write, text: str, line: int, said: str
) -> None:
    file = write(text)
    with pytest.raises(ScriptError) as told:
        script.read(file)
    assert str(told.value).startswith(f"{file}:{line}:")
    assert said in str(told.value)


def test_a_path_that_does_not_exist_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="tidak ada"):
        script.find([tmp_path / "tidak.yml"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+30 menit", "2026-11-22 10:30"),
        ("+2 jam", "2026-11-22 12:00"),
        ("+3 hari", "2026-11-25 10:00"),
        ("besok", "2026-11-23 10:00"),
        ("besok 08:00", "2026-11-23 08:00"),
        ("2026-12-25 09:00", "2026-12-25 09:00"),
    ],
)
def test_moments_are_written_as_people_say_them(text: str, expected: str) -> None:
    now = datetime(2026, 11, 22, 10, tzinfo=WIB)
    assert moment(text, now) == datetime.fromisoformat(expected).replace(tzinfo=WIB)


def test_the_guide_for_editors_names_every_key_and_every_name() -> None:
    guide = (ROOT / "docs" / "panduan-uji.md").read_text(encoding="utf-8")
    names = script.vocabulary()
    keys = [*script._DIALOGUE_KEYS, *script._STEP_KEYS, *names.tables, *names.circumstances, *names.faults]
    columns = [column for table in names.tables.values() for column in table]
    assert [
        name for name in [*keys, *columns, *names.channels] if f"`{name}`" not in guide and f"`{name}:" not in guide
    ] == []
