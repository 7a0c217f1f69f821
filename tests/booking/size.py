"""How much the tests of the queue do: the real thing takes minutes of two idle cores."""

from __future__ import annotations

import os

# Under CI, or when asked for.
FULL_SIZE = bool(os.environ.get("CI") or os.environ.get("SIGAP_STRESS"))
