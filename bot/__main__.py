"""`baraza`, and `python -m bot`: the command, with Ctrl-C taken calmly from its first moment."""

import sys


def main() -> None:
    """Run the command; a person who stops it while it still starts sees no traceback."""
    try:
        from bot.cli import main as command  # noqa: PLC0415 - what takes time to load comes here.

        command()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
