"""Which files are taken as evidence: the content must be what the name says."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncc_kernel.errors import Rejected
from ncc_kernel.model.evidence import LARGEST, LONGEST_NAME, file_key, parse_file


def archive(*names: str, first: tuple[str, bytes] | None = None) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        if first:
            made.writestr(*first)
        for name in names:
            made.writestr(name, "x")
    return kept.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
ODT = archive("content.xml", first=("mimetype", b"application/vnd.oasis.opendocument.text"))
MACRO = archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
PDF, PNG, JPEG = b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n0", b"\xff\xd8\xff\xe0"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("a.PNG", PNG),
        ("a.jpg", JPEG),
        ("a.jpeg", JPEG),
        ("a.docx", DOCX),
        ("a.xlsx", XLSX),
        ("a.odt", ODT),
        ("a.txt", "Zażółć gęślą jaźń\r\n".encode()),
    ],
)
def test_a_file_of_a_kind_that_is_named_is_taken(name: str, content: bytes) -> None:
    found = parse_file("D1.1", name, content)

    assert (found.question, found.name, found.size) == ("D1.1", name, len(content))
    assert file_key(found) == f"D1.1:{found.sha256[:32]}"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"MZ this is a program"),
        ("a.png", JPEG),
        ("a.docx", XLSX),
        ("a.docx", MACRO),
        ("a.docx", b"PK\x03\x04 torn"),
        ("a.odt", DOCX),
        ("a.odt", archive("content.xml", "Basic/script.xlb", first=("mimetype", ODT[38:77]))),
        ("a.txt", b"\x00\x01\x02"),
        ("a.txt", "zażółć".encode("cp1250")),
        ("a.html", b"<script>alert(1)</script>"),
        ("a.svg", b"<svg/>"),
        ("a.exe", b"MZ"),
        ("a", PDF),
        ("a.pdf", b""),
        ("a.pdf", PDF + b"0" * LARGEST),
    ],
)
def test_what_is_not_what_its_name_says_is_refused_in_words(name: str, content: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        parse_file("D1.1", name, content)

    assert refused.value.what.endswith(".")
    assert refused.value.hint


def test_an_archive_that_would_burst_is_refused() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "x")
        made.writestr("word/document.xml", b"0" * (101 * 1024 * 1024))

    with pytest.raises(Rejected):
        parse_file("D1.1", "a.docx", kept.getvalue())


@pytest.mark.parametrize(
    ("raw", "called"),
    [
        ("C:\\Users\\ana\\plan.pdf", "plan.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ('a"b\r\nX: y.pdf', "ab X: y.pdf"),
        (".pdf.pdf", "pdf.pdf"),
        ("ação.pdf", "ação.pdf"),
        (f"{'a' * 300}.pdf", f"{'a' * (LONGEST_NAME - 4)}.pdf"),
    ],
)
def test_a_name_is_its_last_part_on_one_line(raw: str, called: str) -> None:
    assert parse_file("D1.1", raw, PDF).name == called


@given(st.text(max_size=300))
def test_no_name_leads_anywhere_or_breaks_a_header(raw: str) -> None:
    called = parse_file("D1.1", f"{raw}.pdf", PDF).name

    assert called.endswith(".pdf")
    assert len(called) <= LONGEST_NAME
    assert not set('\r\n"\\/\x00') & set(called)
