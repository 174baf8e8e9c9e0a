"""Where pictures change: on the words they belong to, moved to a nearby dip of the voice's energy."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

REACH_S = 0.6


def settle(wanted_s: float, dips_s: Sequence[float], *, earliest_s: float, latest_s: float) -> float:
    """Move a cut to the dip nearest to where it is wanted.

    Args:
        wanted_s: the moment between two words at which the picture should change.
        dips_s: moments of low energy, ascending.
        earliest_s, latest_s: the cut may not leave these bounds; they are the middle of the word before and of the
            word after, so a picture never changes a whole word away from its text.

    Returns:
        The nearest dip within `REACH_S` and the bounds, else the wanted moment, kept within the bounds.
    """
    low = max(earliest_s, wanted_s - REACH_S)
    high = min(latest_s, wanted_s + REACH_S)
    fitting = dips_s[bisect_left(dips_s, low) : bisect_right(dips_s, high)]
    if not fitting:
        return min(max(wanted_s, earliest_s), latest_s)
    return min(fitting, key=lambda dip_s: abs(dip_s - wanted_s))


def between(word_ends_s: float, next_starts_s: float) -> float:
    """Where a cut between two words is wanted: two thirds into the pause, so that the new picture leads its words."""
    return word_ends_s + (next_starts_s - word_ends_s) * 2 / 3
