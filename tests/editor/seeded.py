"""Content spoilt in small ways, each with the finding that must follow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

NLU, STATUS, BUTTONS = "data/nlu/informasi.yml", "data/nlu/status.yml", "data/nlu/tombol.yml"
DOMAIN, RULES, OUTSIDE = "domain.yml", "data/rules/informasi.yml", "data/rules/luar.yml"
FACTS, FEES, HOLIDAYS = "data/knowledge/fakta.yml", "data/knowledge/tarif.yml", "data/knowledge/libur.yml"
OFFICES, REQUIREMENTS = "data/knowledge/kantor.yml", "data/knowledge/persyaratan.yml"
TROUBLES = "data/knowledge/bantuan_aplikasi.yml"
LEXICON, IDEAS, NAMES = "data/bahasa/leksikon.yml", "data/bahasa/konsep.yml", "data/bahasa/niat.yml"
DIALOGUES, MEASURED = "tests/conversations/bahagia/informasi.yml", "tests/nlu/informasi.yml"


@dataclass(frozen=True)
class Mistake:
    """A small edit: the first `old` of the file becomes `new`.

    The finding stands on the first line that holds `at` (default: `new`) below the line that holds `below`.
    """

    kind: str
    file: str
    old: str
    new: str
    at: str = ""
    below: str = ""

    def make(self, root: Path) -> None:
        path = root / self.file
        text = path.read_text(encoding="utf-8")
        assert self.old in text, f"{self.old!r} is no longer in {self.file}"
        path.write_text(text.replace(self.old, self.new, 1), encoding="utf-8")

    def line(self, root: Path) -> int:
        lines = (root / self.file).read_text(encoding="utf-8").splitlines()
        first = next(number for number, line in enumerate(lines, 1) if self.below in line) if self.below else 0
        return next(number for number, line in enumerate(lines, 1) if number > first and (self.at or self.new) in line)

    def __str__(self) -> str:
        return f"{self.kind} {(self.at or self.new).strip()[:40]}"


def taught(kind: str, message: str) -> Mistake:
    """A mistake in a new training message."""
    above = "    - Cek status paspor saya\n"
    return Mistake(kind, BUTTONS, above, f"{above}    - {message}\n", at=f"- {message}")


# Each spoils a copy of its own: where a file cannot be read, nothing else is judged.
UNREADABLE = [
    Mistake("yaml", DOMAIN, '    - title: "Biaya paspor"', "\t- title: x"),
    Mistake("yaml", DOMAIN, 'title: "Masalah bayar"', 'title: "Masalah bayar', below="utter_cara_bayar:"),
    Mistake("yaml", FACTS, 'isi: "2 jam sejak kode billing terbit"', "isi: 2 jam: sejak kode billing terbit"),
    Mistake("yaml", DOMAIN, "  - cara_bayar\n", "  - cara_bayar\n - biaya\n", at=" - biaya", below="  - cara_bayar"),
    Mistake("yaml", FACTS, "  tetap_datang:\n", "  alur_langkah:\n", at="  alur_langkah:", below="pendaftaran_resmi:"),
    Mistake("yaml", NAMES, "  cek_slot: {", "  cek_slot: [{"),
    Mistake("bentuk", NLU, "metadata: {gaya: santai}", "metadata: {gaya: gaul}"),
    Mistake("bentuk", NLU, "metadata: {gaya: santai}", "metadata: {style: santai}"),
    Mistake("bentuk", STATUS, "  metadata: {gaya: formal}\n", "", at="- intent: cek_status"),
    Mistake("bentuk", NLU, "  examples: |\n", "  contoh: |\n", at="  contoh: |"),
    Mistake("bentuk", STATUS, "  examples: |\n", "  examples: >\n", at="  examples: >"),
    Mistake("baris-contoh", BUTTONS, "    - Cek status paspor saya", "    Cek status paspor saya"),
    Mistake("bentuk", DOMAIN, 'payload: "Tampilkan menu"', 'pesan: "Tampilkan menu"'),
    Mistake("bentuk", DOMAIN, '- text: "Untuk berapa orang?"', '- teks: "Untuk berapa orang?"'),
    Mistake(
        "bentuk",
        DOMAIN,
        '  - text: "Maaf, jawaban itu belum dapat saya pahami."\n',
        "",
        at="  utter_belum_paham:",
    ),
    Mistake("bentuk", RULES, "  - intent: cara_bayar\n", "  - niat: cara_bayar\n", at="  - niat: cara_bayar"),
    Mistake("bentuk", RULES, "- rule: Menjawab cara_bayar\n", "- aturan: Menjawab\n", at="- aturan: Menjawab"),
    Mistake("bentuk", FACTS, "    keyakinan: tinggi\n", "    keyakinan: pasti\n", at="keyakinan: pasti"),
    Mistake("bentuk", FACTS, "    tinjau: 2027-11-30\n", "    tinjau: tahun depan\n", at="tinjau: tahun depan"),
    Mistake("bentuk", HOLIDAYS, "{tanggal: 2026-01-16,", "{tanggal: 2026-13-16,"),
    Mistake("bentuk", FEES, "rupiah: 350000", "rupiah: 350.000"),
    Mistake("bentuk", FEES, "    keyakinan: tinggi\n", "", at="- kode: biasa_5"),
    Mistake("bentuk", REQUIREMENTS, "kelompok: [dewasa]", "kelompok: [remaja]"),
    Mistake("bentuk", OFFICES, "    zona: WIB\n", "    zona: WIBB\n", at="zona: WIBB"),
    Mistake("bentuk", NAMES, 'kalimat: "Saya mau ambil antrean"', 'kata: "Saya mau ambil antrean"'),
    Mistake("bentuk", DIALOGUES, "jawab_memuat: [", "jawab_memua: ["),
    Mistake("bentuk", DIALOGUES, "- nama: Biaya, lalu cara bayar\n", "- judul: Biaya\n", at="- judul: Biaya"),
    Mistake("bentuk", DIALOGUES, '    - kata: "buat anak saya"\n      jawab', "    - jawab", at="    - jawab"),
]

_TWO_FACTS = "".join(
    f'  uji_{number}:\n    isi: "Loket tutup pada hari libur ke {number} dan cuti bersama resmi"\n    sumber: "uji"\n'
    '    tanggal: "2026"\n    keyakinan: tinggi\n    tinjau: 2027-11-30\n\n'
    for number in (17, 18)
)
_FORM = "  rincian_form:\n    required_slots: [rincian]\n"
_MANY_BUTTONS = "".join(f'    - title: "Dewasa {n}"\n      payload: "Untuk dewasa"\n' for n in range(9))

# All of these are made in one copy, and each must be found among the others.
SEEDED = [
    # Messages
    Mistake("niat-tak-dikenal", STATUS, "- intent: cek_status\n", "- intent: cek_statsu\n", at="cek_statsu"),
    Mistake("niat-tak-dikenal", MEASURED, "juga: [ubah_data]", "juga: [ubah_dataa]"),
    Mistake(
        "niat-tanpa-contoh", DOMAIN, "  - pesan_kosong\n", "  - pesan_kosong\n  - tanya_parkir\n", at="tanya_parkir"
    ),
    Mistake("niat-tanpa-aturan", DOMAIN, "  - tanya_parkir\n", "  - tanya_parkir\n  - tanya_wc\n", at="tanya_wc"),
    taught("dua-niat", "apakah saya sedang berbicara dengan petugas, atau mesin"),
    Mistake(
        "contoh-ganda",
        BUTTONS,
        "    - Menu\n",
        "    - Menu\n    - Tampilkan menu\n",
        at="- Tampilkan menu",
        below="- Menu",
    ),
    Mistake(
        "mirip-beda-niat",
        BUTTONS,
        "    - Cek status paspor saya\n",
        "    - Cek status paspor saya\n    - Bagaimana langkah-langkah mengajukann paspor?\n",
        at="Bagaimana langkah-langkah mengajukan paspor?",
    ),
    taught("ikut-diukur", "do you need the original ijazah or is a legalized copy fine, asli masih di HR kantor"),
    # Marks
    taught("tanda-keliru", "paspor [anak] (kelompok_pemohon:anak) zaman purba"),
    taught("tanda-keliru", "paspor [anak(kelompok_pemohon:anak) zaman batu"),
    taught("jenis-tak-dikenal", "paspor [anak](kelompok:anak) zaman besi"),
    taught("nilai-tak-dikenal", "paspor [anak](kelompok_pemohon:remaja) zaman perunggu"),
    taught("kantor-tak-dikenal", "status di [bogor](kantor:bgr) zaman emas"),
    taught("kantor-lain", "status di [bogor](kantor:depok) zaman perak"),
    taught("beda-dengan-pembaca", "status buat [3 orang](jumlah_pemohon:4) zaman tembaga"),
    taught("beda-dengan-pembaca", "status [jam 9 pagi](waktu:21:00) zaman timah"),
    taught("beda-dengan-pembaca", "nomornya [3171015708900001](nomor_permohonan) zaman raksa"),
    taught("nilai-berbeda", "status paspor [hilang](jenis_permohonan:rusak) zaman seng"),
    taught("lupa-ditandai", "status e-paspor zaman timbal"),
    taught("tanda-menyimpang", "status [untuk](kendala:eror) zaman nikel"),
    # Wording
    Mistake("fakta-tak-ada", DOMAIN, "{fakta.bukti_bayar}", "{fakta.bukti_byar}"),
    Mistake("isian-tak-dikenal", DOMAIN, "Untuk memperlihatkan status, saya", "Halo {nama_pemohon}, saya"),
    Mistake("kurung-kurawal", DOMAIN, '"Jam yang masih ada: {daftar}."', '"Jam yang masih ada: {daftar."'),
    Mistake("jawaban-kosong", DOMAIN, '"Baik, antrean Anda tidak diubah."', '" "'),
    Mistake("tebal-keliru", DOMAIN, '"Untuk berapa orang?"', '"Untuk **berapa** orang?"'),
    Mistake("tebal-keliru", DOMAIN, '"Paspor *baru* atau', '"Paspor *baru atau'),
    Mistake("tarif-di-jawaban", DOMAIN, '"Saya belum yakin. Apakah', '"Rp350.000. Saya belum yakin. Apakah'),
    Mistake("tombol-panjang", DOMAIN, 'title: "Masalah bayar"', 'title: "Masalah pembayaran saya"'),
    Mistake("tombol-kosong", DOMAIN, 'title: "Syarat penggantian"', 'title: ""'),
    Mistake("tombol-kembar", DOMAIN, 'title: "Cara resmi"', 'title: "Laporkan"', below='title: "Laporkan"'),
    Mistake("tombol-perintah", DOMAIN, 'payload: "Bagaimana mengenali', 'payload: "/Bagaimana mengenali'),
    Mistake("tombol-tak-diajarkan", DOMAIN, 'payload: "Apa syarat mengubah', 'payload: "Apa sarat mengubah'),
    Mistake(
        "tombol-banyak",
        DOMAIN,
        '    - title: "Dewasa"\n      payload: "Untuk dewasa"\n',
        _MANY_BUTTONS,
        at='title: "Lansia"',
    ),
    Mistake(
        "jawaban-panjang",
        DOMAIN,
        "Saya mengerti Anda sedang kesal",
        "Saya mengerti " + "sungguh " * 130,
        at="- text: |-",
        below="utter_kata_kasar:",
    ),
    Mistake(
        "jawaban-tak-dipakai",
        DOMAIN,
        "  utter_maksud_anda:\n",
        '  utter_halo:\n  - text: "Halo."\n\n  utter_maksud_anda:\n',
        at="utter_halo:",
    ),
    Mistake("jawaban-hilang", DOMAIN, "  utter_bahasa_lain:\n", "  utter_bahasa_lainn:\n", at="responses:"),
    # Domain, rules, code
    Mistake("tindakan-tak-ada", DOMAIN, "  - action_cek_slot\n", "  - action_cek_slott\n", at="action_cek_slott"),
    Mistake("tindakan-tak-terdaftar", DOMAIN, "  - action_minta_petugas\n", "", at="actions:"),
    Mistake("slot-tak-dikenal", DOMAIN, "required_slots: [apresiasi_isi]", "required_slots: [apresiasi_isii]"),
    Mistake(
        "formulir-tanpa-program",
        DOMAIN,
        _FORM,
        f"{_FORM}  parkir_form:\n    required_slots: [rincian]\n",
        at="parkir_form:",
    ),
    Mistake("formulir-tanpa-awal", DOMAIN, "  parkir_form:\n", "  parkir_form:\n", at="parkir_form:"),
    Mistake("formulir-tanpa-akhir", DOMAIN, "  parkir_form:\n", "  parkir_form:\n", at="parkir_form:"),
    Mistake(
        "terdaftar-ganda",
        DOMAIN,
        "  - nama\n",
        "  - kode_booking\n  - nama\n",
        at="  - kode_booking",
        below="  - kode_booking",
    ),
    Mistake("intent-tak-dikenal", RULES, "  - intent: percepatan\n", "  - intent: percepatann\n", at="percepatann"),
    Mistake(
        "action-tak-dikenal",
        RULES,
        "  - action: action_info_kantor\n",
        "  - action: action_kantor\n",
        at="action_kantor",
    ),
    Mistake(
        "active_loop-tak-dikenal",
        "data/rules/status.yml",
        "  - active_loop: status_form\n",
        "  - active_loop: status_formm\n",
        at="status_formm",
    ),
    Mistake(
        "slot_was_set-tak-dikenal",
        "data/rules/masukan.yml",
        "    - requested_slot: null\n",
        "    - slot_diminta: null\n",
        at="- slot_was_set:",
    ),
    Mistake(
        "aturan-bertentangan",
        OUTSIDE,
        "  - intent: di_luar_topik\n",
        "  - intent: luar_layanan\n",
        at="- rule: Di luar topik",
    ),
    Mistake(
        "jawaban-tak-ada",
        "data/rules/antrean.yml",
        "  - action: action_cek_antrean\n",
        "  - action: action_jawab\n",
        at="action_jawab",
    ),
    Mistake(
        "nama-kembar",
        RULES,
        "- rule: Menjawab ubah_data\n",
        "- rule: Menjawab cara_bayar\n",
        at="Menjawab cara_bayar",
        below="Menjawab masa_berlaku",
    ),
    # Facts
    Mistake("tanpa-sumber", TROUBLES, 'sumber: "nasihat umum"', 'sumber: ""'),
    Mistake("tanpa-tanggal", FACTS, '    tanggal: "2025-10-23"', '    tanggal: ""'),
    Mistake("tanggal-depan", FACTS, '    tanggal: "2024-12-23"', '    tanggal: "2062-12-23"'),
    Mistake("lewat-tinjau", FEES, "  tinjau: 2027-06-30\n", "  tinjau: 2026-11-24\n", at="2026-11-24"),
    Mistake("entri-ganda", FEES, "kode: splp_asing", "kode: splp_wni", at="kode: splp_wni", below="kode: splp_wni"),
    Mistake("tombol-panjang", TROUBLES, 'tombol: "NIK ditolak"', 'tombol: "NIK ditolak oleh aplikasi"'),
    Mistake(
        "pasangan-kurang",
        REQUIREMENTS,
        "kelompok: [dewasa]\n    jenis: [baru]",
        "kelompok: [dewasa]\n    jenis: []",
        at="persyaratan:",
    ),
    Mistake(
        "pasangan-ganda",
        REQUIREMENTS,
        "kelompok: [lansia]\n    jenis: [baru]",
        "kelompok: [lansia, anak]\n    jenis: [baru]",
        at="kelompok: [anak]",
    ),
    Mistake("libur-ganda", HOLIDAYS, "{tanggal: 2026-03-18,", "{tanggal: 2026-03-19,", at='"Cuti bersama Nyepi"'),
    Mistake("libur-salah-tahun", HOLIDAYS, "{tanggal: 2026-08-25,", "{tanggal: 2025-08-25,"),
    Mistake("tarif-janggal", FEES, "rupiah: 950000", "rupiah: 95000"),
    Mistake("tarif-di-luar", FACTS, '"2 jam sejak kode billing terbit"', '"2 jam sejak kode billing Rp400.000 terbit"'),
    Mistake("sebutan-ganda", OFFICES, "[langsa, kota langsa,", "[langsa, bna, kota langsa,"),
    Mistake("sebutan-keliru", OFFICES, "idi rayeuk, peureulak]", "idi rayeuk, Peureulak]"),
    Mistake(
        "zona-berbeda",
        OFFICES,
        "    zona: WIB\n    lintang: 4.47",
        "    zona: WITA\n    lintang: 4.47",
        at="zona: WITA",
        below="id: langsa",
    ),
    Mistake("fakta-bertentangan", FACTS, "  tetap_datang:\n", f"{_TWO_FACTS}  tetap_datang:\n", at="libur ke 18"),
    Mistake("fakta-tak-dipakai", FACTS, "  uji_17:\n", "  uji_17:\n", at="uji_17:"),
    # Word lists
    Mistake("dua-arti", LEXICON, "    adakah: [adakha,", "    adakah: [adk, adakha,", at="    adik: [adk]"),
    Mistake("kata-ganda", IDEAS, "  bencana: [banjir,", "  bencana: [gempa, banjir,"),
    Mistake("terlalu-banyak-konsep", IDEAS, "  uang: [", "  uang: [pnbp, "),
    Mistake("niat-tak-dikenal", NAMES, "  minta_menu: {", "  minta_menuu: {"),
    Mistake("kalimat-tak-diajarkan", NAMES, '"Berapa hari paspor selesai?"', '"Berapa harii paspor selesai?"'),
    Mistake("tombol-panjang", NAMES, 'tombol: "Lama proses"', 'tombol: "Lama proses pembuatan paspor"'),
    # Dialogues
    Mistake(
        "rujukan-dialog",
        DIALOGUES,
        '    - kata: "buat anak saya"\n',
        '    - kata: "buat anak saya"\n      niat: syarat_paspr\n',
        at="syarat_paspr",
    ),
    Mistake(
        "rujukan-dialog",
        DIALOGUES,
        '    - kata: "iya"\n',
        '    - kata: "iya"\n      jawaban: [utter_tidak_ada]\n',
        at="utter_tidak_ada",
    ),
    Mistake(
        "nama-kembar",
        DIALOGUES,
        "- nama: Biaya untuk keluarga\n",
        "- nama: Biaya, lalu cara bayar\n",
        at="Biaya, lalu cara bayar",
        below="Biaya, lalu cara bayar",
    ),
]
