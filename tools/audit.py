"""Looks the locked requirements up among the published advisories (pip-audit) and prints what is known of them.

Without arguments the list is for reading: Rasa 3.6 holds some packages at releases that have advisories, so whoever
releases decides. `--strict` ends with 1 when there is any, and with 2 when nothing could be looked up.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements" / "runtime.txt"
# Locked requirements need no resolving, and so no installing.
COMMAND = ("tool", "run", "pip-audit@2.9.0", "--requirement", str(REQUIREMENTS), "--no-deps", "--disable-pip",
           "--format", "json", "--progress-spinner", "off")  # fmt: skip


def main(uv: str, strict: bool) -> int:
    """Look up and print; the exit code."""
    done = subprocess.run([uv, *COMMAND], capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:
        packages = []
    known = [package for package in packages if "skip_reason" not in package]
    for package in known:
        for found in package["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "no release"
            print(f"{package['name']} {package['version']}: {found['id']} (mended in {mended})")
    affected = sum(bool(package["vulns"]) for package in known)
    print(f"{len(known)} of {len(packages)} locked packages could be looked up; {affected} have advisories.")
    if not known:
        reason = packages[0]["skip_reason"] if packages else done.stderr.strip()[-300:]
        print(f"The service with the advisories cannot be reached from here: {reason}")
        return 2 if strict else 0
    return 1 if strict and affected else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--strict" in sys.argv[2:]))
