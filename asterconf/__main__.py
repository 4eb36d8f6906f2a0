"""The command line: `asterconf`, and `python -m asterconf`, which is the same."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line and exit: 0 clean, 1 findings or differences, 2 could not run."""
    try:
        import click  # noqa: F401
    except ModuleNotFoundError:
        sys.stderr.write(
            "asterconf's command line needs the extra 'cli': pip install 'asterconf[cli]'\n"
        )
        sys.exit(2)
    from asterconf.cli import run

    run()


if __name__ == "__main__":
    main()
