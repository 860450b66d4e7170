import gc
import importlib
import weakref
from typing import Any

import pytest

from wavagent.errors import OutOfMemory, Unavailable

failure = importlib.import_module("wavagent.tools._expert.failure")


class Tensor:
    """What takes the memory."""


def test_what_a_batch_had_made_is_gone_before_half_of_it_is_tried() -> None:
    made: list[Any] = []

    def batch() -> None:
        tensor = Tensor()
        made.append(weakref.ref(tensor))
        raise RuntimeError("CUDA out of memory. Tried to allocate 2 GiB")

    gc.disable()
    try:
        with pytest.raises(OutOfMemory, match="tool 'bell' ran out of memory: CUDA out of memory") as kept:
            with failure.translated("bell"):
                batch()
        assert kept.value.__context__ is not None
        assert made[0]() is None
    finally:
        gc.enable()


def test_any_other_failure_goes_by() -> None:
    with pytest.raises(RuntimeError, match="a shape"), failure.translated("bell"):
        raise RuntimeError("a shape of no use")


@pytest.mark.parametrize("said", ["model.safetensors", "model.safetensors, or pytorch_model.bin,"])
def test_a_model_that_is_not_in_its_folder_is_named_with_the_folder(said: str) -> None:
    with pytest.raises(
        Unavailable, match=r"'bell' finds no model.safetensors in '/own/a b'; .* fetch bell --folder DIR"
    ):
        with failure.translated("bell"):
            raise OSError(f"Error no file named {said} found in directory /own/a b.")
    with pytest.raises(OSError, match="no space"), failure.translated("bell"):
        raise OSError("no space left on the device")
