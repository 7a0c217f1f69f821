"""Editors break content in many ways; `sigap validate` names the file, the line, and what to do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from seeded import BUTTONS, DOMAIN, FACTS, FEES, SEEDED, STATUS, UNREADABLE, Mistake

from sigap.dialogues import script
from sigap.editor.checks import dialogues
from sigap.editor.findings import Finding, Severity
from sigap.editor.validation import validate
from sigap.settings import ROOT

TODAY = date(2026, 11, 25)
SECONDS = 10.0
FEWEST_KINDS = 40
# Fields, commands and file formats bear English names; no sentence does.
ENGLISH = re.compile(r"\b(the|is not|missing|invalid|error|expected|found|unknown)\b", re.IGNORECASE)

# What is misspelt in one place is missing in another.
CONSEQUENCES = {
    ("fakta-tak-dipakai", "uji_18"),
    ("fakta-tak-dipakai", "bukti_bayar"),
    ("fakta-tak-ada", "tarif.splp_asing"),
    ("action-tak-dikenal", "action_cek_slot"),
    ("action-tak-dikenal", "action_minta_petugas"),
    ("niat-tanpa-aturan", "percepatan"),
    ("niat-tanpa-aturan", "di_luar_topik"),
    ("jawaban-tak-dipakai", "utter_bahasa_lainn"),
    ("rujukan-dialog", "utter_bahasa_lain"),
}

NewCopy = Callable[[], Path]


@pytest.fixture(scope="module")
def real() -> list[Finding]:
    return validate(ROOT, TODAY)


@pytest.fixture(scope="module")
def spoilt(new_copy: NewCopy) -> Path:
    """A copy with every seeded mistake."""
    root = new_copy()
    for mistake in SEEDED:
        mistake.make(root)
    return root


@pytest.fixture(scope="module")
def found(spoilt: Path) -> list[Finding]:
    return validate(spoilt, TODAY)


# The content as it is


def test_the_content_of_this_repository_has_no_mistakes(real: list[Finding]) -> None:
    assert [str(finding) for finding in real if finding.severity is Severity.SALAH] == []


def test_the_content_of_this_repository_is_checked_within_seconds() -> None:
    started = time.process_time()
    validate(ROOT, TODAY)
    assert time.process_time() - started < SECONDS


def test_checking_needs_neither_rasa_nor_tensorflow() -> None:
    heavy = "{'rasa', 'tensorflow', 'spacy', 'sklearn'}"
    script = f"import sys, sigap.editor.validation; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "[]"


# Content that cannot be read


@pytest.mark.parametrize("mistake", UNREADABLE, ids=str)
def test_what_cannot_be_read_is_located(new_copy: NewCopy, mistake: Mistake) -> None:
    root = new_copy()
    mistake.make(root)
    findings = validate(root, TODAY)
    assert (mistake.file, mistake.line(root), mistake.kind) in places(findings), told(findings)
    assert {finding.file for finding in findings} == {mistake.file}, told(findings)


@pytest.mark.parametrize(
    ("content", "line"), [(b"", 1), (b"# kosong\n", 1), (b'version: "3.1"\nnlu: "\xe9"\n', 2), (b"a: \x07\n", 1)]
)
def test_a_file_that_holds_no_content_is_named(new_copy: NewCopy, content: bytes, line: int) -> None:
    root = new_copy()
    (root / STATUS).write_bytes(content)
    assert places(validate(root, TODAY)) == {(STATUS, line, "yaml")}


def test_a_fact_file_that_is_gone_is_named(new_copy: NewCopy) -> None:
    root = new_copy()
    (root / FEES).unlink()
    assert places(validate(root, TODAY)) == {(FEES, 1, "berkas-hilang")}


# Content that can be read and is wrong


@pytest.mark.parametrize("mistake", SEEDED, ids=str)
def test_a_mistake_is_found_at_its_line(found: list[Finding], spoilt: Path, mistake: Mistake) -> None:
    assert (mistake.file, mistake.line(spoilt), mistake.kind) in places(found), told(
        finding for finding in found if finding.kind == mistake.kind
    )


def test_nothing_but_the_mistakes_and_what_follows_from_them_is_found(
    found: list[Finding], real: list[Finding], spoilt: Path
) -> None:
    known = {(finding.file, finding.kind, finding.message) for finding in real}
    seeded = {(mistake.file, mistake.line(spoilt)) for mistake in SEEDED}
    extra = {
        (finding.kind, finding.message.split("'")[1].strip("{}"))
        for finding in found
        if (finding.file, finding.line) not in seeded and (finding.file, finding.kind, finding.message) not in known
    }
    assert extra == CONSEQUENCES


def test_an_intent_with_few_examples_is_named(new_copy: NewCopy) -> None:
    root = new_copy()
    keep_only(root / STATUS, 40)
    assert (STATUS, 4, "contoh-sedikit") in places(validate(root, TODAY))


def test_an_intent_without_a_style_is_named(new_copy: NewCopy) -> None:
    root = new_copy()
    path = root / STATUS
    path.write_text(path.read_text(encoding="utf-8").replace("{gaya: suara}", "{gaya: emoji}"), encoding="utf-8")
    message = next(finding.message for finding in validate(root, TODAY) if finding.kind == "gaya-kurang")
    assert "cek_status" in message
    assert "suara" in message


def test_an_intent_mostly_of_one_style_is_named(new_copy: NewCopy) -> None:
    root = new_copy()
    path = root / STATUS
    blocks = path.read_text(encoding="utf-8").split("- intent: ")
    many = [f"    - kalimat formal nomor {number} tentang hal {number}\n" for number in range(900)]
    path.write_text("- intent: ".join([*blocks[:1], blocks[1] + "".join(many), *blocks[2:]]), encoding="utf-8")
    message = next(finding.message for finding in validate(root, TODAY) if finding.kind == "gaya-berat-sebelah")
    assert "cek_status" in message
    assert "formal" in message


def test_time_alone_makes_no_mistakes() -> None:
    findings = validate(ROOT, date(2036, 1, 1))
    assert [str(finding) for finding in findings if finding.severity is Severity.SALAH] == []
    assert sum(finding.kind == "lewat-tinjau" for finding in findings) > 300


def test_dialogues_are_checked_for_the_fields_that_the_runner_reads() -> None:
    assert set(dialogues._STEP_FIELDS) == set(script._STEP_KEYS)
    assert set(dialogues._DIALOGUE_FIELDS) == set(script._DIALOGUE_KEYS)


# What is told


def test_forty_kinds_of_mistakes_are_known(found: list[Finding]) -> None:
    assert len({mistake.kind for mistake in SEEDED}) >= FEWEST_KINDS
    assert len(SEEDED) + len(UNREADABLE) >= 2 * FEWEST_KINDS


def test_every_finding_says_what_to_do_in_indonesian(found: list[Finding]) -> None:
    for finding in found:
        assert finding.message.endswith("."), finding
        assert finding.advice.endswith("."), finding
        own_words = re.sub(r"'[^']*'", "", f"{finding.message} {finding.advice}")
        assert not ENGLISH.search(own_words), finding


def test_the_command_prints_one_line_for_each_finding_and_fails(spoilt: Path) -> None:
    run = command("--root", str(spoilt))
    assert run.returncode == 1
    assert all(re.match(r"\S+:\d+: (salah|perhatian): .+", line) for line in run.stdout.splitlines())
    assert f"{DOMAIN}:" in run.stdout
    assert f"{BUTTONS}:" in run.stdout
    assert re.search(r"\d+ salah, \d+ perhatian", run.stderr)


def test_the_command_prints_json_and_is_content_with_warnings(new_copy: NewCopy) -> None:
    root = new_copy()
    Mistake("lewat-tinjau", FACTS, "tinjau: 2027-11-30", "tinjau: 2020-11-30").make(root)
    run = command("--root", str(root), "--json")
    findings = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 0
    assert {"file", "line", "kind", "message", "advice", "severity"} == set(findings[0])
    assert [finding["file"] for finding in findings if finding["kind"] == "lewat-tinjau"] == [FACTS]


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sigap", "validate", *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )


def keep_only(path: Path, count: int) -> None:
    """Leave only the first `count` examples of a file, and at least one in each block."""
    kept, lines = 0, []
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        is_example = line.startswith("    - ")
        if not is_example or kept < count or lines[-1].startswith("  examples"):
            lines.append(line)
        kept += is_example
    path.write_text("".join(lines), encoding="utf-8")


def places(findings: list[Finding]) -> set[tuple[str, int, str]]:
    return {(finding.file, finding.line, finding.kind) for finding in findings}


def told(findings: object) -> str:
    return "\n".join(str(finding) for finding in findings)  # type: ignore[attr-defined]
