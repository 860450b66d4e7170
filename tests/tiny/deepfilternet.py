"""DeepFilterNet 3 as it is, 9 MB, with weights of no meaning; built where its library is installed."""

import sys
from importlib import import_module
from pathlib import Path


def build(folder: Path) -> None:
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    state = import_module("wavagent.tools.deepfilternet").network().model.state_dict()
    save_file({name: tensor.contiguous().clone() for name, tensor in state.items()}, folder / "model.safetensors")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
