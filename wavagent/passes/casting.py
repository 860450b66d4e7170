"""Give every character a voice of their own, after what the text says of them."""

from collections import Counter
from collections.abc import Iterator
from heapq import nsmallest

from wavagent.errors import Refused, ScriptError
from wavagent.passes.draft import Choice, Draft, Finding
from wavagent.script import NARRATOR, Character, Script, Trait, Voice
from wavagent.text import shown
from wavagent.tool import CloningParams, Tool, VoiceCard, accept

CONSIDERED = 4
"""Voices that were passed over and are named with a choice: the nearest ones."""

_AGES = ("child", "young", "adult", "old")


def casting(draft: Draft) -> Draft:
    """`draft` with a voice for everyone in the cast. A voice that is there stays.

    Whoever has most lines chooses first. Raises ScriptError when no speech tool speaks the script's language, or a
    voice that the script names is not on its tool's card, or is that of a recording and its tool clones none.
    """
    script = draft.script
    _voices_exist(draft)
    offers, barred = _offers(draft), tuple(_barred(draft))
    used = Counter((c.voice.tool, c.voice.id) for c in script.cast if c.voice)
    lines = Counter(line.who for line in script.lines)
    chosen: dict[str, Voice] = {}
    findings, choices = [], []
    for character in sorted(script.cast, key=lambda c: (c.id != NARRATOR, -lines[c.id])):
        if character.voice is not None:
            choices.append(_named(character.id, character.voice))
            continue
        if not offers and not lines[character.id]:
            continue
        if not offers:
            raise ScriptError(_speechless(draft))
        (tool, card), *others = nsmallest(1 + CONSIDERED, offers, key=lambda offer: _cost(character, offer, used))
        passed_over = tuple((_called(other), _against(character, other, used)) for other in others)
        if used[tool.card.name, card.id] and lines[character.id]:
            message = f"{shown(character.name)} shares the voice '{card.id}' with another: there are no more"
            findings.append(Finding(character.id, message, degraded=False))
        used[tool.card.name, card.id] += 1
        voice = chosen[character.id] = _voice(character, tool, card)
        choices.append(Choice(character.id, voice.tool, voice.reason, voice.id, (*passed_over, *barred)))
    cast = tuple(c.model_copy(update={"voice": chosen.get(c.id, c.voice)}) for c in script.cast)
    return draft.with_script(Script.model_copy(script, update={"cast": cast}), *findings).with_choices(*choices)


def _named(who: str, voice: Voice) -> Choice:
    why = f"the script names it; {voice.reason}" if voice.reason else "the script names it"
    return Choice(who, voice.tool, why, voice.id)


def _offers(draft: Draft) -> list[tuple[Tool, VoiceCard]]:
    return draft.toolbox.voices(draft.script.language, commercial=draft.commercial)


def _primary(language: str) -> str:
    return language.lower().partition("-")[0]


def _cost(character: Character, offer: tuple[Tool, VoiceCard], used: Counter[tuple[str, str]]) -> tuple[int, int, int]:
    """How ill a voice suits: worst a wrong gender, then a voice that is taken, then the wrong age."""
    tool, card = offer
    gender, age = _value(character.traits.gender), _value(character.traits.age)
    wrong = int(bool(gender) and card.gender not in (gender, "neutral"))
    wanted = _AGES.index(age) if age in _AGES else _AGES.index("adult")
    taken = used[tool.card.name, card.id]
    return wrong, taken, abs(_AGES.index(card.age) - wanted)


def _called(offer: tuple[Tool, VoiceCard]) -> str:
    tool, card = offer
    return f"{tool.card.name} {card.id}"


def _against(character: Character, offer: tuple[Tool, VoiceCard], used: Counter[tuple[str, str]]) -> str:
    """What speaks against a voice for a character."""
    _, card = offer
    wrong, taken, years = _cost(character, offer, used)
    faults = [
        f"{card.gender}, and {shown(character.name)} is {_value(character.traits.gender)}" if wrong else "",
        "somebody else has it" if taken else "",
        f"{card.age}, and {_value(character.traits.age) or 'an adult'} is wanted" if years else "",
    ]
    return "; ".join(filter(None, faults)) or "it suits as well, and comes later on the card"


def _barred(draft: Draft) -> Iterator[tuple[str, str]]:
    """The speech tools that have no voice to offer, and why."""
    language = draft.script.language
    for tool in draft.toolbox:
        card = tool.card
        if card.task != "speech":
            continue
        if lack := tool.lack():
            yield card.name, lack
        elif not draft.toolbox.may_choose(tool):
            yield card.name, f"is only taken when it is preferred or named: --prefer {card.name}"
        elif draft.commercial and card.bar:
            yield card.name, f"may not be used commercially: {card.bar}"
        elif not tool.speaking(language):
            yield card.name, f"has no voice for '{shown(language)}'"


