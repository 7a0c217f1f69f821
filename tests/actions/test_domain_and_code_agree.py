"""domain.yml, the actions, the facts and the training data: what one names, the other has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from harness import CLOSING_ACTIONS, VARIABLE, Chat, domain, executor
from rasa_sdk.executor import CollectingDispatcher
from ruamel.yaml import YAML

from actions.forms import Form
from actions.turn import Turn
from actions.wording import fact_variables
from sigap.knowledge import Knowledge
from sigap.language.cues import cues
from sigap.language.hash_message import Fault, Part
from sigap.language.nik import NikFault, NumberKind
from sigap.settings import LANGUAGE, ROOT

WHATSAPP_BUTTON_TITLE = 20
WHATSAPP_TEXT_WITH_BUTTONS = 1024
STATUS_DETAILS = ("jadwal", "perkiraan_selesai", "lewat_perkiraan", "batas_ambil")
# What questions can lack (actions/rincian.py).
DETAILS = ("kelompok", "kendala", "khusus", "kota")
# What to bring for collecting a passport (data/knowledge/fakta.yml).
COLLECT_FACTS = ("ambil_sendiri", "ambil_keluarga", "ambil_orang_lain")
# What can be wrong with each part of the format of 2017 (sigap/language/hash_message.py).
DATE_FAULTS = {Fault.MISSING, Fault.UNREADABLE, Fault.LENGTH, Fault.IMPOSSIBLE, Fault.RANGE}
FORMAT_FAULTS = {
    Part.NAME: {Fault.MISSING, Fault.UNREADABLE},
    Part.BIRTH: DATE_FAULTS | {Fault.FUTURE},
    Part.ARRIVAL: DATE_FAULTS | {Fault.PAST},
}
# Has an `explain` of its own: applicants' data are explained field by field.
EXPLAINED_BY_THEMSELVES = {"antrean_pemohon"}
# What a ticket brings into a response (actions/tickets.py).
TICKET = {"kode", "nomor", "kantor", "alamat", "tanggal", "jam", "zona"}
# Functions that put together the variables of a response, and which these are.
VARIABLES_OF = {
    "ticket_variables": TICKET,
    "waiting_variables": {"kantor", "hari", "jumlah", "urutan"},
    "offer_variables": {"kantor", "tanggal", "jam", "zona", "jumlah", "sampai"},
}
# Answers to the question above the button, understood by the form that asks; nobody sends them out of the blue.
FORM_ANSWERS = {
    "Paspor baru",
    "Penggantian paspor",
    "1 orang",
    "2 orang",
    "3 orang",
    "Tentang pelayanan petugas",
    "Tentang aplikasi",
    "Tentang antrean",
    "Tentang keterlambatan",
    "Tentang pungli atau calo",
    "Tentang hal lainnya",
    "Lanjutkan",
    "Kapan saja",
    "Minggu ini",
    "Minggu depan",
    "Saya sendiri",
    "Keluarga satu KK",
    "Orang lain",
}


# Reading the code


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / "actions").glob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def template(node: ast.AST) -> str | None:
    """A string as it is, an f-string as it is written ("utter_{intent}"); None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value)}}}"
            for part in node.values
            if isinstance(part, (ast.Constant, ast.FormattedValue))
        )
    return None


def utters(node: ast.AST) -> list[str]:
    """The responses, or templates of responses, that an expression may name."""
    if isinstance(node, ast.IfExp):
        return utters(node.body) + utters(node.orelse)
    found = template(node)
    return [found] if found and found.startswith("utter_") else []


