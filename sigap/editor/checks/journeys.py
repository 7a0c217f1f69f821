"""Domain, rules, stories and code: what one names, the others have."""

from __future__ import annotations

from sigap.editor.content import Content, Journey, Step
from sigap.editor.findings import Finding, Findings, attention
from sigap.editor.near import meant

DOMAIN = "domain.yml"
FALLBACK = "nlu_fallback"
# The action that answers an intent with the response of its name.
ANSWER = "action_jawab"
# Slots that Rasa keeps by itself.
_OWN_SLOTS = frozenset({"requested_slot"})
_KIND = {"intent": "Niat", "action": "Tindakan", "active_loop": "Formulir", "slot_was_set": "Slot"}


def check(content: Content) -> Findings:
    """Every check of this module."""
    yield from _actions(content)
    yield from _forms(content)
    known = _known(content)
    for journey in content.journeys:
        for step in (*journey.conditions, *journey.steps):
            yield from _step(content, journey, step, known)
    yield from _answers(content)
    yield from _named_twice(content)


def _known(content: Content) -> dict[str, set[str]]:
    forms = set(content.named("forms"))
    return {
        "intent": {*content.intents, FALLBACK},
        "action": {*content.named("actions"), *forms},
        "active_loop": forms,
        "slot_was_set": {*content.named("slots"), *_OWN_SLOTS},
    }


def _actions(content: Content) -> Findings:
    listed = content.named("actions")
    for name, line in listed.items():
        if name not in content.code.actions:
            message = f"Tindakan '{name}' tidak ada di program."
            advice = f"Perbaiki namanya{meant(name, content.code.actions)}, atau hapus barisnya."
            yield Finding(DOMAIN, line, "tindakan-tak-ada", message, advice)
    for name in sorted(content.code.actions - listed.keys()):
        message = f"Tindakan '{name}' ada di program tetapi tidak terdaftar."
        yield Finding(
            DOMAIN, content.domain.line_of("actions"), "tindakan-tak-terdaftar", message, "Tambahkan ke 'actions'."
        )


def _forms(content: Content) -> Findings:
    slots = content.named("slots")
    started = {
        name
        for journey in content.journeys
        for step in journey.steps
        if step.kind == "active_loop"
        for name in step.names
    }
    ended = {
        name
        for journey in content.journeys
        if journey.is_rule and any(step.kind == "active_loop" and not step.names for step in journey.steps)
        for step in journey.conditions
        if step.kind == "active_loop"
        for name in step.names
    }
    opened_by_code = ended - started
    for name, line, form in (content.domain.get("forms") or content.domain).items():
        for slot in (form.get("required_slots") or form).entries():
            if slot.data not in slots:
                message = f"Slot '{slot.data}' dari formulir '{name}' tidak ada."
                advice = f"Perbaiki namanya{meant(str(slot.data), slots)}, atau tambahkan ke 'slots'."
                yield Finding(DOMAIN, slot.line, "slot-tak-dikenal", message, advice)
        if f"validate_{name}" not in content.code.actions:
            message = f"Formulir '{name}' tidak dikenal program."
            yield Finding(DOMAIN, line, "formulir-tanpa-program", message, "Perbaiki namanya, atau hapus formulirnya.")
        if name not in started and name not in opened_by_code:
            message = f"Formulir '{name}' tidak pernah dimulai."
            advice = "Tulis aturan di data/rules: niat, lalu 'action' dan 'active_loop' bernama formulir ini."
            yield Finding(DOMAIN, line, "formulir-tanpa-awal", message, advice)
        if name not in ended:
            message = f"Formulir '{name}' tidak punya aturan penutup."
            advice = (
                "Tulis aturan di data/rules dengan syarat 'active_loop' formulir ini dan langkah 'active_loop: null'."
            )
            yield Finding(DOMAIN, line, "formulir-tanpa-akhir", message, advice)


def _step(content: Content, journey: Journey, step: Step, known: dict[str, set[str]]) -> Findings:
    for name in step.names:
        if name not in known[step.kind]:
            yield Finding(
                journey.file,
                step.line,
                f"{step.kind}-tak-dikenal",
                f"{_KIND[step.kind]} '{name}' di '{journey.name}' tidak ada di domain.yml.",
                f"Perbaiki namanya{meant(name, known[step.kind])}.",
            )


def _answers(content: Content) -> Findings:
    """Every intent has one rule; where its answer is a response of its name, that response exists."""
    first: dict[str, Journey] = {}
    for journey in content.journeys:
        if not journey.is_rule or not journey.steps or journey.steps[0].kind != "intent":
            continue
        for intent in journey.steps[0].names:
            if not journey.conditions and intent in first:
                message = f"Niat '{intent}' sudah dijawab aturan '{first[intent].name}' ({_place(first[intent])})."
                advice = "Sisakan satu; dua aturan untuk satu niat saling bertentangan."
                yield Finding(journey.file, journey.line, "aturan-bertentangan", message, advice)
            first.setdefault(intent, journey)
            answers = [step for step in journey.steps if step.kind == "action" and ANSWER in step.names]
            if answers and intent in content.intents and f"utter_{intent}" not in content.responses:
                message = f"Aturan ini mengucapkan 'utter_{intent}', tetapi jawaban itu tidak ada."
                advice = f"Tulis 'utter_{intent}' di domain.yml, bagian 'responses'."
                yield Finding(journey.file, answers[0].line, "jawaban-tak-ada", message, advice)
    for intent, line in content.intents.items():
        if intent not in first:
            message = f"Niat '{intent}' tidak punya aturan, jadi tidak pernah dijawab."
            yield Finding(
                DOMAIN, line, "niat-tanpa-aturan", message, "Tulis aturannya di data/rules, atau hapus niatnya."
            )


def _named_twice(content: Content) -> Findings:
    first: dict[tuple[bool, str], Journey] = {}
    for journey in content.journeys:
        earlier = first.setdefault((journey.is_rule, journey.name), journey)
        if earlier is not journey:
            message = f"Nama '{journey.name}' sudah dipakai di {_place(earlier)}."
            yield attention(journey.file, journey.line, "nama-kembar", message, "Beri nama lain, supaya mudah dicari.")
    for section in ("intents", "entities", "actions"):
        yield from _listed_twice(section, content)


def _listed_twice(section: str, content: Content) -> Findings:
    seen: set[str] = set()
    entries = content.domain.get(section)
    for entry in entries.entries() if entries else ():
        name = str(entry.data)
        if name in seen:
            yield Finding(
                DOMAIN, entry.line, "terdaftar-ganda", f"'{name}' terdaftar dua kali.", "Hapus salah satunya."
            )
        seen.add(name)


def _place(journey: Journey) -> str:
    return f"{journey.file}:{journey.line}"