def _value(trait: Trait | None) -> str:
    return trait.value if trait else ""


def _voice(character: Character, tool: Tool, card: VoiceCard) -> Voice:
    said = [f"{what} {_value(trait)}" for what, trait in character.traits if trait is not None]
    reason = f"{card.name} ({card.gender}, {card.age}) for {', '.join(said) or 'nothing the text says'}"
    return Voice(tool=tool.card.name, id=card.id, settings=dict(card.settings), reason=reason)


def _voices_exist(draft: Draft) -> None:
    for character in draft.script.cast:
        voice = character.voice
        if voice is None:
            continue
        card = draft.toolbox[voice.tool].card
        who = shown(character.name)
        if card.task != "speech":
            raise ScriptError(f"{who} has a voice of tool '{voice.tool}', which does not speak; name a speech tool")
        if draft.commercial and not card.commercial:
            why = f"which may not be used commercially: {card.bar}"
            raise ScriptError(f"{who} has a voice of tool '{voice.tool}', {why}; choose another voice")
        if voice.reference is not None:
            _clonable(draft, who, voice)
            continue
        known = [] if card.any_voice else [voice.id for voice in card.voices]
        if known and voice.id not in known:
            some = ", ".join(known[:5]) + (f" and {len(known) - 5} more" if len(known) > 5 else "")
            raise ScriptError(
                f"{who} has the voice '{shown(voice.id)}', which tool '{voice.tool}' does not have; "
                f"it has {some} (`wavagent voices`)"
            )


def _clonable(draft: Draft, who: str, voice: Voice) -> None:
    """Raises ScriptError when the tool of `voice` will not take it from its recording."""
    tool, reference, language = draft.toolbox[voice.tool], shown(voice.reference or ""), draft.script.language
    if not (tool.card.clones and tool.card.knows(language)):
        cards = [t.card for t in draft.toolbox if t.card.clones and (t.card.commercial or not draft.commercial)]
        able = [card.name for card in cards if card.knows(language)]
        instead = f"{', '.join(able)} can" if able else "no tool here can; `wavagent tools` lists what may be installed"
        what = f"speak '{shown(language)}' with it" if tool.card.clones else "clone one"
        raise ScriptError(
            f"{who} has the voice of a recording, '{reference}', and tool '{voice.tool}' cannot {what}; {instead}"
        )
    if any(card.id == voice.id for card in tool.card.voices):
        raise ScriptError(
            f"{who} has the voice of a recording, '{reference}', under the name '{shown(voice.id)}', which is a voice "
            f"of tool '{voice.tool}' itself; call it otherwise"
        )
    if tool.card.needs_words and not voice.words.strip():
        raise ScriptError(
            f"{who} has the voice of a recording, '{reference}', and tool '{voice.tool}' has to know what is said in "
            "it; write that as the voice's `words` (`wavagent transcribe` finds them)"
        )
    if reason := _refusal(draft, tool, voice):
        raise ScriptError(f"{who} cannot have the voice of the recording '{reference}': {reason}")


def _refusal(draft: Draft, tool: Tool, voice: Voice) -> str | None:
    """Why `tool` will not say a word with these settings, and in this language, whosever voice it is."""
    own = next((card.id for card in tool.card.voices), voice.id)  # a cloned voice it does not know by name
    words = {"words": voice.words} if issubclass(tool.params, CloningParams) else {}
    told = {**voice.settings, **words, "text": "Yes.", "voice": own, "language": draft.script.language}
    try:
        return tool.refusal(accept(tool, told))
    except Refused as refused:
        return str(refused)


def _speechless(draft: Draft) -> str:
    tools = draft.toolbox.doing("speech")
    for tool in tools:
        if lack := tool.lack():
            return f"nothing here can speak: tool '{tool.card.name}' {lack}"
    if barred := [tool.card for tool in tools if draft.commercial and tool.card.bar]:
        name = barred[0].name
        return f"no voice is left: tool '{name}' may not be used commercially: {barred[0].bar}; install another"
    cards = [tool.card for tool in tools]
    spoken = ", ".join(sorted({_primary(language) for card in cards for language in card.languages}))
    return f"no speech tool speaks '{shown(draft.script.language)}'; there are voices for: {spoken or 'no language'}"
