import importlib
from typing import Any

import numpy as np
import pytest

from tests.tiny.ast_tags import LABELS
from wavagent.audio import Audio
from wavagent.tool import Request

ast_tags = importlib.import_module("wavagent.tools.ast_tags")

pytestmark = pytest.mark.usefixtures("models")

SOUND = {"audio": Audio.of(0.2 * np.sin(np.arange(40_000) * 0.3), 16_000)}


def test_labels_are_likely_each_by_itself_and_classes_add_up_to_one(tiny: Any) -> None:
    import torch
    from transformers import ASTForAudioClassification, AutoFeatureExtractor

    folder = tiny("ast_tags")
    (result,) = ast_tags.AstTags({"": folder})([Request(ast_tags.AstParams(classes=True, top=6), SOUND)])
    told = AutoFeatureExtractor.from_pretrained(folder)(
        SOUND["audio"].samples[:, 0], sampling_rate=16_000, return_tensors="pt"
    )
    with torch.no_grad():
        logits = ASTForAudioClassification.from_pretrained(folder).eval()(**told).logits[0]
    expected = dict(zip(LABELS, torch.sigmoid(logits).tolist(), strict=True))
    assert result.data["labels"] == pytest.approx(expected, abs=1e-5)
    assert result.data["classes"] == pytest.approx(torch.softmax(logits, 0).tolist(), abs=1e-5)
    assert sum(result.data["classes"]) == pytest.approx(1.0)


def test_classes_are_told_only_when_they_are_asked_for(tiny: Any) -> None:
    (result,) = ast_tags.AstTags({"": tiny("ast_tags")})([Request(ast_tags.AstParams(top=2), SOUND)])
    assert set(result.data) == {"labels", "events"} and len(result.data["labels"]) == 2
