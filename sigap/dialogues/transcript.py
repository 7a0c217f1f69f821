"""A played dialogue as text: who said what, and where it went wrong."""

from __future__ import annotations

from collections.abc import Iterator

from sigap.dialogues.played import Heard, Played, Turn
from sigap.dialogues.script import Dialogue

_LONGEST = 300
_CHANGES = {"waktu": "waktu", "gangguan": "gangguan", "pulih": "pulih", "siapkan": "keadaan"}


def transcript(played: Played) -> str:
    """The whole dialogue in Indonesian; the first wrong turn is marked with ">>" and says why it is wrong."""
    dialogue = played.dialogue
    lines = [f"GAGAL {dialogue.id} (kanal {played.channel})", f"      {place(played)}"]
    if dialogue.prepared:
        lines.append(f"      keadaan: {', '.join(name for name, _ in dialogue.prepared)}")
    for turn in played.turns:
        lines += ["", *_turn(dialogue, turn)]
    return "\n".join(lines)


def place(played: Played) -> str:
    """ "file:line" of the first wrong turn, or of the dialogue."""
    line = played.failed.step.line if played.failed else played.dialogue.line
    return f"{played.dialogue.file}:{line}"


def reasons(played: Played) -> str:
    """Why the first wrong turn is wrong."""
    return "; ".join(played.failed.problems) if played.failed else ""


def _turn(dialogue: Dialogue, turn: Turn) -> Iterator[str]:
    mark = ">>" if turn.problems else "  "
    time = f"{turn.at:%d-%m %H.%M}"
    if turn.step.kind in _CHANGES:
        yield f"{mark} {time}  ({_CHANGES[turn.step.kind]}: {turn.step.value})"
    else:
        verb = {"kata": "", "tekan": "menekan tombol ", "kirim": "mengirim "}[turn.step.kind]
        yield f"{mark} {time}  Pemohon: {verb}{_shortened(turn.step.value)}"
    if turn.heard:
        yield from _answer(turn.heard)
    for problem in turn.problems:
        yield f">>              SALAH: {problem}"
    if turn.problems:
        yield f">>              {dialogue.file}:{turn.step.line}"


def _answer(heard: Heard) -> Iterator[str]:
    entities = "".join(f", {name}={value}" for name, value in heard.entities)
    understood = f"{heard.intent} {heard.confidence:.0%}{entities}" if heard.intent else "dijawab oleh kanal"
    yield f"                [{understood}] {', '.join(heard.responses)}"
    for bubble in heard.bubbles:
        first, *rest = bubble.text.splitlines() or [""]
        yield f"                SIGAP: {first}"
        yield from (f"                       {line}" for line in rest)
        if bubble.buttons:
            yield f"                       {' '.join(f'[{button.title}]' for button in bubble.buttons)}"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} huruf)"
