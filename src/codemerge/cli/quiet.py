"""What libraries say on their own (logs, warnings, threads that die) shows nobody's number and no values."""

from __future__ import annotations

import logging
import sys
import threading
import warnings


class _Redacted(logging.Filter):
    """Hands each record to the filter that masks people; it is loaded only when something is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        from codemerge.library.privacy import RedactingFilter

        return RedactingFilter().filter(record)


def guard_logs() -> None:
    """Put the masking filter before everything that logging, warnings and threads print."""
    handlers = [*logging.getLogger().handlers, *([logging.lastResort] if logging.lastResort else [])]
    for handler in handlers:
        if not any(isinstance(known, _Redacted) for known in handler.filters):
            handler.addFilter(_Redacted())
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # for programmers; a user can do nothing about them
    logging.captureWarnings(True)
    threading.excepthook = _say_place


def _say_place(args: threading.ExceptHookArgs) -> None:
    """Say that a thread died, and of what kind of error; its words may quote the data."""
    logging.getLogger("codemerge").error("a thread ended: %s", args.exc_type.__name__)
