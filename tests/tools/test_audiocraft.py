"""AudioGen and MusicGen without audiocraft: modules and a model that say what it would, in the same shapes."""

import importlib
import os
import pickle
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.environment import PYTHON, Environment
from wavagent.errors import Broken, OutOfMemory, Refused, Unavailable
from wavagent.tool import Request, accept, installed

pytest.importorskip("torch", reason="the experts' libraries are not installed")
audiogen = importlib.import_module("wavagent.tools.audiogen")
melodic = importlib.import_module("wavagent.tools.audiocraft_melody")
crafted = importlib.import_module("wavagent.tools._audiocraft.crafted")
checkpoint = importlib.import_module("wavagent.tools._audiocraft.checkpoint")
standing_in = importlib.import_module("wavagent.tools._audiocraft.standing_in")
experts = importlib.import_module("wavagent.tools._expert")

pytestmark = pytest.mark.usefixtures("models")

TOOLS = ("audiogen", "audiocraft_musicgen", "audiocraft_melody")
RATE = 16_000


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., ModuleType]]:
    """Puts modules of these names where `import` finds them, for the test."""

    def put(name: str, **contents: Any) -> ModuleType:
        module = ModuleType(name)
        vars(module).update(contents)
        monkeypatch.setitem(sys.modules, name, module)
        return module

    yield put


@pytest.fixture
def utils(modules: Callable[..., ModuleType]) -> ModuleType:
    """What audiocraft draws with."""
    made = modules("audiocraft.utils.utils", multinomial=None)
    modules("audiocraft.utils", utils=made)
    modules("audiocraft")
    return made


