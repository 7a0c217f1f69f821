"""A dialogue is played against the real thing, and what is wrong is found and told."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from sigap.cli import main
from sigap.dialogues import coverage, reports
from sigap.dialogues.played import Played
from sigap.dialogues.runner import select, worthwhile_workers
from sigap.dialogues.transcript import transcript

pytestmark = pytest.mark.model

Play = Callable[[str], Played]


def dialogue(*steps: str, before: str = "") -> str:
    return f"- nama: Coba\n{before}  langkah:\n" + "".join(f"    - {step}\n" for step in steps)


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ('{kata: "cek status", niat: biaya_paspor}', "niat terbaca cek_status"),
        ('{kata: "syarat paspor anak", entitas: {kelompok_pemohon: bayi}}', "'anak', seharusnya 'bayi'"),
        ('{kata: "cek status", jawaban: utter_sapa}', "seharusnya utter_sapa"),
        ('{kata: "cek status", jawaban_tanpa: utter_tanya_status_nomor}', "tidak boleh keluar"),
        ('{kata: "cek status", jawab_memuat: ["pisang"]}', "tidak memuat 'pisang'"),
        ('{kata: "cek status", jawab_tanpa: ["nomor"]}', "memuat 'nomor', padahal"),
        ('{kata: "menu", tombol: ["Pisang"]}', "tombol 'Pisang' tidak ada"),
        ('{kata: "menu", tombol_tanpa: ["Cek status"]}', "tombol 'Cek status' tidak boleh"),
        ('{kata: "cek status 1179000000012345", slot: {status_nomor: null}}', "slot status_nomor berisi 'ada'"),
        ('{kata: "cek status", formulir: tidak ada}', "formulir yang terbuka: status_form"),
        ('{kata: "cek status", ditanya: status_lahir}', "yang ditanyakan status_nomor"),
        ('{kata: "cek status", data: [{tabel: pengaduan}]}', "tabel pengaduan seharusnya berisi sedikitnya satu baris"),
        ('{tekan: "Pisang"}', "tombol 'Pisang' tidak ditawarkan"),
        ('{kirim: stiker}', "tidak dapat dikirim 'stiker'"),
    ],
)  # fmt: skip
def test_each_kind_of_wrong_answer_is_found_and_told(play: Play, step: str, why: str) -> None:
    played = play(dialogue(step))
    assert played.wrong is not None
    assert why in "; ".join(played.wrong.problems)


def test_what_the_applicant_must_never_read_is_found_without_being_asked_for(play: Play) -> None:
    secret = play(dialogue('kata: "biaya paspor"', before='  rahasia: ["PP 45/2024"]\n'))
    assert secret.wrong is not None
    assert "yang rahasia ditampilkan: PP 45/2024" in secret.wrong.problems


def test_the_transcript_shows_the_whole_dialogue_and_marks_the_first_wrong_turn(play: Play) -> None:
    played = play(dialogue('kata: "halo"', '{kata: "cek status", jawab_memuat: ["pisang"]}', 'kata: "tidak sampai"'))
    text = transcript(played)
    assert [line for line in text.splitlines() if line.startswith(">> ")] == [
        ">> 22-11 10.00  Pemohon: cek status",
        ">>              SALAH: tidak memuat 'pisang'",
        f">>              {played.dialogue.file}:4",
    ]
    assert "Pemohon: halo" in text
    assert "[cek_status" in text
    assert "tidak sampai" not in text


def test_a_known_defect_is_shown_and_is_no_failure(play: Play) -> None:
    played = play(dialogue('{kata: "halo", jawaban: utter_pamit}', before='  belum: "cacat yang diketahui"\n'))
    assert (played.failed, played.pending) == (False, True)
    assert transcript(played).startswith("BELUM")
    assert "skipped" in reports.junit([played])


def test_time_passes_for_the_model_for_the_services_and_for_rasa(play: Play) -> None:
    played = play(
        dialogue(
            '{kata: "cek status 1179000000012345", ditanya: status_lahir}',
            'waktu: "+30 menit"',
            '{kata: "syarat paspor anak", formulir: status_form}',
            'waktu: "besok 09:00"',
            '{kata: "kalau wawancara besok kapan selesai", formulir: tidak ada, jawab_memuat: ["25 November 2026"]}',
            before='  mulai: "2026-11-23 08:00"\n',
        )
    )
    assert played.wrong is None, transcript(played)


def test_one_dialogue_knows_nothing_of_another(play: Play) -> None:
    first = play(dialogue('{kata: "mau bicara petugas", data: [{tabel: permintaan_petugas, jumlah: 1}]}'))
    second = play(dialogue('{kata: "halo", data: [{tabel: permintaan_petugas, jumlah: 0}]}'))
    assert (first.wrong, second.wrong) == (None, None)


def test_faults_are_real_and_end(play: Play) -> None:
    played = play(
        dialogue(
            "gangguan: basis data mati",
            '{kata: "mau bicara petugas", jawaban: utter_gangguan}',
            "pulih: basis data mati",
            "gangguan: server tindakan mati",
            '{kata: "biaya paspor", jawaban: utter_gangguan_sistem}',
            "pulih: server tindakan mati",
            '{kata: "mau bicara petugas", jawaban: utter_minta_petugas_libur}',
        )
    )
    assert played.wrong is None, transcript(played)


def test_a_fault_that_is_still_going_on_ends_with_its_dialogue(play: Play) -> None:
    broken = play(dialogue("gangguan: server tindakan galat", '{kata: "halo", jawaban: utter_gangguan_sistem}'))
    after = play(dialogue('{kata: "halo", jawaban: utter_sapa}'))
    assert (broken.wrong, after.wrong) == (None, None)


def test_the_reports_hold_every_dialogue_and_the_reason(play: Play) -> None:
    results = [play(dialogue('{kata: "halo", jawab_memuat: ["<b>"]}')), play(dialogue('kata: "halo"'))]
    parts = coverage.coverage(played.met for played in results)
    page = reports.html(results, parts)
    assert "tidak memuat &#39;&lt;b&gt;&#39;" in page
    assert "2 dialog, 2 giliran: 1 benar, 1 gagal, 0 belum" in page
    assert "src=" not in page
    assert "<link" not in page
    root = ElementTree.fromstring(reports.junit(results))
    assert [case.find("failure") is not None for case in root.iter("testcase")] == [True, False]


def test_coverage_names_what_was_never_met(play: Play) -> None:
    met = [play(dialogue('kata: "cek status 1179000000012345"', 'kata: "17-08-1990"')).met]
    parts = {part.title: part for part in coverage.coverage(met)}
    assert "Status permohonan (mulai)" not in parts["aturan"].missed
    assert "Status permohonan (selesai)" not in parts["aturan"].missed
    assert "Membalas sapa" in parts["aturan"].missed
    assert "utter_status" not in parts["jawaban"].missed
    assert "utter_sapa" in parts["jawaban"].missed
    assert "status_lahir" not in parts["isian formulir (ditanyakan)"].missed
    assert "action_tampilkan_status" not in parts["tindakan"].missed


def test_dialogues_are_chosen_by_words_and_by_channel(write: Callable[[str], Path]) -> None:
    file = write("- nama: Status NIK\n  langkah: [{kata: a}]\n- nama: Biaya\n  kanal: [web]\n  langkah: [{kata: a}]\n")
    assert [one.name for one in select([file], "nik status", None).dialogues] == ["Status NIK"]
    assert len(select([file], None, "web").dialogues) == 2


def test_a_handful_of_dialogues_is_not_worth_a_second_process() -> None:
    assert worthwhile_workers(5) == 1


def test_the_command_prints_failures_and_ends_with_their_exit_code(
    write: Callable[[str], Path], tmp_path: Path
) -> None:
    file = write(dialogue('{kata: "halo", jawaban: utter_pamit}'))
    told = CliRunner().invoke(main, ["test", str(file), "--coverage", "--html", str(tmp_path / "r.html")])
    assert told.exit_code == 1
    assert "GAGAL" in told.output
    assert "1 dialog, 1 giliran: 0 benar, 1 gagal." in told.output
    assert "jawaban: " in told.output
    assert (tmp_path / "r.html").exists()


def test_a_mistake_in_a_file_is_told_by_the_command_before_anything_is_loaded(write: Callable[[str], Path]) -> None:
    told = CliRunner().invoke(main, ["test", str(write("- nama: A\n  lagkah: []\n"))])
    assert told.exit_code == 1
    assert "Mungkin maksudnya 'langkah'?" in told.output
