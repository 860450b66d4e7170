"""torchaudio without its compiled part, which PyPI has for CUDA alone: beside a torch without CUDA it does not load."""

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


def uncompiled() -> None:
    """From now on `import torchaudio` brings what is written in Python: transforms, resampling, filters; no alignment.

    To be called in a worker of its own before anything there imports torchaudio; it is too late after that.
    """
    name = "torchaudio._extension"
    if name in sys.modules:
        return
    extension: Any = ModuleType(name)
    extension.__spec__ = ModuleSpec(name, None)
    extension._IS_TORCHAUDIO_EXT_AVAILABLE = extension._IS_ALIGN_AVAILABLE = False
    extension.fail_if_no_align = lambda function: function  # it fails by itself when it is called
    sys.modules[name] = extension
