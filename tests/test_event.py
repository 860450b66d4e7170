"""What happens, and the listener that does not listen."""

from wavagent.event import Event, silent


def test_an_event_is_a_value() -> None:
    assert Event("run", "progress", 1, 2, subject="e1") == Event("run", "progress", 1.0, 2.0, "", "e1")
    assert len({Event("mix", "start"), Event("mix", "start"), Event("mix", "end")}) == 2


def test_silence_takes_every_event() -> None:
    silent(Event("export", "warning", message="the cover is too large"))
