"""`python -m tools.launch`: begins on any Python, so that a wrong one is told, not met as broken syntax."""

import os
import sys

NEEDED = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


def start_on_newer_python():
    from shutil import which

    for name in NEWER:
        path = which(name)
        if path:
            os.execv(path, [path, "-m", "tools.launch"] + sys.argv[1:])  # noqa: S606, RUF005 - older Pythons read this
    version = sys.version.split()[0]
    sys.exit("Checkup needs Python 3.11 or newer, this is " + version + ": make run PYTHON=python3.12")


if sys.version_info < NEEDED:
    start_on_newer_python()

from tools.launch.command import main  # noqa: E402 - only a new enough Python can read it

sys.exit(main(sys.argv[1:]))
