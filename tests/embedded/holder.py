"""Run as a script: holds a lease on the folder in the first argument until standard input ends."""

import sys
from pathlib import Path

from radrate import embedded

with embedded.attach(Path(sys.argv[1])):
    sys.stdout.write("attached\n")
    sys.stdout.flush()
    sys.stdin.read()
