#!/usr/bin/env bash
# Prints where uv is: on the PATH, or installed beside the environment rather than into the system.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v uv; then
  if [ ! -x .uv/bin/uv ]; then
    printf '\033[1mInstalling uv ...\033[0m\n' >&2
    python3 -m venv .uv && .uv/bin/pip --quiet --disable-pip-version-check install uv >&2
  fi
  echo "$PWD/.uv/bin/uv"
fi
