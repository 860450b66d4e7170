"""Several files that are delivered together, as the chapters of an audiobook: whether they belong together."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from wavagent.export.certificate import Certificate, rows
from wavagent.export.check import Check, at_most, number
from wavagent.export.measure import Measurement
from wavagent.export.profile import Profile


@dataclass(frozen=True)
class Album:
    """The certificates of the files of a set by one `profile`, and what is asked of all of them together."""

    profile: str
    certificates: tuple[Certificate, ...]
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether every file passes, and all together."""
        return all(one.passed for one in self.certificates) and all(check.passed for check in self.checks)

    def to_json(self) -> dict[str, JsonValue]:
        """What is asked of the set; the files' own certificates are not repeated."""
        return {
            "profile": self.profile,
            "files": len(self.certificates),
            "passed": self.passed,
            "checks": [check.to_json() for check in self.checks],
        }

    def __str__(self) -> str:
        verdict = "passed" if self.passed else "not passed"
        return "\n".join([f"{len(self.certificates)} files together: {self.profile} {verdict}", *rows(self.checks)])


def together(certificates: Sequence[Certificate], profile: Profile) -> Album:
    """The files of `certificates`, at least one, as a set for `profile`."""
    return Album(profile.name, tuple(certificates), tuple(_checks([one.measured for one in certificates], profile)))


def _checks(found: Sequence[Measurement], profile: Profile) -> Iterator[Check]:
    kinds = Counter(map(_kind, found))
    shown = "; ".join(f"{kind} ({count})" if len(kinds) > 1 else kind for kind, count in kinds.most_common())
    yield Check("kind of file", shown, "one for all", len(kinds) == 1)
    if profile.spread is not None:
        levels = [one.rms for one in found]
        spread = max(levels) - min(levels) if min(levels) > float("-inf") else float("inf")
        yield at_most("level spread (RMS)", round(spread, 2), profile.spread, "dB")
    if profile.most is not None:
        yield Check("files", f"{len(found)}", f"≤ {profile.most}", len(found) <= profile.most)
    if profile.each and len(found) > 1:
        low, high = profile.each
        shortest, longest = min(one.seconds for one in found), max(one.seconds for one in found)
        wanted = f"{number(low)} to {number(high)} s each, where there are several"
        lengths = f"{shortest:.0f} to {longest:.0f} s"
        yield Check("lengths", lengths, wanted, low <= shortest and longest <= high)


def _kind(found: Measurement) -> str:
    """What has to be the same in all files of a set."""
    track = found.track
    modes = ", ".join(sorted(found.mpeg.modes)) if found.mpeg else {1: "mono", 2: "stereo"}.get(track.channels, "")
    rate = f" {found.kbps:.0f} kbps" if found.cbr else ""
    return f"{track.codec}{rate}, {track.rate} Hz, {modes or f'{track.channels} channels'}"
