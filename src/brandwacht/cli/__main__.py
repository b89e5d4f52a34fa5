"""``python -m brandwacht.cli``."""

from brandwacht.cli.main import main

main()
