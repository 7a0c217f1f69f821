"""Words by which applicants show what they are doing with a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

Phrases = tuple[str, ...]


@dataclass(frozen=True)
class Cues:
    """The editors' cue words (`data/bahasa/isyarat.yml`): phrases of standard words.

    `parts` are those for each part of an applicant's data, `kinds` for each kind of application (`kinds_in_passing` in
    a longer wish), `collectors` for whoever collects a passport, `complaints` for each category of complaints,
    `subjects` for what a question of a form asks for.
    """

    correction: Phrases
    birth: Phrases
    visit: Phrases
    more: Phrases
    applicant: Phrases
    priority: Phrases
    code: Phrases
    take_offer: Phrases
    skip_offer: Phrases
    leave_list: Phrases
    see_list: Phrases
    any_day: Phrases
    place_wanted: Phrases
    asking: Phrases
    also_names: Phrases
    erasure: Phrases
    erasable: Phrases
    erasure_confirmed: Phrases
    erasure_all: Phrases
    original_or_copy: Phrases
    legalised: Phrases
    wonders: Phrases
    proxy: Phrases
    stop: Phrases
    may: Phrases
    may_not: Phrases
    contact_wanted: Phrases
    contact_unwanted: Phrases
    announces_praise: Phrases
    travel_letter: Phrases
    free: Phrases
    express: Phrases
    english: Phrases
    collectors: Mapping[str, Phrases]
    parts: Mapping[str, Phrases]
    kinds: Mapping[str, Phrases]
    kinds_in_passing: Mapping[str, Phrases]
    complaints: Mapping[str, Phrases]
    subjects: Mapping[str, Phrases]

    @classmethod
    def load(cls, path: Path) -> Cues:
        """Read isyarat.yml. Raises `KeyError` naming a list that is missing."""
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        lists = _phrases(content["isyarat"])
        return cls(
            correction=lists["ralat"],
            birth=lists["lahir"],
            visit=lists["kunjungan"],
            more=lists["lainnya"],
            applicant=lists["data_pemohon"],
            priority=lists["prioritas"],
            code=lists["kode"],
            take_offer=lists["ambil_tawaran"],
            skip_offer=lists["lewatkan_tawaran"],
            leave_list=lists["keluar_tunggu"],
            see_list=lists["lihat_tunggu"],
            any_day=lists["hari_apa_saja"],
            place_wanted=lists["minta_tempat"],
            asking=lists["bertanya"],
            also_names=lists["juga_nama"],
            erasure=lists["hapus"],
            erasable=lists["hapus_apa"],
            erasure_confirmed=lists["hapus_data_ya"],
            erasure_all=lists["hapus_selebihnya"],
            original_or_copy=lists["asli_salinan"],
            legalised=lists["legalisasi"],
            wonders=lists["tentang_isian"],
            proxy=lists["diwakilkan"],
            stop=lists["berhenti"],
            may=lists["boleh"],
            may_not=lists["jangan"],
            contact_wanted=lists["boleh_dihubungi"],
            contact_unwanted=lists["jangan_dihubungi"],
            announces_praise=lists["akan_memuji"],
            travel_letter=lists["splp"],
            free=lists["gratis"],
            express=lists["percepatan"],
            english=lists["inggris"],
            collectors=_phrases(content["pengambil"]),
            parts=_phrases(content["bagian_pemohon"]),
            kinds=_phrases(content["jenis_permohonan"]),
            kinds_in_passing=_phrases(content["jenis_dalam_kalimat"]),
            complaints=_phrases(content["pengaduan"]),
            subjects=_phrases(content["hal_isian"]),
        )


def _phrases(lists: Mapping[str, Iterable[object]]) -> dict[str, Phrases]:
    return {name: tuple(map(str, phrases)) for name, phrases in lists.items()}


@lru_cache(maxsize=4)
def cues(folder: Path) -> Cues:
    """The cues in `folder` (data/bahasa), read once per process."""
    return Cues.load(folder / "isyarat.yml")
