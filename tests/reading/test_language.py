from pathlib import Path

import pytest

from wavagent.reading.language import language

SENTENCES = {
    "en": "The old man had nothing to say to her, and she went out of the house with the lamp in her hand.",
    "fr": "Le vieil homme ne dit pas un mot, et elle sortit de la maison avec une lampe qui était dans sa main.",
    "de": "Der alte Mann hatte nichts zu sagen, und sie ging mit der Lampe in der Hand aus dem Haus.",
    "es": "El viejo no tenía nada que decir y ella salió de la casa con una lámpara en la mano.",
    "it": "Il vecchio non aveva niente da dire e lei uscì di casa con una lampada che era nella mano.",
    "pt": "O velho não tinha nada para dizer e ela saiu de casa com uma lâmpada na mão, mas não foi longe.",
    "nl": "De oude man had niets te zeggen en zij ging met een lamp in haar hand het huis uit.",
    "sv": "Den gamle mannen hade inte något att säga och hon gick ut med en lampa i handen.",
    "pl": "Stary człowiek nie miał nic do powiedzenia i ona wyszła z domu z lampą, ale nie poszła daleko, bo się bała.",
    "tr": "Yaşlı adam bir şey demedi ve o da elinde bir lamba ile evden çıktı ama çok uzağa gitmedi.",
    "ru": "Старик ничего не сказал, и она вышла из дома с лампой в руке; было тихо и очень темно.",
    "uk": "Старий нічого не сказав, і вона вийшла з хати з лампою в руці; було тихо й дуже темно.",
    "zh": "老人什么也没说，她提着灯走出了房子。",
    "ja": "老人は何も言わず、彼女はランプを持って家を出た。",
    "ko": "노인은 아무 말도 하지 않았고 그녀는 등불을 들고 집을 나갔다.",
    "ar": "لم يقل الرجل العجوز شيئا فخرجت من البيت والمصباح في يدها.",
    "fa": "پیرمرد چیزی نگفت و او با چراغی در دست از خانه بیرون رفت، گرچه پاسی از شب گذشته بود.",
    "he": "הזקן לא אמר דבר והיא יצאה מן הבית והמנורה בידה.",
    "el": "Ο γέρος δεν είπε τίποτα κι εκείνη βγήκε από το σπίτι με μια λάμπα στο χέρι.",
    "hi": "बूढ़े ने कुछ नहीं कहा और वह हाथ में दीया लेकर घर से निकल गई।",
}


@pytest.mark.parametrize("tag", SENTENCES)
def test_one_sentence_shows_its_language(tag: str) -> None:
    assert language(SENTENCES[tag]) == tag


@pytest.mark.parametrize("text", ["", "42", "...", "Xyzzy plugh", "🙂"])
def test_what_does_not_show_is_not_guessed(text: str) -> None:
    assert language(text) is None


def test_the_stories_are_in_the_language_of_their_folder(shared: Path) -> None:
    for path in sorted((shared / "stories").glob("*/*")):
        folder = path.parent.name
        text = path.read_bytes().decode("latin-1" if "latin1" in path.name else "utf-8")
        assert language(text[3000:]) == ("en" if folder == "raw_gutenberg" else folder)
