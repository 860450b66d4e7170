import pytest

from wavagent.errors import InputError
from wavagent.reading.xml import Malformed, parse, tree


class Heard:
    def __init__(self) -> None:
        self.said: list[str] = []

    def start(self, tag: str, attributes: object) -> None:
        self.said.append(f"<{tag}>")

    def end(self, tag: str) -> None:
        self.said.append(f"</{tag}>")

    def text(self, text: str) -> None:
        self.said.append(text)


def heard(xml: str) -> str:
    listener = Heard()
    parse(xml.encode(), "x", listener)
    return "".join(listener.said)


def test_names_are_local_and_html_entities_are_known() -> None:
    assert heard('<a:B xmlns:a="u">x&nbsp;y&mdash;&unknown;</a:B>') == "<b>x\xa0y—&unknown;</b>"


def test_nothing_outside_the_file_is_read() -> None:
    assert heard('<!DOCTYPE x SYSTEM "file:///etc/hostname"><x>a</x>') == "<x>a</x>"


@pytest.mark.parametrize("xml", ["", "x", "<a>", "<a></b>", "<a b=c/>", '<?xml version="1.0" encoding="nope"?><a/>'])
def test_what_is_not_well_formed_is_malformed(xml: str) -> None:
    with pytest.raises(Malformed):
        heard(xml)


def test_declared_entities_are_refused_before_they_expand() -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    with pytest.raises(InputError, match="declares entities"):
        heard(f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]><x>&a11;</x>')


def test_a_tree_has_its_attributes_and_text() -> None:
    root = tree(b'<r xmlns:e="http://www.idpf.org/2007/ops"><c e:type="toc" n="1">t</c></r>', "x")
    assert [(child.tag, child.get("epub:type"), child.get("n"), child.text) for child in root] == [
        ("c", "toc", "1", "t")
    ]
