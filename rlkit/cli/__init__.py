"""The program `rlkit`: one file a command."""


class UsageError(Exception):
    """What was typed cannot be done. The message is for the person who typed it; the exit status is 2."""
