"""What the trained model must understand: floors on the development set, hostile strings, taught sentences."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process
from ruamel.yaml import YAML

from sigap import evaluation
from sigap.evaluation import Labelled, Report
from sigap.settings import DATA, ROOT
from sigap.understand import Understanding

pytestmark = pytest.mark.model

# A little below what was measured (docs/benchmark.md), so that a bad change is noticed and a harmless one passes.
INTENT_FLOOR = 0.93
STYLE_FLOOR = 0.85
ENTITY_FLOOR = 0.89
OFF_TOPIC_FLOOR = 0.85
FALLBACK_CEILING = 0.03
NEAR_DUPLICATE = 88
HOSTILE_STRINGS = 10_000
HOSTILE_SECONDS = 5.0


@pytest.fixture(scope="module")
def understand() -> Callable[[str], dict]:
    return Understanding.load().of


@pytest.fixture(scope="module")
def development_set() -> list[Labelled]:
    return [
        message for path in sorted(Path(__file__).parent.glob("*.yml")) for message in evaluation.read_rasa_file(path)
    ]


@pytest.fixture(scope="module")
def training_set() -> list[Labelled]:
    return [message for path in sorted((DATA / "nlu").glob("*.yml")) for message in evaluation.read_rasa_file(path)]


@pytest.fixture(scope="module")
def report(understand: Callable[[str], dict], development_set: list[Labelled]) -> Report:
    result = evaluation.evaluate(development_set, understand)
    print("\n" + "\n".join(result.lines()))
    return result


def test_nineteen_of_twenty_messages_are_given_an_acceptable_intent(report: Report) -> None:
    assert report.accuracy >= INTENT_FLOOR


def test_no_style_of_writing_is_left_behind(report: Report) -> None:
    shares = {style: sum(hits) / len(hits) for style, hits in report.by_style.items()}
    assert {style: share for style, share in shares.items() if share < STYLE_FLOOR} == {}


def test_entities_are_found_with_their_standard_values(report: Report) -> None:
    assert report.f1() >= ENTITY_FLOOR


def test_messages_about_other_things_are_recognised(report: Report) -> None:
    hits = report.by_intent["di_luar_topik"] + report.by_intent["luar_layanan"]
    assert sum(hits) / len(hits) >= OFF_TOPIC_FLOOR


def test_few_messages_are_sent_to_fallback(report: Report) -> None:
    assert report.fallbacks / report.total <= FALLBACK_CEILING


def test_training_and_development_sets_share_no_near_duplicates(
    training_set: list[Labelled], development_set: list[Labelled]
) -> None:
    trained = [_folded(message.text) for message in training_set]
    shared = [
        (message.text, match[0])
        for message in development_set
        if (match := process.extractOne(_folded(message.text), trained, scorer=fuzz.ratio, score_cutoff=NEAR_DUPLICATE))
        and len(_folded(message.text)) >= 6
    ]
    assert shared == []


def test_no_message_is_taught_under_two_intents(training_set: list[Labelled]) -> None:
    intents: dict[str, set[str]] = {}
    for message in training_set:
        intents.setdefault(message.text.lower(), set()).add(message.intents[0])
    assert {text: names for text, names in intents.items() if len(names) > 1} == {}


def test_every_information_and_task_intent_has_at_least_sixty_messages(training_set: list[Labelled]) -> None:
    domain = YAML(typ="safe").load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    said = (name for name in domain["intents"] if name != "pesan_kosong" and not name.startswith("kabar_"))
    counts = dict.fromkeys(said, 0)
    for message in training_set:
        counts[message.intents[0]] += 1
    assert {name: count for name, count in counts.items() if count < 60} == {}


def test_a_taught_sentence_is_certain(understand: Callable[[str], dict]) -> None:
    understood = understand("Saya mau cek status permohonan paspor saya")
    assert understood["intent"] == {"name": "cek_status", "confidence": 1.0}


def test_spans_point_at_what_was_typed(understand: Callable[[str], dict]) -> None:
    text = "  mau antri di kanim jaksel tgl 7 bln depan jam 9 buat ber3 😊"
    entities = {entity["entity"]: entity for entity in understand(text)["entities"]}
    assert {"kantor", "tanggal", "waktu", "jumlah_pemohon"} <= entities.keys()
    assert all(text[entity["start"] : entity["end"]] == entity["text"] for entity in entities.values())
    assert entities["kantor"]["value"] == "jakarta_selatan"


def test_an_empty_message_is_known_as_empty(understand: Callable[[str], dict]) -> None:
    for text in ("", "   ", "…", "\u200b\u200d"):
        assert understand(text)["intent"]["name"] == "pesan_kosong"


def test_hostile_strings_neither_raise_nor_take_long(understand: Callable[[str], dict]) -> None:
    slowest = 0.0
    for text in _hostile(random.Random(7), HOSTILE_STRINGS):
        started = time.monotonic()
        understood = understand(text)
        slowest = max(slowest, time.monotonic() - started)
        assert understood["intent"]["name"]
        assert all(0 <= entity["start"] < entity["end"] <= len(text) for entity in understood["entities"])
    assert slowest < HOSTILE_SECONDS


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _hostile(chance: random.Random, count: int) -> list[str]:
    pieces = [
        *("\x00", "\x1b[31m", "\ud800", "\udfff", "\u202e", "\u200b", "\ufeff"),
        *("🙏", "👨‍👩‍👧‍👦", "🇮🇩", "ﷺ", "Ａ", "𝗽", "ß", "İ"),
        *("'; DROP TABLE bookings;--", "{{7*7}}", "{fakta.batas_bayar}", "${jndi:ldap://x}", "<script>", "*_~`"),
        *("[a](kantor:b)", "/batal", '{"a":1}', "%s%n", "\\", "\n", "\t", "9" * 40, "1/1/1", "31/02/2026", "00:00"),
        *("a" * 300, "-" * 60, "((((", "#", "paspor", "besok", "jam", "tgl", "ber", "orang", "kanim", "nik", " ", " "),
    ]
    strings = ["".join(chance.choices(pieces, k=chance.randint(1, 12))) for _ in range(count - 4)]
    return [*strings, "paspor " * 15_000, "9/" * 50_000, "🙏" * 100_000, "".join(map(chr, range(0x20, 0x3000)))]
