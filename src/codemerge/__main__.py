"""``python -m codemerge``: the same as the command."""

from codemerge.cli import main

main()
