#!/usr/bin/env bash
# Creates .venv with Python 3.10 and the locked requirements. Safe to repeat.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

uv=$(tools/uv.sh)

# Rasa 3.6 runs on Python 3.8 to 3.10. uv does not look into pyenv, and a pyenv shim may exist for a version that is not
# active, so each candidate is asked.
find_python() {
  local candidate
  for candidate in python3.10 "$(command -v pyenv >/dev/null 2>&1 && pyenv root)"/versions/3.10.*/bin/python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; then
      echo "$candidate"
      return
    fi
  done
  echo 3.10
}

if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; then
  say "Creating .venv with Python 3.10 ..."
  if ! "$uv" venv --quiet --clear --python "$(find_python)" .venv; then
    say "No Python 3.10 could be found or fetched. Install it (for example: pyenv install 3.10) and try again."
    exit 1
  fi
fi

say "Installing the locked requirements (a few minutes the first time) ..."
# Compiled once here: where Python may not write beside its libraries, every start would compile thousands of files.
"$uv" pip sync --quiet --compile-bytecode --python .venv/bin/python requirements/runtime.txt requirements/dev.txt
"$uv" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
touch .venv/ready
