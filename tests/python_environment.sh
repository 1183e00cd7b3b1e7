#!/bin/sh
# Makes the Python environment of the integration tests: tests/python_environment.sh [folder]
# Does nothing when it is there and fits tests/requirements.txt and constraints.txt. Needs python3-venv and a Python package index.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/../build/venv}
stamp=$folder/.requirements
wanted=$(cat "$here/requirements.txt" "$here/constraints.txt")
if [ -x "$folder/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt" -c "$here/constraints.txt"
printf '%s\n' "$wanted" > "$stamp"
