"""`python -m bot` is the `baraza` command."""

from bot.cli import main

main()
