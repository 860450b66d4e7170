"""Understanding: the form that a request fits as a whole, or each of its clauses, and what it means in a script."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from pydantic import ValidationError

from wavagent.grammar.answer import answered, refused
from wavagent.grammar.editing import focus_of, tried
from wavagent.grammar.finding import Absent, Missing, Open, Unfit
from wavagent.grammar.form import Form, Meaning, Reading
from wavagent.grammar.forms import FORMS
from wavagent.grammar.pattern import compiled
from wavagent.grammar.reference import Reference
from wavagent.grammar.request import LONGEST, Request
from wavagent.grammar.understood import Call, Choice, Focus, Question, Understood
from wavagent.grammar.vocabulary import stems
from wavagent.script import Script
from wavagent.script.file import explained
from wavagent.script.patch import Edit
from wavagent.text import has_words, shown
from wavagent.tool import Toolbox

Settled = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class _Fit:
    """A form that a request fits, and what it means."""

    form: Form
    meaning: Meaning
    after: Script
    focus: Focus


@dataclass
class _Tried:
    """What came of all forms: those that fit, and why others nearly did; the closer a pattern, the more it counts."""

    fits: list[_Fit] = field(default_factory=list)
    trouble: list[tuple[int, Exception]] = field(default_factory=list)

    def closest(self, kind: type[Exception]) -> Exception | None:
        found = [(closeness, error) for closeness, error in self.trouble if isinstance(error, kind)]
        return max(found, key=lambda one: (not isinstance(one[1], Absent), one[0]))[1] if found else None


@dataclass(frozen=True)
class _Turn:
    """One request in one script."""

    script: Script
    focus: Focus
    settled: Settled
    toolbox: Toolbox | None

    def understood(self, said: str) -> Understood:
        try:
            return self._told(said)
        except Open as error:
            question = Question(
                sentence=error.sentence,
                choices=error.choices,
                request=said,
                about=error.about,
                settled=dict(self.settled),
                many=error.many,
            )
            return Understood(
                request=said, question=question, focus=self.focus.model_copy(update={"question": question})
            )
        except (Missing, Unfit) as error:
            return Understood(request=said, sentence=str(error), focus=self.focus)

    def _told(self, said: str) -> Understood:
        """What a request means. Raises Open, Missing and Unfit."""
        form, meaning, focus = self._meant(said)
        if isinstance(meaning, Call):
            return Understood(request=said, form=form, call=meaning, focus=focus)
        patch, after = tried(self.script, meaning, self.settled, said)
        return Understood(request=said, form=form, patch=patch, focus=focus_of(patch, self.script, after))

    def _meant(self, said: str) -> tuple[str, Meaning, Focus]:
        """The form and the meaning of a request. Raises Open, Missing and Unfit."""
        request = Request.of(said).bare
        if not request.text or not (has_words(request.text) or request.quotes):
            raise Unfit(f"there are no words in this; {_nearest('')}")
        if len(request.text) > LONGEST:
            raise Unfit(
                f"{len(request.text)} characters are no command; put what is quoted in quotation marks, or say less"
            )
        tried_ = self._fits(request)
        if tried_.fits:
            fit = self._only(tried_.fits)
            return fit.form.name, fit.meaning, fit.focus
        trouble = tried_.closest(Open) or tried_.closest(Missing)
        return self._in_clauses(request, trouble)

    def _in_clauses(self, request: Request, whole: Exception | None) -> tuple[str, Meaning, Focus]:
        parts_trouble: Exception | None = None
        for parts in request.clauses():
            try:
                return self._sequence(parts)
            except (Open, Missing) as error:
                parts_trouble = parts_trouble or error
            except Unfit:
                continue
        trouble = whole if isinstance(whole, Open) or parts_trouble is None else parts_trouble
        said = shown(request.restored(request.text), 80)
        raise trouble or Unfit(f"I did not understand “{said}”; {_nearest(request.text)}")

    def _sequence(self, parts: Sequence[Request]) -> tuple[str, Meaning, Focus]:
        """What several clauses mean together: edits, one after the other. Raises Unfit when one is no clause."""
        script, edits, names, focus = self.script, list[Edit](), list[str](), self.focus
        for part in parts:
            turn = _Turn(script, focus, self.settled, self.toolbox)
            found = turn._fits(part.bare)
            if not found.fits:
                raise found.closest(Open) or found.closest(Missing) or Unfit("no clause")
            fit = turn._only(found.fits)
            if isinstance(fit.meaning, Call):
                raise Missing("one thing at a time, please: edits may go together, all else goes by itself")
            script, focus = fit.after, fit.focus
            edits += fit.meaning
            names.append(fit.form.name)
        return ", ".join(dict.fromkeys(names)), edits, focus

    def _fits(self, request: Request) -> _Tried:
        found = _Tried()
        refer = Reference(self.script, self.focus, self.settled, request)
        for form in FORMS:
            for slots, closeness in _matches(form, request.text):
                try:
                    found.fits.append(self._fit(form, form.read(Reading(slots, request, refer, self.toolbox)), request))
                    break
                except ValidationError as error:
                    found.trouble.append((closeness, Missing(explained(error))))
                except (Open, Missing, Unfit) as error:
                    found.trouble.append((closeness, error))
                except ValueError as error:
                    found.trouble.append((closeness, Missing(str(error))))
        return found

    def _fit(self, form: Form, meaning: Meaning, request: Request) -> _Fit:
        if isinstance(meaning, Call):
            return _Fit(form, meaning, self.script, _focus_of_call(meaning, self.focus))
        patch, after = tried(self.script, meaning, self.settled, request.restored(request.text))
        return _Fit(form, meaning, after, focus_of(patch, self.script, after))

    def _only(self, fits: Sequence[_Fit]) -> _Fit:
        """The fit that is meant: the only one, or the one that was settled on. Raises Open."""
        different = [fit for at, fit in enumerate(fits) if all(fit.meaning != other.meaning for other in fits[:at])]
        if len(different) == 1:
            return different[0]
        about = "form"
        chosen = [fit for fit in different if (fit.form.name,) == self.settled.get(about)]
        if chosen:
            return chosen[0]
        choices = [Choice(label=f"{fit.form.name}: {fit.form.says}", means=(fit.form.name,)) for fit in different]
        raise Open(about, f"this can be meant in {len(different)} ways; which do you mean?", choices)


def understand(text: str, script: Script, focus: Focus | None = None, toolbox: Toolbox | None = None) -> Understood:
    """What `text` asks for in `script`. `focus` is that of the last turn: what "it" is, and a question left open.

    Nothing is guessed: what fits two things is asked, and what is not accounted for to the last word is not understood.
    With a `toolbox`, voices are found by name. A patch that comes back has been tried on `script`; nothing is raised.
    """
    said = text.encode("utf-8", "replace").decode().replace("\x00", " ")
    focus = focus or Focus()
    if focus.question is not None:
        if (found := _answer(said, script, focus, focus.question, toolbox)) is not None:
            return found
    found = _Turn(script, focus.model_copy(update={"question": None}), {}, toolbox).understood(said)
    if found.sentence and focus.question is not None:
        return found.model_copy(update={"focus": focus})
    return found


def _answer(said: str, script: Script, focus: Focus, question: Question, toolbox: Toolbox | None) -> Understood | None:
    calm = focus.model_copy(update={"question": None})
    if refused(question, said):
        return Understood(request=said, sentence="nothing is changed", focus=calm)
    means = answered(question, said)
    if means is None:
        return None
    return _Turn(script, calm, {**question.settled, question.about: means}, toolbox).understood(question.request)


def _matches(form: Form, text: str) -> Iterator[tuple[dict[str, str], int]]:
    """The slots of every pattern of a form that fits, and how many characters the pattern itself accounts for."""
    for pattern in form.patterns:
        if match := compiled(pattern).fullmatch(text):
            slots = {name: value for name, value in match.groupdict().items() if value is not None}
            yield slots, len(text) - sum(map(len, slots.values()))


def _focus_of_call(call: Call, focus: Focus) -> Focus:
    """What a call was about; what it does not name stays as it was."""
    params = call.params
    elements = params.get("elements") or params.get("element") or params.get("from_element")
    update: dict[str, tuple[str, ...]] = {}
    if elements:
        update["elements"] = tuple(map(str, elements)) if isinstance(elements, list) else (str(elements),)
    for name, field_ in (("character", "characters"), ("scene", "scenes")):
        if one := params.get(name):
            update[field_] = (str(one),)
    return focus.model_copy(update=update)


def _nearest(text: str, most: int = 3) -> str:
    """The examples that look most like a request."""
    wanted = set(stems(text))

    def likeness(example: str) -> float:
        shared = len(wanted & set(stems(example)))
        return shared + SequenceMatcher(None, text.lower()[:80], example.lower()).ratio()

    examples = [example for form in FORMS for example in form.examples]
    best = sorted(examples, key=likeness, reverse=True)[:most] if wanted else ["louder storm", "play scene 2", "help"]
    return "say it like: " + "; ".join(best)
