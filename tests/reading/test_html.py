import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.reading.html import words_of

PIECES = [
    "<p>",
    "</p>",
    "<b",
    ">",
    "<",
    "&amp;",
    "&",
    "<!--",
    "-->",
    "<br/>",
    "'",
    '"',
    "<a b='c'>",
    "</x>",
    "<script>",
]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("a<b>b</b>c", "abc"),
        ("<p>a<p>b", "\n\na\n\n\n\nb\n\n"),
        ("a < b & c &lt; d", "a < b & c < d"),
        ("a<!-- <b> -->c<script>if (a<b) {}</script>d", "acd"),
        ('<img alt="a &quot;door&quot;">', 'a "door"'),
        ("<!-- open", "<!-- open"),
    ],
)
def test_words_between_tags(html: str, words: str) -> None:
    assert words_of(html)[0] == words


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=40).map("".join))
def test_anything_has_words(html: str) -> None:
    words, tags = words_of(html)
    assert tags >= 0 and len(words) <= 5 * len(html) + 10
