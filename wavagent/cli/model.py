"""The language model that a command's options name, and what it cost."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from wavagent.llm import Chat, Metered, Model, Price
    from wavagent.planning.llm import Planned
    from wavagent.reading import Document
    from wavagent.studio import Studio

Llm = Annotated[
    str,
    typer.Option(
        "--llm",
        envvar="WAVAGENT_LLM_MODEL",
        metavar="MODEL",
        help="Plan with a language model: gpt-4o-mini, ollama:llama3.1, … OPENAI_BASE_URL names a server of your own; "
        "replay:FILE answers from a file.",
    ),
]
MaxCost = Annotated[
    float | None, typer.Option("--max-cost", min=0.0, metavar="USD", help="The most that models and tools may cost.")
]
Prices = Annotated[
    str, typer.Option("--price", metavar="IN,OUT", help="US dollars for a million tokens in and out, for --max-cost.")
]


@dataclass(frozen=True)
class Hired:
    """A model, and the meter that counts what it costs; `chat` is the door to its server, where it has one."""

    model: "Model"
    meter: "Metered"
    chat: "Chat | None" = None

    def bill(self) -> str:
        """What was asked and spent, as a sentence; what the store knew is not asked."""
        spent = self.meter.spent
        money = f", ${spent.money:.4f}" if spent.money else ""
        return f"{self.model.name}: {spent.asks} questions, {spent.tokens_in} tokens in, {spent.tokens_out} out{money}"


def hired(llm: str, max_cost: float | None = None, price: str = "", *, offline: bool = False) -> Hired | None:
    """The model that the options name, or None when they name none. Raises BadParameter and InputError."""
    from wavagent.llm import Chat, Metered, Patient, Replay

    if not llm:
        return None
    if llm.startswith("replay:"):
        meter = Metered(Replay.recorded(Path(llm.removeprefix("replay:"))), _price(price))
        return Hired(meter, meter)
    if offline:
        raise typer.BadParameter("--offline and --llm exclude each other; use --llm replay:FILE, or plan without --llm")
    base, key = os.environ.get("OPENAI_BASE_URL", ""), os.environ.get("OPENAI_API_KEY", "")
    chat = Chat(llm, base_url=base, api_key=key)
    if max_cost is not None and not price and not chat.local:
        raise typer.BadParameter("--max-cost needs to know what the model costs; give --price IN,OUT as well")
    meter = Metered(chat, _price(price), max_cost if price else None)
    return Hired(Patient(meter), meter, chat)


def planned(maker: "Studio", document: "Document", hire: Hired | None) -> "Planned":
    """The plan of `document`, by the model when there is one, else by rules."""
    from wavagent.planning.llm import Planned

    return Planned(maker.plan(document)) if hire is None else maker.adapt(document, hire.model)


def _price(text: str) -> "Price":
    from wavagent.llm import Price

    if not text:
        return Price()
    try:
        tokens_in, tokens_out = (float(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter(f"--price is two numbers such as 0.15,0.60, not '{text}'") from None
    if not (0 <= tokens_in < 1e6 and 0 <= tokens_out < 1e6):
        raise typer.BadParameter(f"--price is US dollars for a million tokens, not '{text}'")
    return Price(tokens_in, tokens_out)
