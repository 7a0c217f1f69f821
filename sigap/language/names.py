"""Reading a person's name from an answer."""

from __future__ import annotations

import re

_INTRODUCTION = re.compile(
    r"^[\W_]*(?:(?:kak|min|pak|bu)\b[\W_]*)?"
    r"(?:(?:nama|namaku|nm|nma|atas\s+nama|a[./]?\s?n\.?|namanya|(?:my\s+)?name)\b"
    r"(?:\s+(?:lengkap|saya|sy|aku|pemohon|nya|anak|istri|suami|adalah|is)\b)*"
    r"|(?:saya|sy|aku|gue|gw)\b(?:\s+adalah)?)?[\s:=-]*",
    re.IGNORECASE,
)
_STOP = re.compile(r"[,;#\n\d]|\b(?:nik|lahir|ttl|tgl|tanggal|no|nomor|umur|usia|dan|kak|min|pak|bu)\b", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+){0,5}\.?")
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_LONGEST = 60
# Answers that look like names but are not.
_NOT_NAMES = frozenset(
    [
        "ya",
        "iya",
        "iye",
        "yes",
        "ok",
        "oke",
        "okay",
        "tidak",
        "gak",
        "ga",
        "nggak",
        "enggak",
        "tdk",
        "bukan",
        "batal",
        "stop",
        "menu",
        "halo",
        "hai",
        "hallo",
        "hello",
        "lanjut",
        "lanjutkan",
        "siap",
        "sip",
        "baik",
        "boleh",
        "terima",
        "makasih",
        "mau",
        "ingin",
        "tanya",
        "bisa",
        "belum",
        "sudah",
        "dulu",
        "dong",
        "tunggu",
        "sebentar",
        "maaf",
        "tolong",
        "bingung",
        "lupa",
        "apa",
        "kenapa",
        "kapan",
        "dimana",
        "bagaimana",
        "berapa",
        "siapa",
        "kok",
        "untuk",
        "paspor",
        "imigrasi",
    ]
)


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
