"""A file that shows what an answer says: which kinds are taken, and how their content proves it.

A name alone proves nothing: the first bytes, and for the kinds that are archives what is in them,
must be of the kind that the name says. Nothing that runs (macros, scripts, pages) is among them.
"""

import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated

from pydantic import Field, StringConstraints

from ncc_kernel.errors import Rejected
from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.number import Whole
from ncc_kernel.model.text import Key, showable

LARGEST = 5 * 1024 * 1024
"""Bytes of a file."""

MOST_FILES = 10
"""Files of one statement."""

LARGEST_UNPACKED = 100 * 1024 * 1024
LONGEST_NAME = 120


class EvidenceFile(Frozen):
    """A file beside the answer to a question: what it is called, and which content it is."""

    question: Key
    name: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[Whole, Field(ge=1, le=LARGEST)]


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that is taken."""

    ending: str
    words: str
    media: str
    fits: Callable[[bytes], bool]


def _begins(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(starts)


def _office(part: str) -> Callable[[bytes], bool]:
    """Whether it is an archive with that part and with no macro in it."""

    def fits(content: bytes) -> bool:
        names = _parts(content)
        macro = any(name.lower().endswith("vbaproject.bin") for name in names)
        return part in names and "[Content_Types].xml" in names and not macro

    return fits


def _open_document(content: bytes) -> bool:
    """Whether its first part names the kind, as the standard asks, and no script is in it."""
    names = _parts(content)
    script = any(name.startswith(("Basic/", "Scripts/")) for name in names)
    media = b"mimetypeapplication/vnd.oasis.opendocument.text"
    return content[30:].startswith(media) and "content.xml" in names and not script


def _parts(content: bytes) -> frozenset[str]:
    """The names in an archive; none where it is no archive, or one that would burst."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return frozenset()
    if len(found) > 10_000 or sum(one.file_size for one in found) > LARGEST_UNPACKED:  # noqa: PLR2004
        return frozenset()
    return frozenset(one.filename for one in found)


def _plain(content: bytes) -> bool:
    """Whether it is text that can be shown whole."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return showable(text) == text.replace("\r\n", "\n").replace("\r", "\n")


_OFFICE = "application/vnd.openxmlformats-officedocument."
FILE_KINDS = (
    FileKind(".pdf", "PDF", "application/pdf", _begins(b"%PDF-")),
    FileKind(".png", "PNG", "image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    FileKind(".jpg", "JPEG", "image/jpeg", _begins(b"\xff\xd8\xff")),
    FileKind(".jpeg", "JPEG", "image/jpeg", _begins(b"\xff\xd8\xff")),
    FileKind(".docx", "DOCX", f"{_OFFICE}wordprocessingml.document", _office("word/document.xml")),
    FileKind(".xlsx", "XLSX", f"{_OFFICE}spreadsheetml.sheet", _office("xl/workbook.xml")),
    FileKind(".odt", "ODT", "application/vnd.oasis.opendocument.text", _open_document),
    FileKind(".txt", "plain text (TXT, UTF-8)", "text/plain; charset=utf-8", _plain),
)

_WORDS = tuple(dict.fromkeys(kind.words for kind in FILE_KINDS))
TAKEN = (
    f"{', '.join(_WORDS[:-1])} or {_WORDS[-1]}; at most {LARGEST // 2**20} MB each, "
    f"{MOST_FILES} files for a statement."
)
"""What a form says before a file is chosen."""

ENDINGS = ",".join(kind.ending for kind in FILE_KINDS)


def file_kind(name: str) -> FileKind | None:
    """The kind that the ending of the name says."""
    ending = PurePosixPath(name).suffix.lower()
    return next((kind for kind in FILE_KINDS if kind.ending == ending), None)


def parse_file(question: str, name: str, content: bytes) -> EvidenceFile:
    """The file as the record names it, or Rejected with what is wrong with it."""
    if not content:
        raise Rejected("The file is empty.", "choose another")
    if len(content) > LARGEST:
        raise Rejected(
            f"The file has more than {LARGEST // 2**20} MB.", "send a smaller one, or give a link"
        )
    called = _called(name)
    kind = file_kind(called)
    if kind is None:
        raise Rejected(f"Files of the kind of {called!r} are not taken.", f"send {TAKEN}")
    if not kind.fits(content):
        said = f"What is in {called!r} is not {kind.words}, or it is one with macros."
        raise Rejected(said, "save it anew in the program that made it, then send it")
    return EvidenceFile(
        question=question,
        name=called,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )


def file_key(file: EvidenceFile) -> str:
    """The key of its entry: the same file beside the same question is one entry."""
    return f"{file.question}:{file.sha256[:32]}"


def _called(raw: str) -> str:
    """The last part of what a browser calls it, on one line, with its ending kept."""
    last = PureWindowsPath(PurePosixPath(str(showable(raw))).name).name
    spaced = "".join(c if c.isprintable() else " " for c in last if c not in '"\\/')
    name = " ".join(spaced.split())
    ending = PurePosixPath(f"file{name}").suffix[:10]
    stem = name.removesuffix(ending)[: LONGEST_NAME - len(ending)].strip(". ") or "file"
    return f"{stem}{ending}"
