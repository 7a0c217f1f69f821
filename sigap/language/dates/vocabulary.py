"""The words of Indonesian dates, as people type them on a phone and say them in the languages of Indonesia."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

from sigap.language.indonesian import lemmas
from sigap.language.pieces import variants, words

MONTHS = {
    "januari": "jan january jn januri jnuari",
    "februari": "feb february febuari pebruari peb febr pebuari",
    "maret": "mar mrt march mart mret",
    "april": "apr arpil aprl",
    "mei": "may",
    "juni": "jun june jni",
    "juli": "jul july jli",
    "agustus": "agu ags agst agt aug august agus agts agustsu agsts agusts gustus augustus agusuts agutus",
    "september": "sep sept septembr",
    "oktober": "okt oct october oktbr oktobr",
    "november": "nov nopember nop nopmbr novmber nvmbr",
    "desember": "des december dec dsember desmber desembr dsmbr desmbr desembre",
}
MONTH_NUMBER = {name: number for number, name in enumerate(MONTHS, 1)}
# Month words that also mean something else: months only beside a day number.
DOUBTFUL_MONTHS = frozenset({"mar", "may", "jun", "jul", "sep", "march", "agu", "agus", "mart", "apr", "jan", "mrt"})

WEEKDAYS = {
    "senin": "senen snin snn snein sinayan sinen monday mon sneen senn senni isnin sln",
    "selasa": "slasa salasa sls slsa slasaa seals tuesday tue tues anggara selsa",
    "rabu": "rebo rbu rbau raboo wednesday wed wednes arba rab rbo rabo",
    "kamis": "kemis kamih kms kmis kamsi kmais thursday thurs kam",
    "jumat": "jmt jumaah jumuah jumaat jumaik jumt jemaq jumah jum friday fri jumta juamt jumad jmat",
    "sabtu": "setu saptu sbt sbtu sbatu sabut sabtuu saturday sat sab septu",
    "ahad": "sunday akad ahd",
}
WEEKDAY_NUMBER = {name: number for number, name in enumerate(WEEKDAYS)}
# Too short to be sure: "sel" (cell), "sen" (cent), "min" (admin). Weekdays after "hari" or before "depan" and the like.
SHORT_WEEKDAYS = {"sen": 0, "sel": 1, "min": 6, "mng": 6}

_OTHERS = {
    "tanggal": "tgl tg tgal tagl tggl tanggl tangal tgll tagnggal tnggl tngl tanggla date dated tanggalnya tglnya",
    "hari": "hr hri ari dino dina dinten day harinya poe dinane",
    "bulan": "bln blan bulna wulan sasih month bulannya bulane bl",
    "minggu": "mgg mgu mggu mnggu mingu minngu mgingu mngu minggunya minggune",
    "pekan": "pkn week weeks pekannya",
    "tahun": "thn taun year th tahunnya thun",
    "depan": "dpn dpan ngarep hareup payun muka muko mendatang dpen depn depannya dpnnya kedepan upcoming",
    "ini": "ni iki ieu niki inih inii inni ninii",
    "lalu": "lalo kepungkur silam kapungkur",
    "lagi": "lg lgi lai maneh deui kemudian",
    "besok": "bsk bsok bseok besko besk beosk esok besuk mbesuk sesuk sisuk ngesuk suk bisuak benjing benjang mbenjing"
    " mbenjang singoh mani beso tomorrow tmrw tmr tmrrw tomorow tommorow lagguna besoknya bsok bsoknya",
    "isuk": "isukan enjing enjang enjingipun",
    "lusa": "lsua pageto lusanya emben",
    "besoklusa": "bsklusa",
    "kemarin": "kmrn kemaren kmaren kmrin kemrin wingi kamari yesterday kmren kmarin kmaren kemarinnya",
    "semalam": "semalem smalam smlm semlm",
    "sekarang": "skrg skg skrng skarang saiki ayeuna now skrang",
    "kini": "kiwari",
    "hariini": "harini today hrini hariinih",
    "tulat": "",
    "tubin": "",
    "selumbari": "",
    "nanti": "ntar nti nnti entar nanit nanty",
    "mengko": "ngko engke ngke mangke",
    "tadi": "tdi td",
    "pagi": "pg pgi pgai pagii morning subuh semengan",
    "siang": "sing8 siagn sinag afternoon siangnya",
    "sore": "soree sonten",
    "malam": "mlm malem night evening mlam malm",
    "tonight": "",
    "awal": "awl early beginning awalan start",
    "tengah": "pertengahan ptghn mid middle pertengahn tgh",
    "akhir": "akhr ahir akir ujung end late penghujung",
    "weekend": "wiken wikend wkend weekends",
    "sampai": "sampe smp sampek hingga until till sd nyampe smpe smpai nganti hinga",
    "sebelum": "sblm sebelom before sblum sbelum",
    "setelah": "sesudah stlh stelah habis hbs abis hbis ahbis after pasca sehabis lewat selepas sabada saengges stlah",
    "dan": "dn and n sama sm karo jeung",
    "atau": "ato atw or utawa atawa",
    "antara": "antra between",
    "dari": "dr dri from",
    "next": "nxt",
    "this": "",
    "last": "",
    "dalam": "dlm within",
    "paling": "plg pling",
    "pertama": "first prtama ptama",
    "kedua": "second kdua",
    "ketiga": "third ktiga",
    "keempat": "fourth",
    "kelima": "fifth",
    "terakhir": "trakhir",
    "lahir": "lhr lahiran born melahirkan brojol lahirnya bayi baby",
}
STANDARD = {typed: standard for table in (MONTHS, WEEKDAYS, _OTHERS) for typed, standard in variants(table).items()}
# Ordinary words one slip away from a word above, which the lemma table lacks.
_NOT_SLIPS = words(
    "tinggal tangkal macet serang smarang semrang seberang semarag semarng sekarat sarang sunda selasai kelarin "
    "rebu kami satu bantu baru selesai selama tunggu jumlah jumpa senang sebulan seminggu setahun sehari lupa "
    "lama luar harus haru mari bulat tambah tahan tahu belum bukan besar sabar sekali sekolah depok medan padang "
    "bogor dengan lapan habib mulai seminar kenapa sudah setiap punya harga kemana kamar kemari senini juma jauh "
    "tanda akses mana september october rubah rabun jadi rame malang selatan utara barat timur antrean antrian "
    "antri malas salam terakhir berdua maksud marah mampu mengapa tangan tanggung terus kirain mereka berapa "
    "dapat tepat cepat lewat surat empat ngurah perak kedua ketiga pertama lagian halaman salah minta menit minim "
    "minum semarang sekitar bisa basok pokok rencana mendadak mendapat bulannya senior senilai selatannya kasus "
    "kasir kampus kapan papan awalnya akhirnya awak saptu sebelah setengah telah malah nanya desa desain novel "
    "augustus kemas lemari merek mare mara diri daring haris harian hariannya dahulu selalu selain soalnya sorry "
    "story more shore were here there where morning norming weeks works word board dates data rate late lake take "
    "make made earth month mouth south north friend fried trend apple paspor pasport passport kantor hantar antar "
    "pantai ramai sampul sampah lampau lampai minggat tengok nengok esoknya score siap sian sieng sing asing "
    "using king ring long lung tangga tanggap mendatangi mending mendengar datang besan besama bersama sesama "
    "sesuai semua selamat jumatan senior teman taman tahunan bulanan mingguan rabuk juang jumbo juri jari jurus "
    "juta water later seterusnya sebel sebelas sebelahnya belas balas kelas keras beras bebas batas"
)
_CORRECTED = sorted(
    word
    for word in {*MONTHS, *WEEKDAYS, "tanggal", "minggu", "bulan", "besok", "kemarin", "sekarang", "sebelum", "setelah"}
    | {"sampai", "pertengahan", "tomorrow", "yesterday", "monday", "tuesday", "wednesday", "thursday", "friday"}
    | {"saturday", "sunday", "january", "february", "august", "october", "december", "depan", "tahun"}
    if len(word) >= 4
)


@lru_cache(maxsize=20_000)
def standard(word: str) -> str:
    """The standard form of a word of dates, slips in typing included ("kamsi"); any other word unchanged."""
    if word in STANDARD:
        return STANDARD[word]
    if not word.isalpha() or not 4 <= len(word) <= 12 or word in _NOT_SLIPS or word in lemmas():
        return word
    near = [candidate for candidate in _CORRECTED if _is_slip(word, candidate)]
    return STANDARD[near[0]] if len({STANDARD[candidate] for candidate in near}) == 1 else word


def _is_slip(word: str, meant: str) -> bool:
    """Whether `word` is `meant` mistyped: one slip, two in long words, only a swap in short ones."""
    if sorted(word) == sorted(meant):
        return OSA.distance(word, meant) == 1
    if word[0] != meant[0] or len(meant) < 5:
        return False
    allowed = 2 if len(meant) >= 8 else 1
    return OSA.distance(word, meant, score_cutoff=allowed) <= allowed


FEASTS: dict[str, tuple[str, ...]] = {
    # feast: ways to say it
    "idulfitri": (
        "lebaran",
        "lebarn",
        "lbaran",
        "lbrn",
        "lbr",
        "idulfitri",
        "idul fitri",
        "idhul fitri",
        "iedul fitri",
        "ied fitri",
        "eid",
        "hari raya",
        "bakda",
        "riyoyo",
        "riyaya",
        "lebaran idul fitri",
        "hari raya idul fitri",
    ),
    "iduladha": (
        "iduladha",
        "idul adha",
        "idhul adha",
        "lebaran haji",
        "kurban",
        "qurban",
        "idul kurban",
        "idul qurban",
        "hari raya haji",
        "hari raya kurban",
        "lebaran idul adha",
        "hari raya idul adha",
        "lebaran kurban",
    ),
    "natal": ("natal", "natalan", "christmas", "xmas", "hari natal"),
    "tahun baru": ("tahun baru", "tahunbaru", "new year", "newyear", "tahun baru masehi", "taun anyar", "tahun baruan"),
    "imlek": ("imlek", "sincia", "cny", "chinese new year", "tahun baru imlek", "tahun baru cina", "tahun baru china"),
    "nyepi": ("nyepi", "hari nyepi"),
    "waisak": ("waisak", "vesak"),
    "maulid": ("maulid", "maulud", "maulid nabi", "maulud nabi", "muludan"),
    "isra": ("isra mikraj", "isra miraj", "isro miroj", "isra", "isro"),
    "tahun baru islam": ("tahun baru islam", "tahun baru hijriah", "1 muharram", "muharram", "satu suro", "1 suro"),
    "wafat": ("jumat agung", "good friday"),
    "paskah": ("paskah", "easter"),
    "kenaikan": ("kenaikan isa", "kenaikan yesus", "kenaikan isa almasih", "kenaikan yesus kristus"),
    "buruh": ("hari buruh", "may day", "mayday"),
    "pancasila": ("hari pancasila", "hari lahir pancasila", "harlah pancasila"),
    "kemerdekaan": (
        "17 an",
        "17 agustusan",
        "agustusan",
        "tujuhbelasan",
        "tujuh belasan",
        "kemerdekaan",
        "hut ri",
        "hari kemerdekaan",
    ),
    "ramadan": (
        "ramadan",
        "ramadhan",
        "romadhon",
        "romadon",
        "ramadlan",
        "puasa",
        "poso",
        "puasaan",
        "bulan puasa",
        "bulan ramadan",
        "bulan ramadhan",
    ),
}
# Feasts with a fixed day and month need no calendar.
FIXED_FEASTS = {
    "natal": (12, 25),
    "tahun baru": (1, 1),
    "buruh": (5, 1),
    "pancasila": (6, 1),
    "kemerdekaan": (8, 17),
}
FEAST_OF = {tuple(phrase.split()): feast for feast, phrases in FEASTS.items() for phrase in phrases}

# Words that several rules look at.
PERIODS = frozenset({"minggu", "pekan", "bulan", "tahun"})
SHIFT = {"depan": 1, "ini": 0, "lalu": -1, "kemarin": -1, "next": 1, "this": 0, "last": -1}
PARTS = frozenset({"awal", "tengah", "akhir"})
ORDINALS = {
    "pertama": 1,
    "kedua": 2,
    "ketiga": 3,
    "keempat": 4,
    "kelima": 5,
    "terakhir": -1,
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
}
DASHES = frozenset("-–—~")
DATE_SIGNS = frozenset("/-.–")
BETWEEN_DAYS = DASHES | {"sampai", "dan", "atau", "&", ",", "/"}
# A number followed by one of these counts something and is no day, month or year.
COUNTED = words(
    "orang org ornag orag orng wong urang jiwa pemohon anak pax people staff karyawan jemaah jamaah hari hr "
    "minggu mgg bulan bln tahun thn th taun jam menit mnt detik kali x halaman lembar lbr kantor buah bintang kg "
    "km meter m lantai kerja rb ribu juta persen slot kuota berkas dokumen paspor wita wib wit am pm days weeks "
    "months years people"
)
HALVES = frozenset({"setengah", "stgh", "setngah"})
NOT_AFTER = frozenset({"berapa", "brp", "tiap", "setiap", "per", "beberapa", "bbrp", "hitungan", "berminggu", "lama"})
# Words between "tanggal" and its number: "tgl. 7", "tanggal ke-7", "tanggalnya tgl 7".
AFTER_TANGGAL = frozenset({".", ":", "-", "ke", "nya", "=", "yg", "yang"})
