"""Splitting a message into tokens without losing where each one stood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Letters may be joined by a hyphen or an apostrophe (e-paspor, jum'at); digits by the signs found in dates, hours and
# amounts (07/08/2026, 9.30, 650.000). Everything else stands alone, so "ktp/kk" and "pagi.mau" fall apart.
# A "2" glued to a word repeats it (anak2, masing2nya), unless the word announces a number (tgl2, ber2).
_TOKEN = re.compile(
    r"(?P<word>(?i:tanggal|tgl|tg|jam|pukul|pkl|ber|no|nomor|umur|usia|kelas|ke|hari|se)(?=\d)"
    r"|[^\W\d_]+(?:[-'’‘`][^\W\d_]+)*(?:2(?![\d.,:/])(?:an|nya)?)?)"
    r"|(?P<number>\d+(?:[.,:/-]\d+)*)"
    r"|(?P<sign>\S)"
)
# A message may be up to 4,096 characters on WhatsApp; what is longer comes from no person and is read only so far.
MAX_READ = 4096


@dataclass(frozen=True)
class Token:
    """One token of a message.

    `text` is the token as typed; `start` and `end` are character offsets into the message; `kind` is "word",
    "number" or "sign".
    """

    text: str
    start: int
    end: int
    kind: str


def clean(message: str) -> str:
    """The message with unreadable characters replaced one for one, so that offsets stay true.

    Control and format characters (zero-width joiners, direction marks) become spaces; lone surrogates, which cannot be
    encoded as UTF-8 and break every store, become U+FFFD.
    """
    if message.isascii() and message.isprintable():
        return message
    return "".join(_readable(char) for char in message)


def _readable(char: str) -> str:
    if char.isascii():
        return char if char >= " " and char != "\x7f" else " "
    category = unicodedata.category(char)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    return " " if category in {"Cc", "Cf", "Zl", "Zp", "Zs"} else char


def tokens(message: str) -> list[Token]:
    """Tokens of the first `MAX_READ` characters of a message, in order."""
    return [
        Token(match.group(), match.start(), match.end(), match.lastgroup or "sign")
        for match in _TOKEN.finditer(clean(message[:MAX_READ]))
    ]


def fold(token: str) -> str:
    """Lower case, compatibility forms resolved (ｐａｓｐｏｒ, 𝗽𝗮𝘀𝗽𝗼𝗿 -> paspor), accents dropped.

    One word stays one word (ﷺ resolves to four); a mere accent folds to nothing.
    """
    if token.isascii():
        return token.lower()
    decomposed = unicodedata.normalize("NFKD", token)
    return "".join(char for char in decomposed if not unicodedata.combining(char) and not char.isspace()).lower()
