"""Modes: what a quotation is: said, thought, or written."""

from wavagent.planning.quotation import Quotation
from wavagent.planning.tag import Tag
from wavagent.planning.tokens import Tokens
from wavagent.script import Mode

_LEAD = 12
"""Words before a quotation in which a letter is named that it then quotes."""


def mode_of(tokens: Tokens, quotation: Quotation, tag: Tag | None) -> Mode:
    """What a quotation is, as its tag or what leads to it tells."""
    if tag and tag.verb in tokens.lexicon.thinking:
        return "thought"
    if tag and tag.verb in tokens.lexicon.writing:
        return "letter"
    before = tokens.within(max(0, quotation.start - 15 * _LEAD), quotation.start)
    lead = tokens.text[quotation.start - 3 : quotation.start].strip()[-1:]
    if lead == ":" and tokens.lexicon.letters & set(tokens.lower[max(before.start, before.stop - _LEAD) : before.stop]):
        return "letter"
    return "dialogue"