@lru_cache(maxsize=1)
def mentions() -> list[tuple[str, str, frozenset[str]]]:
    """(place, response, variables passed along) of every call that names a response; of a family, every member."""
    found = []
    for path, tree in sources():
        for call, names in calls(tree):
            for node in [*call.args, *(word.value for word in call.keywords if word.arg == "response")]:
                for response in names.get(node.id, []) if isinstance(node, ast.Name) else utters(node):
                    place = f"{path.name}:{call.lineno}"
                    found += [(place, member, passed(call)) for member in sorted(members(response)) or [response]]
    return found


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, Mapping[str, list[str]]]]:
    """Every call of a module, with the responses that the local names of its function stand for."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = {
            target.id: utters(node.value)
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        yield from ((node, names) for node in ast.walk(function) if isinstance(node, ast.Call))


def members(response: str) -> set[str]:
    """The responses that a string or an f-string of the code may become; none for an unknown family."""
    if "{" not in response:
        return {response}
    return next((found for written, found in families().items() if fnmatchcase(response, written)), set())


def families() -> dict[str, set[str]]:
    """What an f-string that names a response may become. A new one in the code is to be added here."""
    people = ("nama", "nik", "lahir")
    slots = {slot for form in domain()["forms"].values() for slot in form["required_slots"]}
    numbers = {kind.value for kind in NumberKind if kind is not NumberKind.APPLICATION}
    return {
        "utter_{turn.intent}": {f"utter_{intent}" for intent in intents_of("action_jawab")},
        "utter_jelaskan_{self.slot}": {f"utter_jelaskan_{slot}" for slot in slots - EXPLAINED_BY_THEMSELVES},
        "utter_status_{number.*}": {f"utter_status_{kind}" for kind in numbers},
        "utter_status_{name}": {f"utter_status_{name}" for name in STATUS_DETAILS},
        "utter_nik_keliru_{*}": {f"utter_nik_keliru_{fault.value}" for fault in NikFault},
        "utter_tanya_{detail}": {f"utter_tanya_{detail}" for detail in DETAILS},
        "utter_tanya_pemohon_{*}": {f"utter_tanya_pemohon_{part}" for part in people},
        "utter_ambil_dokumen_{*}": {f"utter_ambil_dokumen_{who}" for who in cues(LANGUAGE).collectors},
        "utter_gambar_{fact}": {f"utter_gambar_{fact}" for fact in COLLECT_FACTS},
        "utter_gambar_{fact}_isi": {f"utter_gambar_{fact}_isi" for fact in COLLECT_FACTS},
        "utter_format_{part.part.value}_{*}": {
            f"utter_format_{part.value}_{fault.value}" for part in Part for fault in FORMAT_FAULTS[part]
        },
        "utter_jelaskan_pemohon_{*}": {f"utter_jelaskan_pemohon_{part}" for part in people},
    }


def passed(call: ast.Call) -> frozenset[str]:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    names = {word.arg for word in call.keywords if word.arg} | (TICKET if called == "show_ticket" else set())
    for node in [*call.args, *(word.value for word in call.keywords if word.arg is None)]:
        if isinstance(node, ast.Dict):
            names |= {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}
        if isinstance(node, ast.Call):
            names |= VARIABLES_OF.get(getattr(node.func, "id", ""), set())
    return frozenset(names)


def spelled_out_buttons() -> Iterator[tuple[str, str, str]]:
    """(place, title, payload) of every button in the code that is written out."""
    for path, tree in sources():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if getattr(call.func, "id", "") == "button" and all(isinstance(given, ast.Constant) for given in call.args):
                words = [str(given.value) for given in call.args if isinstance(given, ast.Constant)]
                yield f"{path.name}:{call.lineno}", words[0], words[-1]


# Reading the data


def variations() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, entries in domain()["responses"].items():
        for entry in entries:
            yield name, entry


@lru_cache(maxsize=1)
def training_examples() -> Mapping[str, str]:
    """Every training example, without its annotations, and its intent."""
    examples: dict[str, str] = {}
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        for group in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in group.get("examples", "").splitlines():
                text = re.sub(r"\[([^\]]+)\](\([^)]*\)|{[^}]*})", r"\1", line.strip().removeprefix("- "))
                examples[text] = group["intent"]
    return examples


def offered_intents() -> Mapping[str, Mapping[str, str]]:
    content = YAML(typ="safe").load((LANGUAGE / "niat.yml").read_text(encoding="utf-8"))
    names: Mapping[str, Mapping[str, str]] = content["niat"]
    return names


def intents_of(action: str) -> list[str]:
    """Intents that a rule answers with this action alone."""
    found = []
    for path in (ROOT / "data" / "rules").glob("*.yml"):
        for rule in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["rules"]:
            steps = rule["steps"]
            if len(steps) == 2 and steps[1].get("action") == action:
                found.append(steps[0]["intent"])
    return found


def filled(text: str, knowledge: Knowledge) -> str:
    """A response with its facts filled in; what an action passes stays as it is written."""
    values = fact_variables(frozenset(VARIABLE.findall(text)), knowledge)
    return VARIABLE.sub(lambda found: values.get(found.group(1), found.group()), text)


# Actions and forms


def test_the_domain_names_every_action_of_the_package_and_no_other() -> None:
    assert set(executor().actions) == set(domain()["actions"])


def test_every_form_of_the_domain_has_its_action_and_the_other_way_round() -> None:
    validated = {name.removeprefix("validate_") for name in executor().actions if name.startswith("validate_")}
    assert validated == set(domain()["forms"]) == set(CLOSING_ACTIONS)


def test_forms_ask_for_the_slots_that_the_domain_lists_in_that_order(chat: Chat) -> None:
    turn = Turn(CollectingDispatcher(), chat._tracker(), chat.services)
    asked = {form.form: [question.slot for question in form().questions(turn)] for form in Form.__subclasses__()}
    assert asked == {name: form["required_slots"] for name, form in domain()["forms"].items()}


def test_every_intent_but_form_answers_has_a_rule_of_its_own() -> None:
    ruled = {
        step["intent"]
        for path in (ROOT / "data" / "rules").glob("*.yml")
        for rule in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["rules"]
        for step in rule["steps"]
        if "intent" in step
    }
    assert set(domain()["intents"]) - ruled == set()


def test_rules_name_only_actions_and_forms_of_the_domain() -> None:
    known = {*domain()["actions"], *domain()["forms"]}
    for path in (ROOT / "data" / "rules").glob("*.yml"):
        for rule in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["rules"]:
            assert {step["action"] for step in rule["steps"] if "action" in step} <= known, rule["rule"]


# Responses


def test_every_response_that_the_code_names_exists() -> None:
    named = {f"{place} {response}": response for place, response, _ in mentions()}
    assert [place for place, response in named.items() if response not in domain()["responses"]] == []


@pytest.mark.parametrize("detail", DETAILS)
def test_the_clarification_form_can_explain_every_detail_it_asks_for(chat: Chat, detail: str) -> None:
    chat.slots |= {"topik": detail, "requested_slot": "rincian", "gagal_isi": 1}
    answer = chat.fill("rincian_form", "ya", "setuju")
    assert answer.responses[-1] == f"utter_tanya_{detail}"


def test_every_response_is_said_by_some_code() -> None:
    # Said by a channel itself, when Rasa cannot or need not.
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "sigap" / "channels").rglob("*.py"))
    by_channel = set(re.findall(r"[\"'](utter_\w+)[\"']", code))
    assert domain()["responses"].keys() - {response for _, response, _ in mentions()} - by_channel == set()


@pytest.mark.parametrize("name", list(domain()["responses"]))
def test_every_variable_of_a_response_is_filled_in(name: str, knowledge: Knowledge) -> None:
    entries = domain()["responses"][name]
    texts = [entry["text"] for entry in entries]
    texts += [str(words) for entry in entries for offered in entry.get("buttons", []) for words in offered.values()]
    needed = frozenset(variable for text in texts for variable in VARIABLE.findall(text))
    left = needed - fact_variables(needed, knowledge).keys()
    lacking = {place: left - given for place, response, given in mentions() if response == name and left - given}
    assert lacking == {}


def test_facts_have_no_variables_of_their_own(knowledge: Knowledge) -> None:
    assert [name for name, fact in knowledge.facts.items() if VARIABLE.search(str(fact.isi))] == []


# Buttons


def test_a_button_of_the_domain_says_something_that_is_taught() -> None:
    payloads = {offered["payload"]: name for name, entry in variations() for offered in entry.get("buttons", [])}
    untaught = {
        payload: name
        for payload, name in payloads.items()
        if payload not in training_examples() and payload not in FORM_ANSWERS
    }
    assert untaught == {}


def test_a_button_of_the_code_says_something_that_is_taught() -> None:
    untaught = [
        f"{place} {payload}" for place, _, payload in spelled_out_buttons() if payload not in training_examples()
    ]
    assert untaught == []


def test_buttons_of_other_applicant_groups_say_something_that_is_taught(chat: Chat) -> None:
    for group in ("dewasa", "anak", "bayi", "lansia"):
        for kind in ("baru", "penggantian", "hilang"):
            answer = chat.tell(
                "syarat?", "syarat_paspor", "action_syarat_paspor", kelompok_pemohon=group, jenis_permohonan=kind
            )
            assert set(answer.buttons) <= training_examples().keys()


def test_a_button_never_says_a_command() -> None:
    payloads = [offered["payload"] for _, entry in variations() for offered in entry.get("buttons", [])]
    payloads += [payload for _, _, payload in spelled_out_buttons()]
    assert [payload for payload in payloads if payload.startswith("/")] == []


@pytest.mark.parametrize(("intent", "offer"), offered_intents().items())
def test_an_intent_is_offered_with_a_sentence_that_means_it(intent: str, offer: Mapping[str, str]) -> None:
    assert training_examples().get(offer["kalimat"]) == intent
    assert len(offer["tombol"]) <= WHATSAPP_BUTTON_TITLE


def test_only_intents_of_the_domain_are_offered_and_none_that_can_be_is_missing() -> None:
    conversational = {"sapa", "pamit", "terima_kasih", "setuju", "tolak", "tanya_bot", "batal", "di_luar_topik"}
    news = {"kabar_kuota", "kabar_hari_tutup", "kabar_hari_buka"}
    assert set(offered_intents()) == set(domain()["intents"]) - conversational - {"pesan_kosong"} - news


def test_button_titles_fit_the_platform(knowledge: Knowledge) -> None:
    titles = [offered["title"] for _, entry in variations() for offered in entry.get("buttons", [])]
    titles += [title for _, title, _ in spelled_out_buttons()]
    titles += [trouble.tombol for trouble in knowledge.app_troubles.values()]
    titles += [topic.tombol for topic in knowledge.special_topics]
    assert [title for title in titles if not 1 <= len(title) <= WHATSAPP_BUTTON_TITLE] == []


def test_texts_with_buttons_fit_the_platform(knowledge: Knowledge) -> None:
    long = {
        name: len(filled(entry["text"], knowledge))
        for name, entry in variations()
        if entry.get("buttons") and len(filled(entry["text"], knowledge)) > WHATSAPP_TEXT_WITH_BUTTONS
    }
    assert long == {}
