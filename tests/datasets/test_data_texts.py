"""Texts: Alice as committed, files of one's own, and what is refused."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from datasets import DataError, Images, Text, committed, load, load_text, rebuild
from datasets.texts import HELD_OUT, LARGEST, MOST_SYMBOLS, SHORTEST, made_of

LINE = "The Quick  brown\r\nfox, "


@pytest.fixture(scope="module")
def alice() -> Text:
    book = load("alice")
    assert isinstance(book, Text)
    return book


def test_alice_is_the_book(alice: Text) -> None:
    """Its hash is computed over plain bytes without our helpers."""
    stored = committed.read("alice.npz")["text"].tobytes()
    assert hashlib.sha256(stored).hexdigest() == committed.HASHES["alice.npz"]["text"]
    assert alice.letters.encode() == stored
    assert "alice was beginning to get very tired of sitting by her sister" in alice.letters
    assert Counter(alice.letters.split())["alice"] > 100


def test_alice_has_the_documented_form(alice: Text) -> None:
    assert alice.letters == alice.letters.lower()
    assert alice.letters == " ".join(alice.letters.split())
    assert alice.symbols == "".join(sorted(set(alice.letters)))
    assert alice.codes.dtype == np.int64
    assert [alice.symbols[code] for code in alice.codes[:5]] == list(alice.letters[:5])


def test_the_last_tenth_is_held_out(alice: Text) -> None:
    n = len(alice.codes)
    assert len(alice.test) == -(-n // HELD_OUT)
    assert np.array_equal(np.concatenate([alice.train, alice.test]), alice.codes)


def test_a_text_of_your_own(tmp_path: Path) -> None:
    file = tmp_path / "my.txt"
    file.write_text("\ufeff" + LINE * 60, encoding="utf-8")
    text = load_text(str(file))
    assert isinstance(text, Text)
    assert text.name == "my.txt"
    assert text.letters.startswith("the quick brown fox, the quick")
    assert text.digest != made_of("my.txt", LINE * 61).digest


def test_a_digest_is_of_the_letters_and_not_of_their_numbers_alone() -> None:
    ours, others = made_of("a", LINE * 60), made_of("a", LINE.replace("x", "z") * 60)
    assert np.array_equal(ours.codes, others.codes)
    assert ours.digest != others.digest


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"short", rf"has 5 letters; expected {SHORTEST:,} or more"),
        (b"", "is empty"),
        (b"\xff\xfe" + b"a" * 2000, r"is no text in UTF-8 \(byte 0\)"),
        (b"a\0" * 2000, "holds a zero byte"),
        (b"a" * (LARGEST + 1), "at most"),
        ("".join(map(chr, range(0x4E00, 0x4E00 + 1200))).encode(),
         rf"has 1,200 different letters; expected {MOST_SYMBOLS} or fewer"),
    ],
    ids=["short", "empty", "UTF-16", "zeros", "large", "many symbols"],
)  # fmt: skip
def test_what_is_no_text_is_refused_in_one_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    file = tmp_path / "wrong.txt"
    file.write_bytes(content)
    with pytest.raises(DataError, match=message) as refused:
        load_text(file)
    assert "\n" not in str(refused.value)


def test_an_unknown_text_is_answered_by_the_list() -> None:
    with pytest.raises(DataError, match=r"unknown data set 'alise'.*did you mean alice\?.*text"):
        load_text("alise")


def test_a_name_of_other_data_is_loaded_for_whoever_asks() -> None:
    """The lesson then says that it takes texts."""
    assert isinstance(load_text("fashion10k"), Images)


def test_the_archive_or_its_text_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, out = b"Alice  was\r\nbeginning to get very tired.\r\n", io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in (("b/tests/asyoulik.txt", b"other"), ("b/tests/alice29.txt", book)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    monkeypatch.setattr(rebuild, "ARCHIVE_SHA256", hashlib.sha256(out.getvalue()).hexdigest())
    (tmp_path / "a.tar.gz").write_bytes(out.getvalue())
    monkeypatch.setattr(rebuild, "ALICE_SHA256", hashlib.sha256(book).hexdigest())
    text = rebuild.build_alice(tmp_path / "a.tar.gz")["text"]
    assert text.tobytes().decode() == "alice was beginning to get very tired."
