from itertools import pairwise

import pytest

from storyreel.clock import Rate
from storyreel.media.model import Narration
from storyreel.providers.contracts import SceneDescription, SpokenWord
from storyreel.settings import SHAPES, Settings
from storyreel.shots.model import Scene
from storyreel.story.model import Chapter
from storyreel.timeline.assemble import assemble
from storyreel.timeline.captions import NORMS, cues, pace
from storyreel.timeline.model import Cue, CueWord, Timeline
from storyreel.timeline.quality import Finding, as_table, report
from storyreel.timeline.safe_area import Edges

CHAPTER = """The lighthouse at Merrow Point had not been lit for eleven years when Ada Quill walked up the cliff path
with a lantern in one hand and a key in the other. Nobody in the village believed that the old lens still turned. They
told her so at the ferry, and again at the inn, and once more, quietly, at the gate.

She thanked each of them and kept walking. “It is only a lamp,” she said. “It wants oil, and a little patience.” The
door was swollen with salt. It took her shoulder, and then her boot, and then a long breath, before it gave. Inside, the
stairs went up and up into the dark, and every step remembered her father's weight.

At the top she found the logbook open on the table, as if he had only gone down for bread. The last line read: wind from
the north-west, sea rough, light burning. She sat. She read it twice. Then she wiped the glass, panel by panel, until
her sleeve was black and the evening came through clean. No. Not yet."""


def assembled(size: tuple[int, int], preset: str, characters_per_s: float) -> Timeline:
    words = pace(CHAPTER, characters_per_s=characters_per_s)
    told = Narration(chapter=1, audio=None, duration_s=words[-1].end_s, words=words)
    scene = Scene(
        index=1, chapter=1, first_word=0, last_word=len(words) - 1, description=SceneDescription(subject="a lamp"),
        prompt="a lamp",
    )  # fmt: skip
    return assemble(
        title="The Last Lighthouse",
        chapters=[Chapter(number=1, title="One", text=CHAPTER, summary="x")],
        narrations=[told],
        scenes=[scene],
        pictures={},
        music=(),
        dips_s=[[]],
        voice_lufs=[None],
        music_lufs=[],
        settings=Settings(width_px=size[0], height_px=size[1], captions=preset),
    )


@pytest.mark.parametrize("size", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("preset", sorted(NORMS))
@pytest.mark.parametrize("characters_per_s", [12.0, 14.0, 19.0])
def test_our_own_films_miss_no_norm_that_the_voice_lets_them_keep(size, preset, characters_per_s) -> None:
    found = report(assembled(size, preset, characters_per_s))
    assert [str(finding) for finding in found if not finding.forced] == []
    if characters_per_s < 14:
        assert {finding.kind for finding in found} <= {"too short"}


def test_a_voice_faster_than_reading_is_reported_as_forced() -> None:
    found = report(assembled((1920, 1080), "documentary", 24.0))
    fast = [finding for finding in found if finding.kind == "reading speed"]
    assert fast
    assert all(finding.forced and finding.measured > 17 and "Netflix" in finding.source for finding in fast)
    assert "the voice leaves no choice" in str(fast[0])


def cue(start: int, length: int, *lines: str) -> Cue:
    words = tuple(
        tuple(CueWord(text=w, start_frame=start, end_frame=start + length) for w in line.split()) for line in lines
    )
    return Cue(start_frame=start, length_frames=length, lines=words)


def film(*shown: Cue, **more) -> Timeline:
    return Timeline(title="t", rate=Rate(num=30), width_px=1920, height_px=1080, length_frames=9000, clips=(),
                    cues=shown, **more)  # fmt: skip


GOOD = cue(0, 60, "Come home before dark.")


def kinds(*shown: Cue) -> list[str]:
    return [finding.kind for finding in report(film(*shown))]


def test_each_norm_is_measured() -> None:
    assert kinds(GOOD) == []
    assert kinds(cue(0, 30, "This is far too much to be read in so little time.")) == [
        "reading speed",
        "line length",
    ]
    assert kinds(cue(0, 20, "No.")) == ["too short"]
    assert kinds(cue(0, 240, "Come home.")) == ["too long"]
    assert kinds(cue(0, 90, "One", "two", "three")) == ["lines"]
    assert kinds(GOOD, cue(61, 60, "And stay.")) == ["gap"]
    assert kinds(GOOD, cue(70, 60, "And stay.")) == ["gap"]
    assert kinds(GOOD, cue(50, 60, "And stay.")) == ["overlap"]
    assert kinds(GOOD, cue(62, 60, "And stay.")) == []


def test_a_finding_tells_what_where_and_who_asks() -> None:
    (found,) = report(film(GOOD, cue(300, 20, "No.")))
    assert (found.cue, found.start_s, found.measured) == (1, 10.0, pytest.approx(2 / 3))
    assert found.norm == pytest.approx(5 / 6)
    assert str(found) == (
        "caption 2 at 0:10.0, too short: 0.6667 s where Netflix Timed Text Style Guide asks for 0.8333"
    )


def test_a_caption_outside_the_safe_area_is_found_by_its_box() -> None:
    timeline = film(GOOD)
    assert report(timeline, {0: Edges(400, 900, 1500, 1000)}) == ()
    (found,) = report(timeline, {0: Edges(400, 900, 1500, 1046)})
    assert (found.kind, found.measured) == ("outside safe area", 20.0)
    assert "EBU R 95" in found.source


def test_wide_characters_count_twice_and_no_spaces_are_added_between_them() -> None:
    word = tuple(CueWord(text=c, start_frame=0, end_frame=60) for c in "灯台の光が海を照らした")
    shown = Cue(start_frame=0, length_frames=60, lines=(word,))
    assert report(film(shown)) == ()
    (found,) = report(film(shown.model_copy(update={"length_frames": 30})))
    assert found.measured == 22.0


def test_findings_make_a_table_even_when_there_are_none() -> None:
    assert list(as_table(()).columns) == list(Finding.model_fields)
    table = as_table(report(film(cue(0, 20, "No."))))
    assert table.loc[0, "kind"] == "too short"


def test_no_captions_no_findings() -> None:
    assert report(film(cue(0, 1, "No."), captions="none")) == ()


def test_punctuation_that_comes_as_a_word_stays_on_the_word_it_closes() -> None:
    texts = list("灯台の光が海を照らした。夜は長い、と彼女は言った。")
    spoken = [SpokenWord(text=text, start_s=i * 0.2, end_s=i * 0.2 + 0.2) for i, text in enumerate(texts)]
    made = cues(spoken, Rate(), "short-form", "ja", (1080, 1920))
    lines = [line for shown in made for line in shown.lines]
    assert len(lines) > 1
    assert not [line for line in lines if line[0].text[0] in "。、っ"]
    assert all(before.end_frame <= after.start_frame for before, after in pairwise(made))
