"""A checkpoint on disk: what was written comes back to the bit, or is named as damaged."""

from __future__ import annotations

import errno
import json
import os
import pickle
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from adapters.contract import Array
from course import checkpoint_format
from course.checkpoint_format import Unsound, read, write
from course.digests import digest

ARRAYS = {
    "param_0": np.arange(6, dtype=np.float32).reshape(2, 3) / 7,
    "velocity_0": np.array([[-0.0, np.inf], [np.nan, 5e-324]]),
    "step": np.array(12),
    "losses": np.zeros(0, np.float32),
}
CARD = {"steps done": 3, "of": {"name": "a b é", "learning rate": 0.1}}


def same_bits(a: Array, b: Array) -> bool:
    """Shape, dtype and every bit, those of NaN and of −0 too."""
    return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()


KINDS = st.sampled_from([np.dtype(t) for t in ("<f4", "<f8", "<i8", ">f8", "<u1")])
ONE = KINDS.flatmap(lambda kind: arrays_of.arrays(kind, arrays_of.array_shapes(min_dims=0)))


@given(st.dictionaries(st.text("abc_019", min_size=1), ONE | ONE.map(np.transpose), max_size=4))
def test_checkpoints_are_read_back_to_the_bit(arrays: dict[str, Array]) -> None:
    """Any shape, also of a transposed or big-endian array, whose values are kept."""
    with tempfile.TemporaryDirectory() as folder:
        back, card = read(write(Path(folder) / "a" / "b", "one", arrays, CARD))
    assert set(back) == set(arrays)
    for name, array in arrays.items():
        assert same_bits(back[name], array.astype(array.dtype.newbyteorder("<")))
        assert back[name].flags.writeable
    assert card.items() >= CARD.items()


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
def test_every_changed_byte_is_detected(suffix: str, tmp_path: Path) -> None:
    """Each byte of both files, changed in one bit, in all of them, and to a blank."""
    card = write(tmp_path, "one", ARRAYS, CARD)
    file = card.with_suffix(suffix)
    content = file.read_bytes()
    for i, byte in enumerate(content):
        for other in {byte ^ 1, byte ^ 0xFF, 0x20} - {byte}:
            file.write_bytes(content[:i] + bytes([other]) + content[i + 1 :])
            with pytest.raises(Unsound, match="has changed since it was written"):
                read(card)
    file.write_bytes(content)
    assert same_bits(read(card)[0]["velocity_0"], ARRAYS["velocity_0"])


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
def test_every_truncation_is_detected(suffix: str, tmp_path: Path) -> None:
    """Cut at every byte, with something behind it, empty, and gone."""
    card = write(tmp_path, "one", ARRAYS, CARD)
    file = card.with_suffix(suffix)
    content = file.read_bytes()
    reason = "its seal differs" if suffix == ".json" else "bytes instead of"
    for cut in [*(content[:i] for i in range(len(content))), content + b"\n", content * 2]:
        file.write_bytes(cut)
        with pytest.raises(Unsound, match=f"{file.name} (.*{reason}|is empty)"):
            read(card)
    file.unlink()
    with pytest.raises(Unsound, match="No such file"):
        read(card)


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "3", '{"card": 3, "seal": 4}', "[" * 100_000, '{"card": NaN}', "\0" * 99,
     json.dumps({"card": {"bytes": 10**15}, "seal": ""}), "é" * 600_000],
    ids=lambda text: f"{text[:12]!r}, {len(text)}",
)  # fmt: skip
def test_invalid_cards_are_refused(text: str, tmp_path: Path) -> None:
    """Whatever stands in it, deeply nested or huge: one line, at once."""
    card = write(tmp_path, "one", ARRAYS, CARD)
    card.write_text(text, encoding="utf-8")
    with pytest.raises(Unsound) as refused:
        read(card)
    assert "\n" not in str(refused.value)


def test_sealed_nonsense_is_refused(tmp_path: Path) -> None:
    """A card with a seal of its own, for arrays that are a pickle: nothing is unpickled."""
    content = pickle.dumps({"a": 1})
    (tmp_path / "one.safetensors").write_bytes(content)
    card = {"format": 1, "bytes": len(content), "sha256": digest([content])}
    (tmp_path / "one.json").write_bytes(checkpoint_format._sealed(card))
    with pytest.raises(Unsound, match="holds no arrays"):
        read(tmp_path / "one.json")
    (tmp_path / "one.json").write_bytes(checkpoint_format._sealed(card | {"format": 2}))
    with pytest.raises(Unsound, match="format 1"):
        read(tmp_path / "one.json")


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
@pytest.mark.parametrize("number", [1, 2])
def test_a_full_disk_leaves_existing_files(
    call: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Full in the first file or in the second, at its bytes, its flush or its name."""
    before = write(tmp_path, "one", ARRAYS, CARD)
    files = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    calls = 0

    def full(*args: object) -> None:
        nonlocal calls
        calls += 1
        # The folder is flushed too, between the two files.
        if calls == (2 * number - 1 if call == "fsync" else number):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(*args)

    if call == "fsync":
        real = os.fsync
        monkeypatch.setattr(os, "fsync", full)
    elif call == "replace":
        real = Path.replace
        monkeypatch.setattr(Path, "replace", full)
    else:

        def nothing_more(number: int, mode: str) -> object:
            full()
            return opened(number, mode)

        real, opened = (lambda: None), os.fdopen
        monkeypatch.setattr(os, "fdopen", nothing_more)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path, "two", ARRAYS, CARD)
    left = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert left.items() >= files.items()
    # Of the new one at most the arrays, which do not count without a card.
    assert set(left) - set(files) <= {"two.safetensors"}
    assert same_bits(read(before)[0]["param_0"], ARRAYS["param_0"])


def test_the_card_is_written_last_and_flushed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flush, name, flush the folder; for the arrays, and only then for the card."""
    events: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def flushed(number: int) -> None:
        events.append("folder" if os.path.isdir(f"/proc/self/fd/{number}") else "file")  # noqa: PTH112
        fsync(number)

    def named(self: Path, target: Path) -> Path:
        events.append(target.suffix)
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(Path, "replace", named)
    write(tmp_path, "one", ARRAYS, CARD)
    assert events == ["file", ".safetensors", "folder", "file", ".json", "folder"]
