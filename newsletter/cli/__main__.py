"""``python -m newsletter.cli`` is the command ``newsletter``."""

from newsletter.cli.main import main

main()
