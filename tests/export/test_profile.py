import pytest

from wavagent.errors import InputError
from wavagent.export.profile import PROFILES, profile_named


def test_an_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(InputError, match="no profile is called 'itunes'; there are: universal, apple"):
        profile_named("itunes")


def test_profiles_are_found_by_their_own_names() -> None:
    assert all(profile_named(name).name == name for name in PROFILES)


def test_no_profile_contradicts_itself() -> None:
    for profile in PROFILES.values():
        spans = (profile.rms, profile.noise_floor, profile.head, profile.tail, profile.seconds, *profile.kbps.values())
        assert all(span[0] <= span[1] for span in spans if span), profile.name
        assert profile.ceiling < profile.true_peak < 0.0
        assert profile.tolerance is None or 0.0 < profile.aim < profile.tolerance
        assert not profile.channels or set(profile.kbps) <= set(profile.channels)
