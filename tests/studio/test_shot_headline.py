import pytest

from storyreel.studio.shot_sheet import headline


@pytest.mark.parametrize(
    ("told", "heading"),
    [
        ("a lighthouse standing on a rocky cliff above the sea, whitewashed", "Lighthouse standing on a rocky cliff"),
        ("The desert", "Desert"),
        ("", ""),
        ("x" * 60, "X" + "x" * 43),
        ("an old man with a lamp in the hold of a sinking ship", "Old man with a lamp in the hold"),
    ],
)
def test_a_heading_is_the_first_clause_cut_at_a_word(told, heading):
    assert headline(told) == heading
