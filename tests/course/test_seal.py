"""Cards that were sealed before there was one module for it are sound, and changed ones are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.checkpoint_format import Unsound, _read_card
from course.record import read_card
from course.seal import SEAL, is_sealed, seal_of
from datasets import DataError

# As the code before course/seal.py wrote them.
OLD_RECORD = "ce5e0bfc44b2899c93cf880a740d83d23f66b596e691702e9492f26e5ca4a2aa"
OLD_CHECKPOINT = """{
 "card": {
  "format": 1,
  "steps done": 3
 },
 "seal": "3c739096bee5d1452680ed28acfeda6cd1d200991dbca648187fcc5e187c2f35"
}
"""
VALUES = st.dictionaries(st.text(), st.integers() | st.floats() | st.text() | st.none())


@pytest.mark.parametrize("indent", [None, 2])
def test_the_card_of_an_old_record_is_read(tmp_path: Path, indent: int | None) -> None:
    card = {"status": "complete", "format": 1, "files": {}}
    file = tmp_path / "card.json"
    file.write_text(json.dumps(card | {SEAL: OLD_RECORD}, indent=indent), encoding="utf-8")
    assert read_card(file)["status"] == "complete"
    file.write_text(json.dumps(card | {SEAL: OLD_RECORD, "status": "x"}), encoding="utf-8")
    with pytest.raises(DataError, match="its seal differs"):
        read_card(file)


def test_the_card_of_an_old_checkpoint_is_read(tmp_path: Path) -> None:
    file = tmp_path / "step-1.json"
    file.write_text(OLD_CHECKPOINT, encoding="utf-8")
    assert _read_card(file)["steps done"] == 3
    for changed in (OLD_CHECKPOINT.replace("3", "4", 1), OLD_CHECKPOINT.replace(" ", "  ", 1)):
        file.write_text(changed, encoding="utf-8")
        with pytest.raises(Unsound, match="its seal differs"):
            _read_card(file)


@given(VALUES, VALUES)
def test_only_its_own_content_is_sealed(card: dict[str, object], change: dict[str, object]) -> None:
    content = {key: value for key, value in card.items() if key != SEAL}
    assert is_sealed(content | {SEAL: seal_of(content)})
    other = {key: value for key, value in (content | change).items() if key != SEAL}
    same = json.dumps(other, sort_keys=True) == json.dumps(content, sort_keys=True)
    assert is_sealed(other | {SEAL: seal_of(content)}) == same
    assert not is_sealed(content)
