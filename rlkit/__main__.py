"""`python -m rlkit` is `rlkit`."""

from rlkit.cli.main import main

raise SystemExit(main())
