"""SepFormer with one layer of 16 in each of its transformers: 0.5 MB; built where SpeechBrain is installed."""

import sys
from importlib import import_module
from pathlib import Path

WIDTH = 16


def build(folder: Path) -> None:
    import torch

    import_module("wavagent.tools._torchaudio").uncompiled()
    from speechbrain.lobes.models.dual_path import Decoder, Dual_Path_Model, Encoder, SBTransformerBlock

    def block() -> SBTransformerBlock:
        return SBTransformerBlock(1, WIDTH, 8, 32, dropout=0.0, use_positional_encoding=True, norm_before=True)

    torch.manual_seed(0)
    parts = {
        "encoder": Encoder(kernel_size=16, out_channels=WIDTH),
        "masknet": Dual_Path_Model(
            WIDTH, WIDTH, block(), block(), num_layers=2, K=250, linear_layer_after_inter_intra=False
        ),
        "decoder": Decoder(WIDTH, 1, kernel_size=16, stride=8, bias=False),
    }
    for name, module in parts.items():
        torch.save(module.state_dict(), folder / f"{name}.ckpt")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
