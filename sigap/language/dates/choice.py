"""Choosing the one date that a text means."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from sigap.language.dates.outcome import DAY, DateFound, Problem, Purpose

_REFUSED_BEFORE = re.compile(
    r"\b(bukan|bkn|bukannya|jangan|jgn|selain|kecuali|not|dudu|sanes|batal(in|kan)?"
    r"|(gak?|gk|g|tidak|tdk|nggak|ngga|enggak|tak|tra|kada|ora|ten) (bisa|bs|jadi|jd|mau|kawa|iso)|gabisa|gbs"
    r"|can ?t( make it)?"
    r"|doesn t work for me|berhalangan( hadir)?)[ :]*(di|pada|hari|yg|yang|on|kalau|kalo|the)?[ \W]{0,1}$",
    re.IGNORECASE,
)
_REFUSED_AFTER = re.compile(
    r"^\W*(itu |nya |saya |aku |sy |gue |kayaknya |ternyata )*"
    r"((gak?|gk|g|tidak|tdk|nggak|ngga|enggak|tak|tra) (bisa|bs|jadi|jd|sempat|sempet)|gabisa|gbs|salah"
    r"|penuh|batal|bentrok|libur|❌)",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"\b(eh|salah|maksud(nya| saya| sy)?|ralat|koreksi|(se)?harusnya|ganti|diganti|jadi(nya)?|sorry|maaf|tapi|tp"
    r"|melainkan|malah|mending"
    r"|typo|pindah|ubah|ke|menjadi|dados|to)\b[^\d]{0,25}$|(->|=>|→|➡\ufe0f?|✅)\s*$",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"^\W*(atau|ato|atw|or|utawa|dan|(kalau|kalo|klo) (ga|gak|g|nggak|tidak)( bisa)?)?\W*(hari |tgl |tanggal )?\W*$",
    re.IGNORECASE,
)


def choose(text: str, today: date, purpose: Purpose, scanned: list[tuple[DateFound, bool]]) -> DateFound:
    """The date among the expressions found, each with whether it is weak; see `read_date`."""
    wanted, said_until = [], 0
    for found, weak in scanned:
        before = text[max(found.start - 40, said_until) : found.start]
        refused_after = _REFUSED_AFTER.search(text[found.end : found.end + 40])
        if not refused_after and not _REFUSED_BEFORE.search(before):
            wanted.append((found, weak))
        # In "besok ga bisa lusa aja" the refusal belongs to "besok" alone.
        said_until = found.end + (refused_after.end() if refused_after else 0)
    strong = [found for found, weak in wanted if not weak] or [found for found, _ in wanted]
    if not strong:
        return DateFound(None, None, Problem.NOT_A_DATE, 0, 0)
    candidates = _likely(strong, today, purpose)
    if len(candidates) == 1:
        return candidates[0]
    corrections = [found for before, found in pairwise(candidates) if _CORRECTS.search(text[before.end : found.start])]
    if corrections:
        return corrections[-1]
    if joined := _joined(text, candidates):
        return joined
    if inner := _inner(candidates):
        return inner
    return DateFound(None, None, Problem.AMBIGUOUS, candidates[0].start, candidates[-1].end)


def _likely(found: list[DateFound], today: date, purpose: Purpose) -> list[DateFound]:
    """Without what cannot be meant where something else can: for an arrival, days long past; for a birth, no dates."""
    if purpose is Purpose.BIRTH:
        return [one for one in found if one.first] or found[:1]
    ahead = [one for one in found if one.first is None or one.last is None or one.last >= today]
    return ahead or found


def _joined(text: str, found: list[DateFound]) -> DateFound | None:
    """Neighbouring days offered as a choice ("kamis atau jumat") as one range."""
    for before, after in pairwise(found):
        if before.last is None or after.first is None or not _CHOICE.match(text[before.end : after.start]):
            return None
        if after.first - before.last != DAY:
            return None
    return DateFound(found[0].first, found[-1].last, None, found[0].start, found[-1].end)


def _inner(found: list[DateFound]) -> DateFound | None:
    """The narrowest date, when it lies in all the others: "desember, tanggal 10 deh"; the first of equal ones."""
    dated = [(one.last - one.first, one) for one in found if one.first and one.last]
    if len(dated) < len(found):
        return None
    _, narrow = min(dated, key=lambda pair: pair[0])
    inside = all(
        one.first
        and one.last
        and narrow.first
        and narrow.last
        and one.first <= narrow.first
        and narrow.last <= one.last
        for one in found
    )
    return narrow if inside else None
