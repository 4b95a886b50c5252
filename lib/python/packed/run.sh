#!/bin/sh
# Trains the jobs of this folder and goes on where it was interrupted; needs no network. PYTHON: a Python 3.10 or newer that has
# the packages of requirements.txt; without it they are installed out of wheels/, if that was packed. WEIGHTS: a folder with the
# model's weights, where they were not packed.
set -eu
cd "$(dirname "$0")"
if [ -z "${PYTHON:-}" ] && [ -d wheels ]; then
  [ -x .venv/bin/python ] || python3 -m venv .venv
  .venv/bin/python -m pip install -qq --no-index --find-links wheels -r requirements.txt
  PYTHON=.venv/bin/python
fi
exec "${PYTHON:-python3}" -B packed.py
