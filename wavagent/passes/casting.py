"""Give every character a voice of their own, after what the text says of them."""

from collections import Counter

from wavagent.errors import ScriptError
from wavagent.passes.draft import Draft, Finding
from wavagent.script import NARRATOR, Character, Script, Trait, Voice
from wavagent.text import shown
from wavagent.tool import Tool, VoiceCard

_AGES = ("child", "young", "adult", "old")


def casting(draft: Draft) -> Draft:
    """`draft` with a voice for everyone in the cast. A voice that is there stays.

    Whoever has most lines chooses first. Raises ScriptError when no speech tool speaks the script's language, or a
    voice that the script names is not on its tool's card.
    """
    script = draft.script
    _voices_exist(draft)
    offers = _offers(draft)
    used = Counter((c.voice.tool, c.voice.id) for c in script.cast if c.voice)
    lines = Counter(line.who for line in script.lines)
    chosen: dict[str, Voice] = {}
    findings = []
    for character in sorted(script.cast, key=lambda c: (c.id != NARRATOR, -lines[c.id])):
        if character.voice is None:
            if not offers and not lines[character.id]:
                continue
            if not offers:
                raise ScriptError(_speechless(draft))
            tool, card = min(offers, key=lambda offer: _cost(character, offer, used))
            if used[tool.card.name, card.id] and lines[character.id]:
                message = f"{shown(character.name)} shares the voice '{card.id}' with another: there are no more"
                findings.append(Finding(character.id, message, degraded=False))
            used[tool.card.name, card.id] += 1
            chosen[character.id] = _voice(character, tool, card)
    cast = tuple(c.model_copy(update={"voice": chosen.get(c.id, c.voice)}) for c in script.cast)
    return draft.with_script(Script.model_copy(script, update={"cast": cast}), *findings)


def _offers(draft: Draft) -> list[tuple[Tool, VoiceCard]]:
    language = _primary(draft.script.language)
    return [
        (tool, card)
        for tool in draft.toolbox.doing("speech")
        if not tool.missing() and (tool.card.commercial or not draft.commercial)
        for card in tool.card.voices
        if _primary(card.language) == language
    ]


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


def _value(trait: Trait | None) -> str:
    return trait.value if trait else ""


def _voice(character: Character, tool: Tool, card: VoiceCard) -> Voice:
    said = [f"{what} {_value(trait)}" for what, trait in character.traits if trait is not None]
    reason = f"{card.name} ({card.gender}, {card.age}) for {', '.join(said) or 'nothing the text says'}"
    return Voice(tool=tool.card.name, id=card.id, settings=dict(card.settings), reason=reason)


def _voices_exist(draft: Draft) -> None:
    for character in draft.script.cast:
        voice = character.voice
        if voice is None or voice.reference is not None:
            continue
        card = draft.toolbox[voice.tool].card
        who = shown(character.name)
        if card.task != "speech":
            raise ScriptError(f"{who} has a voice of tool '{voice.tool}', which does not speak; name a speech tool")
        if draft.commercial and not card.commercial:
            raise ScriptError(f"{who} has a voice of tool '{voice.tool}', which may not be used commercially")
        known = [voice.id for voice in card.voices]
        if known and voice.id not in known:
            some = ", ".join(known[:5]) + (f" and {len(known) - 5} more" if len(known) > 5 else "")
            raise ScriptError(
                f"{who} has the voice '{shown(voice.id)}', which tool '{voice.tool}' does not have; "
                f"it has {some} (`wavagent voices`)"
            )


def _speechless(draft: Draft) -> str:
    tools = draft.toolbox.doing("speech")
    if missing := [tool for tool in tools if tool.missing()]:
        tool = missing[0]
        return f"tool '{tool.card.name}' needs {', '.join(tool.missing())} to speak: {tool.card.install}"
    cards = [tool.card for tool in tools if tool.card.commercial or not draft.commercial]
    spoken = ", ".join(sorted({_primary(language) for card in cards for language in card.languages}))
    return f"no speech tool speaks '{shown(draft.script.language)}'; there are voices for: {spoken or 'no language'}"
