"""yourtts: English, French and Portuguese by YourTTS (Casanova et al., 2021), in the voice of a recording.

It is lighter than XTTS, and makes a line in one pass. It runs in an environment of its own (`wavagent tools install
yourtts`). Its weights are in a zip, which a person unpacks: `wavagent tools fetch yourtts --folder DIR --allow-pickle`.
"""

from typing import Any, ClassVar

from wavagent.errors import Broken
from wavagent.tool import Card, Licence, Params, Tool, VoiceCard, Weights

from ._coqui import Coqui, Folder, Net, VitsParams, device_for
from ._expert import Place


class YourTts(Coqui[Net]):
    """A VITS model that is told whose voice it is by a vector, which a speaker encoder makes of a recording."""

    card: ClassVar[Card] = Card(
        name="yourtts",
        version="1",
        task="speech",
        summary="English, French and Portuguese with YourTTS, in the voice of a recording or one of its own four",
        languages=("en", "fr", "pt"),
        voices=(
            VoiceCard(id="female-en-5", name="YourTTS, a woman", language="mul", gender="female"),
            VoiceCard(id="male-en-2", name="YourTTS, a man", language="mul", gender="male"),
            VoiceCard(id="female-pt-4", name="YourTTS, a woman of Brazil", language="mul", gender="female"),
            VoiceCard(id="male-pt-3", name="YourTTS, a man of Brazil", language="mul", gender="male"),
        ),
        rate=16_000,
        longest_text=2000,
        batch=8,
        pool="gpu",
        on_request=True,
        clones=True,
        isolated=True,
        environment="coqui",
        memory_mb=1_000,
        deterministic=False,
        code_licence=Licence(name="MPL-2.0", commercial=True),
        weights_licence=Licence(name="CC-BY-NC-ND-4.0", commercial=False),
        weights=(
            Weights(
                page="https://github.com/coqui-ai/TTS/releases/download/v0.10.1_models/"
                "tts_models--multilingual--multi-dataset--your_tts.zip",
                megabytes=400,
            ),
        ),
        attribution=("YourTTS, by Edresson Casanova and others, and Coqui (CC BY-NC-ND 4.0)",),
        requires=("TTS",),
        install="wavagent tools install yourtts",
    )
    params: ClassVar[type[Params]] = VitsParams

    def load(self, place: Place) -> Net:
        self.allowed(place)
        net = Net(Folder("yourtts", place.folder), device_for(place.device))
        if not net.hears_voices:
            raise Broken(
                f"'{place.folder}' holds no speaker encoder (model_se.pth, config_se.json), which yourtts needs"
            )
        return net

    def synthesizer(self, model: Net, params: Any) -> Net:
        return model


TOOL: Tool = YourTts()
