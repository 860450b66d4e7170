import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.passes import Draft
from wavagent.passes.spoken import spoken
from wavagent.script import Rule, Scene, Script, Speech
from wavagent.script.spoken import say
from wavagent.tool import Toolbox


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # abbreviations
        ("Mr. Smith and Mrs. Jones", "Mister Smith and Missis Jones"),
        ("Dr. Watson, Prof. X. Capt. Nemo", "Doctor Watson, Professor X. Captain Nemo"),
        ("Smith & Sons, i.e. two, etc.", "Smith and Sons, that is two, et cetera"),
        ("No. 5 and No.7", "number 5 and number 7"),
        ("“No.” he said.", "No. he said."),
        ("No. I will not. No.", "No. I will not. No."),
        ("Mrs.Smith Mr", "Mrs.Smith Mr"),
        ("R&B", "R&B"),
        # years
        ("In 1895 and 1742.", "In 18 95 and 17 42."),
        ("1906, 1900", "19 oh 6, 19 hundred"),
        ("1914–1918, 1914-18", "19 14–19 18, 19 14-18"),
        ("1234 men, 1850 dollars, 1500 km, 1250%", "1234 men, 1850 dollars, 1500 km, 1250%"),
        (
            "$1850, £1895, 3.1415, 1,234, 1234.5, 12345, 2024, 1066",
            "$1850, £1895, 3.1415, 1,234, 1234.5, 12345, 2024, 1066",
        ),
        # Roman numerals, and what only looks like them
        ("Chapter IV", "Chapter 4"),
        ("CHAPTER XLIX. The End", "CHAPTER 49. The End"),
        ("Act I, Scene II", "Act 1, Scene 2"),
        ("Act I Scene V", "Act 1 Scene 5"),
        ("Book I", "Book 1"),
        ("Part I.", "Part 1."),
        ("chapter xc", "chapter 90"),
        ("The part I played", "The part I played"),
        ("the part I, too, know", "the part I, too, know"),
        ("Book I bought. Scene I saw.", "Book I bought. Scene I saw."),
        ("Part C, Book L", "Part C, Book L"),
        ("in part ill, part civil, act vivid", "in part ill, part civil, act vivid"),
        ("Chapter IIII, Chapter VX, Chapter IC", "Chapter IIII, Chapter VX, Chapter IC"),
        ("part i", "part i"),
        # quotation marks and markup fall silent
        ('“Yes,” ‘no’ and "so"', "Yes, no and so"),
        ("«Oui», »nein« „ja“ 「はい」", "Oui, nein ja はい"),
        ("_Mr._ Smith, *1895*", "Mister Smith, 18 95"),
        ("_It_ is *not* `so` ~~or~~ # so | ^", "It is not so or so"),
        ("'Tis John's and the dogs' day", "Tis John's and the dogs day"),
        ("don’t, O’Brien, o'clock, well-known", "don’t, O’Brien, o'clock, well-known"),
        # white space, and what must not be glued together
        ("one\n two\t three\u2028four\0five", "one two three four five"),
        ("a .45 revolver , he said . . .", "a .45 revolver, he said..."),
        ("", ""),
        ("…", "…"),
        ("$(rm -rf /) \\n {x} %s", "$(rm -rf /) \\n {x} %s"),
        ("\N{GRINNING FACE} שלום", "\N{GRINNING FACE} שלום"),
    ],
)
def test_english_is_spoken_so(text: str, said: str) -> None:
    assert say(text) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("de", "z.B. Hr. Meier, 1895", "zum Beispiel Herr Meier, 1895"),
        ("fr", "M. Dupont et Mme Dupont", "Monsieur Dupont et Madame Dupont"),
        ("es-MX", "Sr. López", "Señor López"),
        ("EN-gb", "Mr. X in 1895", "Mister X in 18 95"),
        ("ja", "Mr. X", "Mr. X"),
    ],
)
def test_each_language_has_abbreviations_of_its_own(language: str, text: str, said: str) -> None:
    assert say(text, language) == said


@pytest.mark.parametrize(
    ("rule", "text", "said"),
    [
        (
            Rule(word="Cthulhu", say="kuh-THOO-loo"),
            "cthulhu’s CTHULHU, Cthulhus",
            "kuh-THOO-loo’s kuh-THOO-loo, Cthulhus",
        ),
        (Rule(word="Lead", say="led", case=True), "Lead lead", "led lead"),
        (Rule(word="C++", say="see plus plus"), "C++, xC++", "see plus plus, xC++"),
        (Rule(word="a.b", say="dot"), "a.b axb", "dot axb"),
        (Rule(word="x", say="\\1 \\g<0> \\n $& {0}"), "x", "\\1 \\g<0> \\n $& {0}"),
        (Rule(word="(", say="open"), "( (", "open open"),
        (Rule(word="Mrs.", say="Mistress"), "Mrs. Page", "Mistress Page"),
        (Rule(word="1895", say="that year"), "in 1895", "in that year"),
        (Rule(word="Chapter IV", say="the fourth"), "Chapter IV", "the fourth"),
        (Rule(word="“Ah”", say="oh"), "“Ah” he said", "oh he said"),
        (Rule(word="New\nYork", say="the\ncity"), "New York", "the city"),
        (Rule(word="Dr", say="*_*"), "Dr", "*_*"),
        (Rule(word="Poe", say="Po"), "_Poe_ “Poe” Poe’s", "Po Po Po’s"),
    ],
)
def test_a_rule_of_the_script_wins_and_is_only_text(rule: Rule, text: str, said: str) -> None:
    assert say(text, "en", (rule,)) == said


def test_what_one_rule_says_no_other_rule_changes() -> None:
    assert say("a b", "en", (Rule(word="a", say="b"), Rule(word="b", say="c"))) == "b c"


@given(st.text(max_size=80))
def test_what_is_said_is_one_line_that_says_itself(text: str) -> None:
    said = say(text, "xx")
    assert said == " ".join(said.split())
    assert say(said, "xx") == said


def _spoken(*lines: Speech, **more: object) -> list[str | None]:
    script = Script.model_validate({"scenes": (Scene(id="s", elements=lines),), **more})
    return [line.spoken for line in spoken(Draft(script, Toolbox.of())).script.lines]


def test_only_a_line_that_is_said_otherwise_gets_a_spoken_form() -> None:
    lines = (Speech(id="a", text="It was late."), Speech(id="b", text="“Yes”"), Speech(id="c", text="x", spoken="y"))
    assert _spoken(*lines) == [None, "Yes", "y"]


def test_the_scripts_language_and_rules_are_used() -> None:
    line = Speech(id="a", text="Hr. Poe")
    assert _spoken(line, language="de-AT", pronunciations=(Rule(word="Poe", say="Po"),)) == ["Herr Po"]
