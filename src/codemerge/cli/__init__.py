"""What a user types: parse, call, print. Every command imports what it needs, when it runs."""

from __future__ import annotations

import gc
import importlib
import io
import os
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import click

from codemerge import __version__

# command → module that holds it; a module is imported only when its command is wanted
_COMMANDS = {
    "demo": "work",
    "init": "work",
    "check": "work",
    "dry-run": "work",
    "explain": "look",
    "evaluate": "look",
    "diff": "compared",
    "compare": "compared",
    "review": "review",
    "merge": "deliver",
    "verify": "deliver",
    "translate": "deliver",
    "export": "exchange",
    "recode": "deliver",
    "pseudonymise": "deliver",
    "rules": "rules",
}


class _Lazy(click.Group):
    """A group that knows its commands by name and imports each when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"codemerge.cli.{_COMMANDS[cmd_name]}")
        found: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command when the one typed is unknown."""
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], _COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            ctx.fail(f"No such command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example:\n\n  codemerge demo demo",
)
@click.version_option(__version__, prog_name="codemerge")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but results and errors.")
@click.pass_context
def cli(ctx: click.Context, quiet: bool) -> None:
    """Merge the reference data of hospital radiology systems.

    Reads the regions' catalogs, proposes mappings, reports every conflict that blocks a combined
    installation, and writes workbooks to review, a report, and the combined catalogs.
    """
    ctx.obj = {"quiet": quiet}


def main(arguments: Iterable[str] | None = None) -> None:
    """Run codemerge; ends the process with the exit code of the contract."""
    from codemerge.cli.quiet import guard_logs
    from codemerge.resources import tune

    tune()
    # One command makes much and drops little in rings: garbage is looked for seldom.
    gc.set_threshold(50_000, 20, 100)
    _utf8_streams()
    guard_logs()
    args = list(sys.argv[1:] if arguments is None else arguments)
    if {"--quiet", "-q"} & set(args):  # said anywhere on the line, it holds for the whole command
        args = ["--quiet", *(a for a in args if a not in ("--quiet", "-q"))]
    if odd := [a for a in (*args, _here()) if not _is_text(a)]:
        from codemerge.cli.failure import language_of, show_problems
        from codemerge.errors import Problem

        show_problems(
            [Problem("project.odd_name", values={"found": ascii(a)}) for a in odd], language_of(args)
        )
        sys.exit(2)
    try:
        code = cli.main(args=args, prog_name="codemerge", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        from codemerge.rules.words import printable

        told = io.StringIO()
        error.show(file=told)
        click.echo(printable(told.getvalue()), nl=False, err=True)
        sys.exit(2)
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 - the last wall: no traceback, nor a panic of an engine
        from codemerge.errors import interrupted

        if isinstance(error, click.Abort) or interrupted(error):
            _stop()
        from codemerge.cli.failure import exit_code_of

        sys.exit(exit_code_of(error, args))


def _stop() -> NoReturn:
    click.echo("\ncodemerge: stopped; what stood before still stands.", err=True)
    if threading.active_count() > 1:  # an engine at work beside us can be neither stopped nor waited for
        sys.stderr.flush()
        os._exit(130)
    sys.exit(130)


def _utf8_streams() -> None:
    """Write UTF-8 where the console can, and never fail on a character it lacks."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    if os.name == "posix" and sys.stdout is sys.__stdout__ and sys.stdout and not sys.stdout.isatty():
        was = sys.stdout
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(_Outlasting(was.fileno(), "wb", closefd=False)),
            encoding=was.encoding,
            errors=was.errors,
            write_through=True,
        )


class _Outlasting(io.FileIO):
    """Output whose reader may leave (``| head``): the work goes on, and its exit code says how it ended."""

    def write(self, data: Any, /) -> int:
        """Write, to nobody if nobody reads any more."""
        try:
            return super().write(data) or 0
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            return len(data)


def _here() -> str:
    try:
        return str(Path.cwd())
    except OSError:  # it was removed; whoever needs it will say so
        return ""


def _is_text(argument: str) -> bool:
    """Say whether an argument is text: a name of other bytes can't be written into a manifest or a table."""
    try:
        argument.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
