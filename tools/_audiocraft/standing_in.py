"""What audiocraft imports and then does not use: enough of it that the import goes through.

It asks for xformers, whose wheels are for CUDA and for one torch each, and takes nothing from it but a name for
`torch.unbind` and a mark for a causal mask, for its attention is torch's own. It asks for spacy for models that have no
T5, of which none was published. Both stand in for the real ones only in this process, and only where those are missing.
"""

import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from .._torchaudio import uncompiled


def stand_in() -> None:
    """From now on `import audiocraft` goes through."""
    import torch

    uncompiled()
    if _missing("xformers"):
        _put("xformers", ops=_put("xformers.ops", unbind=torch.unbind, LowerTriangularMask=Causal, **_UNUSED))
    if _missing("spacy"):
        _put("spacy")


class Causal:
    """The mask of a step that may look back alone; torch is told so by its being there."""


_UNUSED = {"memory_efficient_attention": None}
"""Looked for, and used where somebody chooses xformers' attention over torch's."""


def _missing(name: str) -> bool:
    return name not in sys.modules and find_spec(name) is None


def _put(name: str, **contents: Any) -> ModuleType:
    module = sys.modules[name] = ModuleType(name)
    module.__spec__ = ModuleSpec(name, None)
    vars(module).update(contents)
    return module
