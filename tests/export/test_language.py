import pytest

from wavagent.export.language import three_letters


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en", "eng"), ("en-GB", "eng"), ("pt_BR", "por"), ("ZH-Hans", "zho"), ("grc", "grc"), ("", "und"), ("q", "und")],
)
def test_tags_become_iso_639_2(tag: str, code: str) -> None:
    assert three_letters(tag) == code