class Model:
    """Draws a token for every 50th of a second; the clip is what was drawn, and how many tokens of text were heard."""

    sample_rate, audio_channels, max_duration = RATE, 1, 10.0

    def __init__(self, utils: ModuleType) -> None:
        self.utils, self.told, self.widths = utils, {}, []  # type: ignore[var-annotated]
        heard = SimpleNamespace(t5_tokenizer=lambda what: SimpleNamespace(input_ids=what.split()))
        self.lm = SimpleNamespace(condition_provider=SimpleNamespace(conditioners={"description": heard}))

    def set_custom_progress_callback(self, callback: Any) -> None:
        self.callback = callback

    def set_generation_params(self, **told: Any) -> None:
        self.told = told

    def generate(self, whats: list[str], progress: bool) -> Any:
        import torch

        assert progress
        self.widths.append(len(whats))
        drawn = []
        for step in range(self.told["duration"] * 50):
            self.callback(step, self.told["duration"] * 50)
            drawn.append(self.utils.multinomial(torch.full((len(whats), 4, 64), 1 / 64), num_samples=1)[:, :1])
        heard = max(len(what.split()) for what in whats)
        return torch.cat(drawn, -1).repeat_interleave(RATE // 50, -1) / 64 + heard


@pytest.fixture
def tool(utils: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """AudioGen with that model."""
    made, model = audiogen.Audiogen({"model": tmp_path, "text": tmp_path}), Model(utils)

    def load(place: Any) -> Model:
        model.set_custom_progress_callback(made.alive)
        return model

    monkeypatch.setattr(made, "load", load)
    monkeypatch.setattr(made, "missing", tuple)
    made.model = model
    return made


def wanted(what: str, seconds: float | None, seed: int, **settings: Any) -> Request:
    return Request(accept(audiogen.TOOL, {"what": what, "seconds": seconds, **settings}), {}, seed)


RAIN, DOG, WIND = wanted("rain", 0.7, 1), wanted("a dog", 2.0, 2), wanted("wind", 0.9, 3)


def test_a_batch_of_mixed_lengths_gives_each_its_own_in_order(tool: Any) -> None:
    made = tool([RAIN, DOG, WIND, wanted("hail", None, 4)])
    assert [one.audio.seconds for one in made] == [0.7, 2.0, 0.9, 5.0]
    assert {(one.audio.rate, one.audio.channels) for one in made} == {(tool.card.rate, tool.card.channels)}
    for together, request in zip(made, (RAIN, DOG, WIND), strict=False):
        np.testing.assert_array_equal(together.audio.samples, tool([request])[0].audio.samples)


def test_only_what_is_as_long_and_has_as_many_words_is_one_batch(tool: Any) -> None:
    tool([RAIN, DOG, WIND, wanted("hail", 0.7, 4, guidance=2.0), wanted("a cat", 1.5, 5)])
    assert sorted(tool.model.widths) == [1, 2, 2]
    assert (tool.model.told["top_k"], tool.model.told["extend_stride"]) == (0, 2.0)


def test_the_seed_is_heard(tool: Any) -> None:
    one, other = tool([RAIN, wanted("rain", 0.7, 9)])
    assert np.abs(one.audio.samples - other.audio.samples).max() > 0.1


def test_it_is_stopped_between_two_steps(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    alive, steps = tool.alive, [0]

    def after_some(*_: Any) -> None:
        steps[0] += 1
        if steps[0] == 5:
            thread = threading.Thread(target=tool.stop)
            thread.start()
            thread.join()
        alive()

    monkeypatch.setattr(tool, "alive", after_some)
    with pytest.raises(Broken, match="stopped"):
        tool([RAIN])
    assert steps == [5]


def test_running_out_of_memory_is_said_so(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(tool.model, "generate", full)
    with pytest.raises(OutOfMemory, match="audiogen"):
        tool([RAIN])


def test_tokens_are_drawn_as_likely_as_they_are(utils: ModuleType) -> None:
    import torch

    chances = torch.tensor([0.5, 0.3, 0.2, 0.0]).expand(2, 4, 4)
    with crafted._drawing(experts.Rows([1, 2], top=0)):
        drawn = torch.cat([utils.multinomial(chances, num_samples=1) for _ in range(500)], -1)
    assert utils.multinomial is None, "what audiocraft draws with is its own again"
    assert drawn.shape == (2, 4, 500)
    shares = np.bincount(drawn.flatten().numpy(), minlength=4) / drawn.numel()
    np.testing.assert_allclose(shares, [0.5, 0.3, 0.2, 0.0], atol=0.04)


@pytest.mark.parametrize("name", TOOLS)
def test_the_tools_share_an_environment_whose_library_comes_without_its_pins(name: str) -> None:
    tool = installed()[name]
    environment = Environment.of(tool)
    assert environment is not None and environment.name == "audiocraft"
    asked = {path: path.read_text().split("\n") for path in (environment.requirements, environment.bare)}
    assert "audiocraft==1.3.0" in asked[environment.bare]
    assert not any(line.startswith("audiocraft") for line in asked[environment.requirements])
    assert tool.card.isolated and not tool.card.commercial
    assert {weights.part for weights in tool.card.weights} >= {"model", "text"}


@pytest.mark.parametrize("name", TOOLS)
def test_what_is_missing_is_named_one_after_the_other(
    name: str, nothing_fetched: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    tool = installed()[name]
    assert tool.lack() == f"needs its environment 'audiocraft', which is not installed: wavagent tools install {name}"
    environment = Environment.of(tool)
    assert environment is not None
    folder = environment.home / f"{environment.key}.0a"
    (folder / PYTHON).parent.mkdir(parents=True)
    (folder / PYTHON).touch()
    environment.adopt(folder)
    assert f"CC-BY-NC-4.0): wavagent tools fetch {name}" in str(tool.lack())


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("audiogen", {"what": ""}),
        ("audiogen", {"what": "x", "seconds": 60.1}),
        ("audiocraft_musicgen", {"what": "x", "seconds": 300.1}),
        ("audiocraft_melody", {"what": "x", "guidance": 0.5}),
    ],
)
def test_what_it_does_not_take_is_refused(name: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        accept(installed()[name], wrong)


@pytest.mark.parametrize("name", TOOLS)
def test_pickles_are_not_opened_that_nobody_allowed(name: str, nothing_fetched: None, tmp_path: Path) -> None:
    folders = {weights.part: tmp_path for weights in installed()[name].card.weights}
    loading: Any = installed()[name]
    with pytest.raises(Unavailable, match=f"wavagent tools fetch {name} --allow-pickle"):
        loading.load(experts.Place(folders, "cpu", None))


@pytest.fixture
def omegaconf(modules: Callable[..., ModuleType]) -> None:
    """Enough of omegaconf to read what is no checkpoint."""
    kinds: dict[str, Any] = {name: type(name, (), {}) for name in ("DictConfig", "ListConfig", "ContainerMetadata")}
    kinds |= {name: type(name, (), {}) for name in ("Metadata", "AnyNode", "OmegaConf")}
    for name in ("omegaconf", "omegaconf.base", "omegaconf.nodes"):
        modules(name, **kinds)


class Evil:
    """Makes a folder where it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.folder),)


def test_nothing_in_a_checkpoint_is_called(tmp_path: Path, omegaconf: None) -> None:
    import torch

    file, sign = tmp_path / "state_dict.bin", tmp_path / "sign"
    for save in (torch.save, lambda held, path: path.write_bytes(pickle.dumps(held))):
        save({"best_state": {}, "xp.cfg": Evil(sign)}, file)
        with pytest.raises(Unavailable, match="cannot be read as weights alone"):
            checkpoint.checkpoint(file, tmp_path)
    assert not sign.exists()


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({"pretrained": "facebook/encodec_32khz"}, "only names another model, 'facebook/encodec_32khz'"),
        ({"best_state": {}}, "holds no model that audiocraft exported"),
        ([1, 2], "holds no model that audiocraft exported"),
        (b"", "cannot be read as weights alone"),
        (b"PK\x03\x04 broken off", "cannot be read as weights alone"),
        (None, "holds no state_dict.bin"),
    ],
)
def test_what_is_no_checkpoint_is_said_so(held: Any, said: str, tmp_path: Path, omegaconf: None) -> None:
    import torch

    file = tmp_path / "state_dict.bin"
    if isinstance(held, bytes):
        file.write_bytes(held)
    elif held is not None:
        torch.save(held, file)
    with pytest.raises(Unavailable, match=said):
        checkpoint.checkpoint(file, tmp_path)


@pytest.mark.parametrize("held", ["{", "[]", "{}", None, '{"d_model": 16}'])
def test_a_folder_without_a_t5_is_said_so(held: str | None, tmp_path: Path, modules: Callable[..., ModuleType]) -> None:
    modules("audiocraft.modules.conditioners", T5Conditioner=SimpleNamespace(MODELS=["t5-base"], MODELS_DIMS={}))
    if held is not None:
        (tmp_path / "config.json").write_text(held)
    (tmp_path / "pytorch_model.bin").touch()
    with pytest.raises(Unavailable, match="holds no T5|holds a T5 without safetensors"):
        checkpoint._known(tmp_path)


def test_a_model_that_listens_to_something_else_is_refused(tmp_path: Path) -> None:
    settings = {"conditioners": {"args": {}, "style": SimpleNamespace(model="clap")}}
    with pytest.raises(Unavailable, match="listens to 'clap', which nothing here can give it"):
        checkpoint._listening(settings, tmp_path, tmp_path / "state_dict.bin")


@pytest.fixture
def clean() -> Iterator[None]:
    """No stand-in outlives the test."""
    names = ("xformers", "xformers.ops", "spacy", "torchaudio._extension")
    before = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    yield
    for name in names:
        sys.modules.pop(name, None)
    sys.modules.update(before)


def test_stand_ins_take_the_place_of_what_is_missing_alone(clean: None, modules: Callable[..., ModuleType]) -> None:
    import torch

    real = modules("spacy")
    standing_in.stand_in()
    ops = importlib.import_module("xformers.ops")
    assert ops.unbind is torch.unbind and ops.LowerTriangularMask() is not None
    assert importlib.import_module("spacy") is real
    assert not importlib.import_module("torchaudio._extension")._IS_TORCHAUDIO_EXT_AVAILABLE
    with pytest.raises(ImportError):
        importlib.import_module("xformers.profiler")


def tune(seconds: float, duration: float) -> Any:
    model = SimpleNamespace(sample_rate=100, duration=duration, max_duration=10.0)
    return melodic._tune(Audio.of(np.arange(round(seconds * 100)) * 1e-3, 100), model)


def test_a_melody_is_as_long_as_a_window_unless_every_window_takes_its_own_part() -> None:
    assert tune(4.0, 8.0).shape == tune(15.0, 8.0).shape == (1, 1000)
    assert (tune(4.0, 8.0)[0, 400:800] == tune(4.0, 8.0)[0, :400]).all()
    assert tune(4.0, 60.0).shape == (1, 400)


@pytest.mark.parametrize(("melody", "sounds"), [(None, False), (Audio.silence(0.0), False), (Audio.silence(1.0), True)])
def test_with_and_without_a_melody_are_two_batches(melody: Audio | None, sounds: bool) -> None:
    inputs = {} if melody is None else {"melody": melody}
    tool: Any = melodic.TOOL
    assert tool._alike(Request(accept(tool, {"what": "x"}), inputs)) is sounds
