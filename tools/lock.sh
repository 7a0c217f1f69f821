#!/usr/bin/env bash
# Locks the requirements with hashes and without download addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=$(tools/uv.sh)
for name in runtime dev; do
  "$uv" pip compile --quiet --python-version 3.10 --generate-hashes --no-header --no-annotate \
    "requirements/$name.in" --output-file "requirements/$name.txt"
done
