"""Reads how many applicants a message speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sigap.language.pieces import Piece, at, number, pieces, spoken, words

_MOST = 200
_PEOPLE = words(
    "orang org orag orng ornag oramg orangan wong urang tiyang jiwa pemohon applicant applicants people person "
    "persons pax jemaah jamaah jmaah jemaat karyawan pegawai staff staf peserta kru murid siswa mahasiswa santri "
    "bersaudara tki pmi peoples kepala anggota uwong oran orangg kursi seat"
)
_TOGETHER = words("ber be ba")
_TOGETHER_STEMS = {
    "dua": 2,
    "tiga": 3,
    "empat": 4,
    "lima": 5,
    "enam": 6,
    "tujuh": 7,
    "delapan": 8,
    "sembilan": 9,
    "sepuluh": 10,
    "sebelas": 11,
    "duo": 2,
    "tigo": 3,
    "ampek": 4,
    "limo": 5,
    "anam": 6,
    "tujuah": 7,
}
_TOGETHER_WORDS = {
    prefix + stem + ending: value
    for stem, value in _TOGETHER_STEMS.items()
    for prefix in ("ber", "be", "ba")
    for ending in ("", "an", stem[-1])
} | {
    "berdau": 2,
    "bdua": 2,
    "brdua": 2,
    "btiga": 3,
    "brtiga": 3,
    "brempat": 4,
    "brlima": 5,
    "duaan": 2,
    "duaka": 2,
    "tiluan": 3,
    "duaorang": 2,
    "tigaorang": 3,
    "couple": 2,
    "pasutri": 2,
    "opatan": 4,
    "limaan": 5,
}
_ALONE = words("sendiri sendirian sndiri sndirian dewekan sorangan sendirii dewean alone myself ijen")
_SELF = words("saya sy aku ak gue gw gua ane kulo abdi ambo beta i me aye")
_WITH = words("dan dn sama sm ama n and dengan dgn karo sareng jeung bareng with plus beserta serta + & bersama")
_RELATIVES = words(
    "istri istriku bini suami suamiku ssuami laki ibu ibuku bapak ayah mama papa mamah emak nyokap bokap adik "
    "adek adikku kakak kakakku anak anakku pacar pacarku teman temen tunangan wife husband hubby bojo bojoku mom "
    "dad mother father sister brother son daughter kurenan nenek kakek mertua ponakan keponakan sepupu calon "
    "istrinya suaminya oma opa adekku kk adk"
)
_CHILDREN = words("anak ank anka kids kid children balita bayi bocil toddlers")
_PARTNERS = (
    ("suami", "istri"),
    ("istri", "suami"),
    ("husband", "wife"),
    ("ayah", "ibu"),
    ("bapak", "ibu"),
    ("papa", "mama"),
)
# "umur 7", "kelas 3", "jam 2": the number tells something else.
_OTHER_BEFORE = words("umur usia jam jm pukul pkl tanggal tgl kelas no nomor nmr rp ke tahun thn")
_SAYS_NUMBER = words(
    "jumlah jml total totalnya berjumlah jumlahnya sejumlah sebanyak rombongan rmbongan rombonganku pemohonnya"
)
_NOT_PEOPLE = words(
    "ribu rb juta jt rupiah hari hr bulan bln tahun thn jam menit minggu kali lembar halaman kg km ratus biaya rp "
    "jadwal tanggal bayar pembayaran berkas dokumen kuota slot persen"
)
# "beli tiket sendiri", "datang sendiri-sendiri" and "antri sendiri" also end in the word, so it counts only like this.
_ALONE_BEFORE = words(
    "cuma cuman hanya saya sy aku gue buat untuk utk datang dtg sendiri pemohon orang daftar just by aja"
)
_NOBODY_ELSE = words("saja aja doang sj aj tok thok")


@dataclass(frozen=True)
class CountFound:
    """A number of applicants with its span in the text as typed."""

    value: int
    start: int
    end: int


def find_counts(text: str) -> list[CountFound]:
    """All numbers of applicants in a message, in order. Ages, dates, hours and prices are none."""
    row = pieces(text)
    found: list[CountFound] = []
    index = 0
    while index < len(row):
        read = next((read for rule in _RULES if (read := rule(row, index))), None)
        if read is None or not 1 <= read[0] <= _MOST:
            index += 1
            continue
        found.append(CountFound(read[0], row[index].start, row[read[1] - 1].end))
        index = read[1]
    return found


_Read = tuple[int, int] | None
"""The count and the index of the piece after it."""


def _family(row: Sequence[Piece], index: int) -> _Read:
    """ "sekeluarga berlima", "sekeluarga 5 orang", "keluarga 4", "family of four", "rombongan 30"."""
    word = at(row, index).word
    if word in {"family", "group", "party"} and at(row, index + 1).word == "of":
        said = number(row, index + 2)
        return said if said and at(row, said[1]).word not in _NOT_PEOPLE else None
    if word in {"sekeluarga", "sklrga", "sekeluargaa", "skeluarga"}:
        return _together(row, index + 1) or _people(row, index + 1)
    if word not in _SAYS_NUMBER:
        return None
    position = index + 1
    while at(row, position).word in {":", "pemohon", "orang", "org", "nya", "=", "ada"}:
        position += 1
    said = number(row, position)
    if not said or at(row, said[1]).word in _NOT_PEOPLE or _continued(row, said[1]):
        return None
    return said[0], said[1] + (at(row, said[1]).word in _PEOPLE)


def _together(row: Sequence[Piece], index: int) -> _Read:
    """ "berdua", "ber3", "ber 4", "berlima belas", "kami bertujuh"."""
    word = at(row, index).word
    if word in _TOGETHER:
        value = at(row, index + 1).value
        glued = at(row, index).end == at(row, index + 1).start
        fits = value is not None and value >= 2 and (glued or word == "ber") and not _continued(row, index + 2)
        return (value or 0, index + 2 + (at(row, index + 2).word == "an")) if fits else None
    if word not in _TOGETHER_WORDS:
        return None
    value = _TOGETHER_WORDS[word]
    scale = at(row, index + 1).word
    if scale == "belas":
        return value + 10, index + 2
    if scale == "puluh":
        more = spoken(row, index + 2)
        unit = more if more and more[0] < 10 else (0, index + 2)
        return value * 10 + unit[0], unit[1]
    return value, index + 1


def _people(row: Sequence[Piece], index: int) -> _Read:
    """ "4 orang", "dua orang", "40an orang", "3 applicants", "wong loro", "empat anggota keluarga"."""
    if at(row, index).word in {"wong", "tiyang"}:
        said = spoken(row, index + 1)
        numbered = said and at(row, index + 1).word != "ten" and at(row, said[1]).word not in _NOT_PEOPLE
        return said if numbered else None
    said = number(row, index)
    before = at(row, index - 1)
    if (
        not said
        or before.word in _OTHER_BEFORE
        or (before.end == at(row, index).start and before.word in {".", ",", "/", ":"})
    ):
        return None
    value, after = said
    # "ke-2 orang" and "dua sampai tiga orang": the last number counts.
    if at(row, after).word == "an":
        after += 1
    after += at(row, after).word == "calon"
    if at(row, after).word not in _PEOPLE:
        return None
    if at(row, after).word == "anggota" and at(row, after + 1).word in {"keluarga", "kel"}:
        return value, after + 2
    if at(row, after).word == "orang" and at(row, after + 1).word in {"tua", "lain"}:
        return None
    return value, after + 1


def _couple(row: Sequence[Piece], index: int) -> _Read:
    """ "suami istri dan 2 anak" (4), "suami istri" (2)."""
    pair = at(row, index).word, at(row, index + 1).word
    after = index + 2
    if pair not in _PARTNERS and at(row, index + 1).word in _WITH | {"-", "/"}:
        pair, after = (at(row, index).word, at(row, index + 2).word), index + 3
    if pair not in _PARTNERS:
        return None
    children = _children(row, after)
    if children:
        return 2 + children[0], children[1]
    said = _together(row, after) or _people(row, after)
    # A couple named as such are two; "bapak ibu" alone is how officers are addressed.
    married = {"suami", "istri", "husband", "wife"} & set(pair)
    return said or ((2, after) if married else None)


def _children(row: Sequence[Piece], index: int) -> _Read:
    position = index + (at(row, index).word in _WITH | {","})
    if at(row, position).word in _WITH:
        position += 1
    said = number(row, position)
    if said and at(row, said[1]).word in _CHILDREN:
        return said[0], said[1] + 1
    if position > index and at(row, position).word in _CHILDREN:
        return 1, position + 1
    return None


def _me_and(row: Sequence[Piece], index: int) -> _Read:
    """ "saya dan istri" (2), "saya sama istri dan 2 anak" (4), "saya saja" (1)."""
    word, after = at(row, index).word, index + 1
    if word not in _SELF:
        return None
    if at(row, after).word in _NOBODY_ELSE:
        return 1, after + 1
    if at(row, after).word in _ALONE:
        return 1, after + 1 + (at(row, after + 1).word in _NOBODY_ELSE)
    if at(row, after).word not in _WITH:
        return None
    count, position, joined = 1, after, False
    while at(row, position).word in _WITH | ({","} if joined else set()):
        nxt = position + 1
        while at(row, nxt).word in {"my", "calon"}:
            nxt += 1
        said = number(row, nxt)
        if said and at(row, said[1]).word in _CHILDREN | _RELATIVES:
            count, position, joined = count + said[0], said[1] + 1, True
        elif at(row, nxt).word in _RELATIVES:
            count, position, joined = count + 1, nxt + 1, True
        else:
            break
        if at(row, position).word in {"saya", "sy", "aku", "gue"}:
            position += 1
    if not joined:
        return None
    # "saya dan istri berdua": the total said outright counts.
    behind = position + (at(row, position).word in {",", "jadi"})
    total = _together(row, behind) or _people(row, behind)
    return total or (count, position)


def _only_one(row: Sequence[Piece], index: int) -> _Read:
    """ "sendiri", "sendirian" said of oneself, not "buka sendiri-sendiri" or "bayar sendiri"."""
    word = at(row, index).word
    if word not in _ALONE or at(row, index + 1).word in {"-", "2"}:
        return None
    before = at(row, index - 1).word
    clear = word in {"sendirian", "sndirian", "dewekan", "sorangan", "ijen", "dewean"} or before in _ALONE_BEFORE
    whole = len(row) <= 3
    return (1, index + 1) if clear or whole else None


def _continued(row: Sequence[Piece], index: int) -> bool:
    """Whether the number before `index` goes on: 4/8, 3.5."""
    sign, beyond = at(row, index), at(row, index + 1)
    return sign.word in {".", ",", "/", ":"} and sign.start == at(row, index - 1).end and beyond.value is not None


_RULES = (_family, _together, _couple, _me_and, _people, _only_one)
