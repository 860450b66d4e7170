"""An expert: a tool whose model is loaded from weights when it is first asked, kept, and let go again."""

import sys
import threading
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from wavagent.errors import Broken, Unavailable
from wavagent.tool import Request, Result, Tool, Weights
from wavagent.weights import folder_of, pin_of

from .failure import translated
from .turns import TURNS

Model = TypeVar("Model")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a model is loaded from and to: `folders` by part, a torch `device`, and the `dtype` it computes in.

    `pickles`: the parts of which the person who fetched their weights allowed that pickles are loaded.
    """

    folders: Mapping[str, Path]
    device: str
    dtype: Any
    pickles: frozenset[str] = frozenset()

    @property
    def folder(self) -> Path:
        return self.folders[""]

    @property
    def pickle(self) -> bool:
        return "" in self.pickles

    def of(self, part: str) -> "Place":
        """The place of one part alone, where that is the model itself."""
        return replace(self, folders={"": self.folders[part]}, pickles=frozenset({""} if part in self.pickles else ()))

    @property
    def loading(self) -> dict[str, Any]:
        """What `from_pretrained` is told besides the folder: nothing is fetched, nothing but safetensors is opened."""
        return {"local_files_only": True, "use_safetensors": None if self.pickle else True}


class Expert(Tool, Generic[Model]):
    """A tool with a model. `folders`, for tests, says where the weights of each part are; else they were fetched."""

    def __init__(self, folders: Mapping[str, Path] | None = None) -> None:
        self._folders = folders
        self._model: Model | None = None
        self._made_of = ""  # the weights that the model was loaded from, as `_weights` names them
        self._busy = threading.Lock()  # a model does one batch at a time
        self._stopped = threading.Event()

    @abstractmethod
    def load(self, place: Place) -> Model:
        """The model, ready to run. Imports its libraries here."""

    @abstractmethod
    def make(self, model: Model, requests: Sequence[Request]) -> Sequence[Result]:
        """One result for each request. Calls `alive` between steps."""

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        """Raises Unavailable without weights, OutOfMemory, and Broken when it was stopped."""
        import torch

        with self._busy, translated(self.card.name), torch.inference_mode():
            self._stopped.clear()
            model = self._ready()
            with TURNS.running():
                self.alive()
                return self.make(model, requests)

    def stop(self) -> None:
        self._stopped.set()

    def unload(self) -> None:
        import torch

        with self._busy:
            self._model = None
            if torch.cuda.is_available():
                torch.cuda.empty_cache()

    @property
    def edition(self) -> str:
        pins = [pin_of(self.card.name, weights.part) for weights in self.card.weights]
        return " ".join(pin.edition for pin in pins if pin is not None)

    def chosen(self) -> Sequence[Weights]:
        """The weights that it loads."""
        return self.card.weights

    def lack(self) -> str | None:
        return None if self._folders is not None else super().lack()

    def alive(self, *_: Any) -> None:
        """To be called between two steps. Raises Broken when the run was stopped."""
        if self._stopped.is_set():
            raise Broken(f"tool '{self.card.name}' was stopped")

    def _ready(self) -> Model:
        """The model of the weights that are there now; they may be others than when it was loaded."""
        weights = self._weights()
        if self._model is None or weights != self._made_of:
            self._model = None  # there is no room for two
            place = self._place()
            with TURNS.loading():
                self.alive()  # it may have waited long for its turn
                _silenced()
                self._model, self._made_of = self.load(place), weights
        return self._model

    def _weights(self) -> str:
        """The editions of all parts that it loads, and whether pickles of them are allowed."""
        if self._folders is not None:
            return ""
        pins = {weights.part: pin_of(self.card.name, weights.part) for weights in self.chosen()}
        return " ".join(f"{part}={pin.edition}/{pin.pickle}" for part, pin in pins.items() if pin is not None)

    def _place(self) -> Place:
        if missing := self.missing():
            raise Unavailable(f"tool '{self.card.name}' needs {', '.join(missing)}: {self.card.install}")
        folders = self._folders or {weights.part: folder_of(self, weights) for weights in self.chosen()}
        device = device_here()
        return Place(folders, device, self._dtype(device), frozenset(filter(self._pickled, folders)))

    def _pickled(self, part: str) -> bool:
        """Whether pickles are allowed of a part."""
        pin = pin_of(self.card.name, part) if self._folders is None else None
        return pin is not None and pin.pickle

    def _dtype(self, device: str) -> Any:
        """What the card says where the device is quick with it: half precision on a CPU is slower and sounds worse."""
        import torch

        quick = self.card.dtype == "bfloat16" and device == "cuda" and torch.cuda.is_bf16_supported()
        return torch.bfloat16 if quick else torch.float32


def _silenced() -> None:
    """No progress bars of the libraries' own, even where a person asked for quiet: a run is told by its events."""
    from huggingface_hub.utils import disable_progress_bars

    disable_progress_bars()  # which transformers looks at when it is imported
    if "transformers" in sys.modules:
        from transformers.utils import logging

        logging.disable_progress_bar()


def device_here() -> str:
    """The best device of this machine, as torch names it."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"
