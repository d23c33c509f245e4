"""Public pairs of models: every parameter mapped, the known causes named, and the proof."""

import pytest

from tests.port.real_pairs import PAIRS, check, missing

# Of models of a dozen to 240 layers; the largest measured was 3e-15.
PROOF = 1e-12
IN_MAKE_TEST = {"MobileNetV2", "BERT", "GPT-2", "attention block"}

absent = missing()


@pytest.mark.skipif(bool(absent), reason=f"not installed: {absent}")
@pytest.mark.parametrize(
    "pair",
    [
        pytest.param(
            p,
            id=p.name,
            marks=[
                *([] if p.name in IN_MAKE_TEST else [pytest.mark.slow]),
                *([pytest.mark.xfail(reason=p.unfinished)] if p.unfinished else []),
            ],
        )
        for p in PAIRS
    ],
)
def test_a_real_pair(pair):
    result, _ = check(pair)
    assert result.unmapped == []
    assert result.ambiguous == []
    assert all(cause.proved for cause in result.causes), str(result)
    texts = [cause.text for cause in result.causes]
    assert len(texts) == len(pair.causes), str(result)
    for text, part in zip(texts, pair.causes, strict=True):
        assert part in text
    assert result.proof <= PROOF
