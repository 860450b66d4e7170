import math

from wavagent.export.check import Check, among, at_most, near, within, yes


def test_edges_are_inside() -> None:
    assert (
        near("loudness", -17.0, -16.0, 1.0, "LUFS").passed and not near("loudness", -17.01, -16.0, 1.0, "LUFS").passed
    )
    assert at_most("peak", -1.0, -1.0, "dBTP").passed and not at_most("peak", -0.99, -1.0, "dBTP").passed
    assert within("head", 0.5, (0.5, 1.0), "s").passed and not within("head", 1.01, (0.5, 1.0), "s").passed


def test_silence_is_near_nothing_and_below_everything() -> None:
    assert near("loudness", -math.inf, -16.0, 1.0, "LUFS") == Check("loudness", "silence", "−16 ± 1 LUFS", False)
    assert at_most("peak", -math.inf, -1.0, "dBTP").passed


def test_what_is_wanted_is_said_as_people_write_it() -> None:
    assert within("bit rate", 192, (192, 192), "kbps").wanted == "192 kbps"
    assert within("RMS", -20.0, (-23, -18), "dB").wanted == "−23 to −18 dB"
    assert among("sample rate", 8000, (44_100, 48_000), " Hz") == Check(
        "sample rate", "8000 Hz", "44100 Hz or 48000 Hz", False
    )
    assert yes("constant bit rate", True) == Check("constant bit rate", "yes", "yes", True)
