"""A deck as PDF, made by LibreOffice where it is installed: without it, or when it fails, a run has one file less."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
"""What LibreOffice is called, looked for in this order."""
LONGEST = 120.0
"""[s] A deck takes ten; what takes longer hangs."""
MISSING = "LibreOffice makes it and is not installed; install it, on Debian libreoffice-impress"


def as_pdf(pptx: Path, say: Callable[[str], object]) -> Path | None:
    """The deck as PDF beside it, or None and a sentence to `say` why there is none; an older PDF of it is gone either way.

    LibreOffice works on a copy in a folder of its own, with a profile of its own: several at once do not meet, whatever the
    file is called, and the PDF is there as a whole or not at all. An interrupt ends it too.
    """
    pdf = pptx.with_suffix(".pdf")
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    try:
        pdf.unlink(missing_ok=True)
        with TemporaryDirectory(prefix="orgsim-") as folder:
            reason = _converted(program, pptx, Path(folder), pdf) if program else MISSING
    except OSError as problem:
        reason = f"{problem.strerror or problem}"
    if reason:
        say(f"{pdf} is not written: {reason}.")
        return None
    return pdf


def _converted(program: str, pptx: Path, work: Path, pdf: Path) -> str:
    """Convert a copy in `work` and put what comes out in its place; or the reason why nothing came out."""
    copy, made = work / "deck.pptx", work / "deck.pdf"
    shutil.copyfile(pptx, copy)
    reason = _run([
        program, "--headless", "--norestore", "--nologo", "--nolockcheck", f"-env:UserInstallation={(work / 'profile').as_uri()}",
        "--convert-to", "pdf:impress_pdf_Export", "--outdir", str(work), str(copy),
    ])  # fmt: skip
    if reason or not made.is_file():  # a file that it cannot load is no error to LibreOffice
        return reason or "LibreOffice made nothing of the deck"
    part = pdf.with_name(f".{pdf.name}.{os.getpid()}")
    try:
        shutil.copyfile(made, part)
        part.replace(pdf)
    finally:
        part.unlink(missing_ok=True)
    return ""


def _run(command: Sequence[str]) -> str:
    """Run a program until it ends, at most for `LONGEST`; the reason when it fails. Whatever happens, it is gone afterwards."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603 - a program of `PROGRAMS`, on a copy with a name of our own
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        code = process.wait(LONGEST)
    except subprocess.TimeoutExpired:
        return f"LibreOffice took more than {LONGEST:.0f} seconds"
    finally:
        _end(process)
    return f"LibreOffice stopped with exit code {code}" if code else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and those that it started."""
    if process.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
