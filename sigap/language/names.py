"""Reading a person's name from an answer, and finding names in a message."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

_INTRODUCTION = re.compile(
    r"^[\W_]*(?:(?:kak|min|pak|bu)\b[\W_]*)?"
    r"(?:(?:nama|namaku|nm|nma|atas\s+nama|a[./]?\s?n\.?|namanya|(?:my\s+)?name)\b"
    r"(?:\s+(?:lengkap|saya|sy|aku|pemohon|nya|anak|istri|suami|adalah|is)\b)*"
    r"|(?:saya|sy|aku|gue|gw)\b(?:\s+adalah)?)?[\s:=-]*"
    # Who it is ("kakaknya", "anak saya", "yang pertama"); without "-nya" or "saya" it may be a name: Anak Agung.
    r"(?:(?:kakak|adik|adek|anak|istri|suami|ibu|bapak|ayah|mama|papa)(?:nya|ku|\s+(?:saya|sy|aku|gue|gw))\b[\s:=-]*"
    r"|yang\s+(?:pertama|kedua|ketiga|keempat|kelima)\b[\s:=-]*)?",
    re.IGNORECASE,
)
_STOP = re.compile(r"[,;#\n\d]|\b(?:nik|lahir|ttl|tgl|tanggal|no|nomor|umur|usia|dan|kak|min|pak|bu)\b", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+){0,5}\.?")
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_LONGEST = 60
# Answers that look like names but are not.
_NOT_NAMES = frozenset(
    "ya iya iye yes ok oke okay tidak gak ga nggak enggak tdk bukan batal stop menu halo hai hallo hello lanjut "
    "lanjutkan siap sip baik boleh terima makasih mau ingin tanya bisa belum sudah dulu dong tunggu sebentar maaf "
    "tolong bingung lupa apa kenapa kapan dimana bagaimana berapa siapa kok untuk paspor imigrasi".split()
)
# What stands in front of a name given as data. "a.n." and "an." abbreviate "atas nama" (in the name of).
_CUE = re.compile(
    r"\b(?:atas\s+(?:nama|nm|nma)\b|a\.\s?n\.?|an\.|a/n\b|an(?=\s+(?-i:[A-Z]))"
    r"|(?:nama|nm|nma)(?:nya|ny|ku|e)?\b"
    r"(?:\s+(?:lengkap|saya|sy|aku|gue|gw|pemohon|anak|istri|suami|ibu|bapak|cuma|hanya)\b)*)"
    r"\s*(?:adalah\b|itu\b|[:=-])?\s*",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:['’-][^\W\d_]+)*\.?")
_PARTICLES = frozenset({"bin", "binti", "van", "de", "al", "el"})
_MOST_WORDS = 5
_SHORTEST = 3


@dataclass(frozen=True)
class NameFound:
    """A name given as data, as typed, with its span in the message."""

    text: str
    start: int
    end: int


def find_names(text: str, known: Container[str] = frozenset()) -> list[NameFound]:
    """Names after "nama saya", "atas nama", "a.n." and the like.

    A name written with capitals ends at the first word without; one written without ends at the first word that is
    `known` as an ordinary one.
    """
    found = []
    for cue in _CUE.finditer(text):
        words = _name_words(text, cue.end(), known)
        if words:
            start, end = words[0].start(), words[-1].end()
            # A full stop ends the sentence, unless it abbreviates ("Siti A.").
            end -= text[end - 1] == "." and len(words[-1].group()) > _SHORTEST
            found.append(NameFound(text[start:end], start, end))
    return found


def _name_words(text: str, position: int, known: Container[str]) -> list[re.Match[str]]:
    words: list[re.Match[str]] = []
    capital = text[position : position + 1].isupper()
    while len(words) < _MOST_WORDS and (word := _NAME_WORD.match(text, position)):
        low = word.group().lower()
        ordinary = not word.group()[0].isupper() if capital else len(low) < _SHORTEST or low in known
        if low not in _PARTICLES and (ordinary or low in _NOT_NAMES or _STOP.match(word.group())):
            break
        words.append(word)
        position = word.end()
        if not text.startswith(" ", position):
            break
        position += 1
    return words


def read_name(text: str) -> str | None:
    """The name in an answer to "whose name?", tidied ("nama saya  BUDI santoso" -> "Budi Santoso"), or None."""
    answer = _INTRODUCTION.sub("", text.strip(), count=1)
    if stop := _STOP.search(answer):
        answer = answer[: stop.start()]
    match = _NAME.fullmatch(_AROUND.sub("", answer))
    if not match or len(match.group()) > _LONGEST or len(match.group()) < 2:
        return None
    # Raised figures and fractions (²) count as letters for regular expressions.
    if not all(char.isalpha() or char in " .'’-" for char in match.group()):
        return None
    words = match.group().split()
    if any(word.lower() in _NOT_NAMES for word in words):
        return None
    return " ".join(
        word if word[1:] != word[1:].lower() and not word.isupper() else word.capitalize() for word in words
    )
