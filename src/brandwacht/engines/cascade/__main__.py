"""Compile the kernel into a folder: `python -m brandwacht.engines.cascade FOLDER`."""

import sys
from pathlib import Path

from .compiled import warm

warm(Path(sys.argv[1]))
