"""Attribution: who speaks, by tag, by name called, and by turn."""

from wavagent.planning.attribution import Casting
from wavagent.planning.cast import cast_of
from wavagent.planning.mention import Names
from wavagent.planning.quotation import quotations
from wavagent.planning.teller import told_by_somebody
from wavagent.planning.tokens import Tokens
from wavagent.planning.turn import Scenery
from wavagent.reading.document import Paragraph
from wavagent.reading.paragraphs import paragraphs
from wavagent.script import Character, Trait, Traits


def person(name: str, *aliases: str, gender: str = "") -> Character:
    traits = Traits(gender=Trait(value=gender) if gender else None)
    return Character(id=name.lower().replace(" ", "-").replace(".", ""), name=name, aliases=aliases, traits=traits)


MARY = person("Mary", gender="female")
TOM = person("Tom", gender="male")
DARCY = person("Mr. Darcy", gender="male")
MRS_DARCY = person("Mrs. Darcy", gender="female")


def speakers(text: str, *cast: Character) -> list[str]:
    """The names of who speaks each quotation of `text`."""
    parts = [Paragraph(*span) for span in paragraphs(text)]
    tokens = Tokens.of(text)
    found = quotations(text, "en", parts)
    people = cast or cast_of(tokens, parts, found)
    scenery = Scenery(tokens, parts, found, Names(people))
    narrator = 0 if not cast and told_by_somebody(scenery) else None
    given = Casting(scenery, people, narrator).attributions()
    return [people[one.who].name if one.who is not None else "?" for one in given]


def test_a_tag_after_the_words() -> None:
    text = "“Come,” said Mary.\n\n“Why?” Tom asked.\n\n“I say so,” replied Mary."
    assert speakers(text, MARY, TOM) == ["Mary", "Tom", "Mary"]


def test_a_tag_before_the_words() -> None:
    assert speakers("Tom rose. Mary turned and said to him: “Come with me.”", MARY, TOM) == ["Mary"]


def test_a_tag_that_ends_the_paragraph_before() -> None:
    assert speakers("Tom waited by the door. Mary, who had heard it all, said,\n\n“Come in.”", MARY, TOM) == ["Mary"]


def test_a_tag_with_words_between_the_subject_and_the_verb() -> None:
    assert speakers("Mary sat. “Come,” the unhappy Tom at last replied.", MARY, TOM) == ["Tom"]


def test_a_sentence_after_a_full_stop_is_no_tag() -> None:
    text = "“I am going,” said Tom.\n\n“Go.” Tom said nothing more for a while.\n\n“I do,” said Tom."
    assert speakers(text, MARY, TOM)[0] == "Tom"


def test_a_noun_that_stands_for_saying() -> None:
    assert speakers("“Never,” was Mary's answer. Tom sighed.", MARY, TOM) == ["Mary"]


def test_a_pronoun_means_who_was_named_last_of_that_gender() -> None:
    text = "Tom looked at Mary. “Come,” she said. “No,” he said."
    assert speakers(text, MARY, TOM) == ["Mary", "Tom"]


def test_two_speak_in_turn() -> None:
    text = "“Come,” said Mary to Tom.\n\n“Why?”\n\n“Because.”\n\n“That is no reason.”"
    assert speakers(text, MARY, TOM) == ["Mary", "Tom", "Mary", "Tom"]


def test_who_is_called_by_name_does_not_speak_and_answers() -> None:
    text = "Mary and Tom and Mr. Darcy sat down.\n\n“Are you well, Mary?”\n\n“I am, thank you.”"
    first, second = speakers(text, MARY, TOM, DARCY)
    assert first != "Mary"
    assert second == "Mary"


def test_words_parted_by_their_tag_are_one_speakers() -> None:
    assert speakers("“If you go,” said Mary, “I go. And Tom knows it.”", MARY, TOM) == ["Mary", "Mary"]


def test_a_speech_of_several_paragraphs_is_one_speakers() -> None:
    text = "“It began long ago,” said Mary to Tom. “We were young.\n\n“We were happy.\n\n“And then he came.”"
    assert set(speakers(text, MARY, TOM)) == {"Mary"}


def test_a_mrs_is_no_mr() -> None:
    text = "“Come,” said Mr. Darcy.\n\n“Why?” said Mrs. Darcy."
    assert speakers(text, DARCY, MRS_DARCY) == ["Mr. Darcy", "Mrs. Darcy"]


def test_a_surname_means_the_man_of_that_name() -> None:
    assert speakers("“Come,” said Darcy. Mary rose.", DARCY, MARY) == ["Mr. Darcy"]


def test_several_who_speak_at_once_are_nobody() -> None:
    assert speakers("“Hurrah!” cried all the men.", MARY) == ["?"]


def test_in_a_story_told_by_somebody_i_is_the_narrator() -> None:
    text = "I went to the door, and I saw Tom. I knew him.\n\n“Tom,” I said.\n\n“Yes?” said Tom."
    assert speakers(text) == ["Narrator", "Tom"]


def test_nobody_is_made_up_where_nobody_is_named() -> None:
    assert speakers("It was dark. “Who is there?” Nothing moved.") == ["?"]


def test_confidence_and_evidence_are_given() -> None:
    text = "“Come,” said Mary.\n\n“Why?”"
    parts = [Paragraph(*span) for span in paragraphs(text)]
    found = quotations(text, "en", parts)
    scenery = Scenery(Tokens.of(text), parts, found, Names([MARY, TOM]))
    tagged, untagged = Casting(scenery, [MARY, TOM]).attributions()
    assert 0.0 <= untagged.confidence < tagged.confidence <= 1.0
    assert tagged.evidence == "tag: Mary said"
