"""`python -m yokocho`."""

from __future__ import annotations

import sys

from yokocho.cli import main

if __name__ == "__main__":
    sys.exit(main())
