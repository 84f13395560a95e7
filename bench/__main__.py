"""`python -m bench [NAME] [OPTIONS]`: all benches, or one."""

import importlib
import sys

BENCHES = ["ssh", "timing", "desk"]


def main() -> None:
    """Run what is asked for."""
    asked = sys.argv[1:]
    names = [asked.pop(0)] if asked and not asked[0].startswith("-") else BENCHES
    for name in names:
        if name not in BENCHES:
            sys.exit(f"bench: there is no bench {name!r}; there are {', '.join(BENCHES)}")
        importlib.import_module(f"bench.{name}").main(asked)


if __name__ == "__main__":
    main()
