"""The spoken form: what the voice is given, beside the text, which is never touched."""

from collections.abc import Iterator

from wavagent.passes.draft import Draft
from wavagent.script import Element, Speech
from wavagent.script.spoken import say


def spoken(draft: Draft) -> Draft:
    """`draft` with a spoken form on every line whose text is not what should be said."""

    def change(element: Element) -> Iterator[Element]:
        if isinstance(element, Speech) and element.spoken is None:
            said = say(element.text, draft.script.language, draft.script.pronunciations)
            if said != element.text:
                element = element.model_copy(update={"spoken": said})
        yield element

    return draft.with_elements(change)
