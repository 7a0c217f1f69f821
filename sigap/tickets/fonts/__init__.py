"""Plus Jakarta Sans, Latin letters, in the two weights used here (SIL Open Font License 1.1, see OFL.txt)."""

from pathlib import Path

_FOLDER = Path(__file__).parent
MEDIUM = _FOLDER / "PlusJakartaSans-Medium.ttf"
BOLD = _FOLDER / "PlusJakartaSans-ExtraBold.ttf"
