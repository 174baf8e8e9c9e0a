import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.render import text as text_module
from storyreel.render.caption_styles import CAPTION_STYLES, CARD_STYLES
from storyreel.render.overlay import Patch, Planes, Span, blend
from storyreel.render.text import caption_boxes, overlay_spans, text_warning
from storyreel.render.text_fonts import FOLDER, SERIF
from storyreel.render.text_layout import lay_out_caption, lay_out_card, set_line
from storyreel.render.text_paint import Area, paint_caption, to_patch
from storyreel.render.text_shaping import Face, draw
from storyreel.timeline.caption_style import Box, CaptionStyle, Outline, Shadow
from storyreel.timeline.captions import cues, pace, shape_of
from storyreel.timeline.model import Card, Cue, CueWord, Label, Timeline
from storyreel.timeline.safe_area import PLATFORMS, safe_area

PLAIN = ("documentary", "short-form")
WIDE, TALL, SQUARE = (640, 360), (360, 640), (360, 360)
LONG_TITLE = (
    "The Caravan That Crossed the Desert of Glass: A True Account of the Nine Nights and the City Nobody Found Again"
)


def film(size=WIDE, *, spoken="", preset="documentary", language="en", cards=(), **more) -> Timeline:
    rate = Rate()
    return Timeline(
        title="t",
        language=language,
        rate=rate,
        width_px=size[0],
        height_px=size[1],
        length_frames=100_000,
        clips=(),
        captions=preset,
        cues=cues(pace(spoken), rate, preset, language, size) if spoken else (),
        cards=cards,
        **more,
    )


def shown_at(timeline: Timeline, frame: int, tone: int = 100) -> Planes:
    """The film's texts on a frame, over one tone."""
    planes = tuple(
        np.full((timeline.height_px // k, timeline.width_px // k), value, np.uint8)
        for k, value in ((1, tone), (2, 128), (2, 128))
    )
    for span in overlay_spans(timeline):
        opacity = span.opacity(frame)
        patch = span.draw() if opacity else None
        if patch is not None:
            blend((planes[0], planes[1], planes[2]), patch, opacity)
    return planes[0], planes[1], planes[2]


def cue(*lines: str, start: int = 0, per_word: int = 10) -> Cue:
    at, made = start, []
    for line in lines:
        words = []
        for word in line.split():
            words.append(CueWord(text=word, start_frame=at, end_frame=at + per_word))
            at += per_word
        made.append(tuple(words))
    return Cue(start_frame=start, length_frames=at - start + 10, lines=tuple(made))


def drawn(span: Span) -> Patch:
    patch = span.draw()
    assert patch is not None
    return patch


def visible_box(patch: Patch, least_alpha: int = 1) -> tuple[int, int, int, int]:
    rows = np.flatnonzero((patch.alpha >= least_alpha).any(axis=1))
    columns = np.flatnonzero((patch.alpha >= least_alpha).any(axis=0))
    return (
        patch.x_px + int(columns[0]),
        patch.y_px + int(rows[0]),
        patch.x_px + int(columns[-1]) + 1,
        patch.y_px + int(rows[-1]) + 1,
    )


# --- what shows when


def test_each_word_is_lit_while_it_is_spoken() -> None:
    spans = overlay_spans(film(spoken="").model_copy(update={"cues": (cue("Come home"),)}))
    assert [(span.start_frame, span.end_frame) for span in spans] == [(0, 10), (10, 20), (20, 30)]
    assert len({span.key for span in spans}) == 3


SENTENCES = st.lists(st.text("abcdeשל", min_size=1, max_size=9), min_size=1, max_size=30).map(" ".join)


@given(SENTENCES, st.sampled_from(PLAIN), st.sampled_from([WIDE, TALL]))
@settings(max_examples=40)
def test_the_states_of_a_caption_tile_its_time(spoken, preset, size) -> None:
    timeline = film(size, spoken=spoken, preset=preset)
    spans = overlay_spans(timeline)
    for shown in timeline.cues:
        own = [span for span in spans if shown.start_frame <= span.start_frame < shown.end_frame]
        assert own[0].start_frame == shown.start_frame
        assert own[-1].end_frame == shown.end_frame
        assert all(before.end_frame == after.start_frame for before, after in pairwise(own))
        assert all(before.key != after.key for before, after in pairwise(own))


@given(SENTENCES, st.sampled_from(sorted(CAPTION_STYLES)))
@settings(max_examples=40)
def test_a_caption_shows_on_all_its_frames_and_on_no_other(spoken, preset) -> None:
    timeline = film(spoken=spoken, preset=preset)
    frames = [frame for shown in timeline.cues for frame in range(shown.start_frame, shown.end_frame)]
    seen = {frame for span in overlay_spans(timeline) for frame in range(span.start_frame, span.end_frame)}
    assert seen == set(frames)


def test_a_word_stays_lit_through_a_short_pause_and_not_through_a_long_one() -> None:
    def words(pause: int) -> Cue:
        first = CueWord(text="one", start_frame=5, end_frame=10)
        second = CueWord(text="two", start_frame=10 + pause, end_frame=20 + pause)
        return Cue(start_frame=0, length_frames=40 + pause, lines=((first, second),))

    def starts(shown: Cue) -> list[int]:
        return [span.start_frame for span in overlay_spans(film().model_copy(update={"cues": (shown,)}))]

    assert starts(words(4)) == [0, 5, 14, 24]
    assert starts(words(30)) == [0, 5, 10, 40, 50]


def test_cinema_captions_have_one_state() -> None:
    timeline = film(spoken="Nothing in here changes colour.", preset="cinema")
    assert len(overlay_spans(timeline)) == len(timeline.cues)


def test_captions_none_shows_cards_only() -> None:
    timeline = film(spoken="Hidden words.", cards=(Card(start_frame=0, length_frames=60, title="Seen"),))
    spans = overlay_spans(timeline.model_copy(update={"captions": "none"}))
    assert [(span.start_frame, span.end_frame) for span in spans] == [(0, 60)]


def test_nothing_outlasts_the_film() -> None:
    timeline = film(cards=(Card(start_frame=0, length_frames=90, title="Late"),))
    timeline = timeline.model_copy(update={"length_frames": 20, "cues": (cue("Come home again"),)})
    assert max(span.end_frame for span in overlay_spans(timeline)) == 20


def test_cards_fade_half_a_second_or_a_third_of_a_short_one() -> None:
    cards = (Card(start_frame=0, length_frames=90, title="a"), Card(start_frame=100, length_frames=12, title="b"))
    assert [(span.fade_in_frames, span.fade_out_frames) for span in overlay_spans(film(cards=cards))] == [
        (15, 15),
        (4, 4),
    ]


def test_empty_texts_show_nothing() -> None:
    blank = Cue(start_frame=0, length_frames=9, lines=((CueWord(text=" ", start_frame=0, end_frame=9),),))
    timeline = film(cards=(Card(start_frame=0, length_frames=9, title=" "),))
    assert overlay_spans(timeline.model_copy(update={"cues": (blank,)})) == ()


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(InputError, match="caroake"):
        overlay_spans(film().model_copy(update={"captions": "caroake"}))


# --- keys


def test_a_key_changes_with_all_that_decides_pixels_and_with_nothing_else() -> None:
    def key(timeline: Timeline) -> str:
        return overlay_spans(timeline)[0].key

    base = film().model_copy(update={"cues": (cue("Come home"),)})
    changes = [
        {"cues": (cue("Come home!"),)},
        {"cues": (cue("Come", "home"),)},
        {"width_px": 642},
        {"height_px": 362},
        {"captions": "short-form"},
        {"language": "tr"},
        {"platform": "cinema", "width_px": 358, "height_px": 640},
        {"width_px": 358, "height_px": 640},
        {"caption_style": CaptionStyle(size=0.05)},
        {"caption_style": CaptionStyle(size=0.05, current="#00FF00")},
    ]
    keys = [key(base), *(key(base.model_copy(update=change)) for change in changes)]
    assert len(set(keys)) == len(keys)
    later = cue("Come home", start=500)
    assert key(base.model_copy(update={"cues": (later,), "title": "another", "length_frames": 9999})) == keys[0]


def test_a_card_and_a_caption_of_the_same_words_have_different_keys() -> None:
    timeline = film(cards=(Card(start_frame=0, length_frames=9, title="Home"),))
    spans = overlay_spans(timeline.model_copy(update={"cues": (cue("Home"),)}))
    assert len({span.key for span in spans}) == len(spans)


def test_a_key_changes_with_the_fonts(monkeypatch) -> None:
    timeline = film(cards=(Card(start_frame=0, length_frames=9, title="Home"),))
    before = overlay_spans(timeline)[0].key
    monkeypatch.setattr(text_module, "fonts_identity", lambda: "other fonts")
    assert overlay_spans(timeline)[0].key != before


def test_finding_spans_loads_no_picture_library() -> None:
    """A remembered film needs only the keys."""
    code = (
        "import sys\n"
        "from storyreel.clock import Rate\n"
        "from storyreel.timeline.model import Card, Timeline\n"
        "from storyreel.render.text import overlay_spans\n"
        "card = Card(start_frame=0, length_frames=9, title='T')\n"
        "film = Timeline(title='t', rate=Rate(), width_px=64, height_px=64, length_frames=9, clips=(), cards=(card,))\n"
        "assert overlay_spans(film)[0].key\n"
        "assert not {'PIL', 'cv2', 'scipy', 'fontTools'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# --- pixels

CAPTIONS = [
    ("The lighthouse had not been lit for eleven years.", "en"),
    ("كانت المنارة القديمة مطفأة منذ 11 عامًا عندما صعدت Ada الدرج.", "ar"),
    ("המגדלור הישן לא הואר כבר 11 שנים (Ada Quill).", "he"),
    ("जब अदा सीढ़ियाँ चढ़ी तब प्रकाशस्तंभ नहीं जला था।", "hi"),
    ("Waves 🌊 and a family 👨‍👩‍👧 → ♪ 漢字 here", "en"),
]


@pytest.mark.parametrize("size", [WIDE, TALL, SQUARE])
@pytest.mark.parametrize("preset", PLAIN)
@pytest.mark.parametrize(("spoken", "language"), CAPTIONS)
def test_no_state_moves_a_letter_and_all_stay_between_the_margins(spoken, language, preset, size) -> None:
    timeline = film(size, spoken=spoken, preset=preset, language=language)
    style = CAPTION_STYLES[preset][shape_of(*size)]
    spans = overlay_spans(timeline)
    for shown in timeline.cues:
        patches = [drawn(s) for s in spans if shown.start_frame <= s.start_frame < shown.end_frame]
        for patch in patches:
            assert (patch.alpha == patches[0].alpha).all()
            assert (patch.alpha_uv == patches[0].alpha_uv).all()
            left, top, right, bottom = visible_box(patch, least_alpha=160)
            assert left >= size[0] * style.side - 4
            assert right <= size[0] * (1 - style.side) + 4
            assert top >= size[1] * 0.05
            assert bottom <= size[1] * (1 - style.margin) + 0.25 * style.size * size[1]
            assert visible_box(patch)[3] <= size[1] * 0.975


def test_the_word_being_spoken_is_the_one_in_the_accent_colour() -> None:
    timeline = film().model_copy(update={"cues": (cue("Come home"),)})
    first, second, after = map(drawn, overlay_spans(timeline))
    half = first.u.shape[1] // 2
    assert first.u[:, :half].min() < 100 < first.u[:, half:].min()  # yellow has little blue
    assert second.u[:, half:].min() < 100 < second.u[:, :half].min()
    assert after.u.min() > 120


@pytest.mark.parametrize(("language", "words"), [("he", "אבג דהו"), ("ar", "كتاب جديد")])
def test_right_to_left_captions_begin_at_the_right(language, words) -> None:
    timeline = film(language=language).model_copy(update={"cues": (cue(words),)})
    first, second, _ = map(drawn, overlay_spans(timeline))
    half = first.u.shape[1] // 2
    assert first.u[:, half + 6 :].min() < 100 < first.u[:, : half - 6].min()
    assert second.u[:, : half - 6].min() < 100


@pytest.mark.parametrize(
    ("words", "language", "font"),
    [
        (["אבג", "12", "דהו!"], "he", "NotoSansHebrew-SemiBold.ttf"),
        (["كتاب", "جديد", "هنا"], "ar", "NotoSansArabic-SemiBold.ttf"),
        (["Come", "home", "AWAY."], "en", "NotoSans-SemiBold.ttf"),
    ],
)
def test_a_line_set_word_by_word_is_as_wide_as_harfbuzz_sets_it_whole(words, language, font) -> None:
    rtl = language != "en"
    line = set_line(list(enumerate(words)), family="sans", size_px=48.0, language=language, right_to_left=rtl)
    whole = Face(FOLDER / font, 48.0).shape(" ".join(words), right_to_left=rtl, language=language)
    # digits and spaces may come from the main font, which sets them a little wider or narrower
    assert line.width_px == pytest.approx(whole.advance_px, rel=0.04)
    order = [run.word for run in line.runs if run.text.strip()]
    assert order == sorted(order, reverse=rtl)


def test_a_line_set_word_by_word_is_the_line_set_at_once() -> None:
    style = CaptionStyle(size=0.2, margin=0.2)
    words = ["Come", "home", "again"]
    runs = lay_out_caption([words], style, 640, 360, "en")
    at_once = runs[0].face.shape(" ".join(words), right_to_left=False, language="en")
    parts = draw([(run.face, run.shaped, run.x_px, run.baseline_px) for run in runs], 640, 360)
    whole = draw([(runs[0].face, at_once, runs[0].x_px, runs[0].baseline_px)], 640, 360)
    assert whole.max() == 255
    assert np.abs(parts.astype(np.int16) - whole).max() <= 8


@pytest.mark.parametrize("size", [WIDE, TALL, SQUARE])
@pytest.mark.parametrize("title", ["Dune", "The Last Lighthouse", LONG_TITLE, "W" * 60, "المنارة الأخيرة", "🌊"])
def test_titles_of_any_length_fit_between_the_margins(title, size) -> None:
    style = CARD_STYLES[shape_of(*size)]
    layout = lay_out_card(title, "Chapter 2", style, *size, "en")
    runs = (*layout.title, *layout.subtitle)
    assert min(run.x_px for run in runs) >= size[0] * style.side - 1
    assert max(run.x_px + run.width_px - run.tracking_px for run in runs) <= size[0] * (1 - style.side) + 1
    baselines = {run.baseline_px for run in layout.title}
    assert len(baselines) <= style.lines
    assert min(baselines) > 0.08 * size[1]
    assert max(run.baseline_px for run in layout.subtitle) < 0.92 * size[1]
    assert layout.rule is not None
    assert max(baselines) < layout.rule.top_px < layout.subtitle[0].baseline_px


def test_a_long_title_breaks_after_its_colon_and_stays_readable() -> None:
    layout = lay_out_card(LONG_TITLE, "", CARD_STYLES["wide"], 1920, 1080, "en")
    baselines = sorted({run.baseline_px for run in layout.title})
    first_line = "".join(run.text for run in layout.title if run.baseline_px == baselines[0])
    assert len(baselines) in {2, 3}
    assert first_line.strip().endswith("Glass:")
    assert layout.title[0].size_px >= 0.05 * 1080
    assert layout.rule is None


def test_a_card_darkens_the_picture_softly_around_its_words() -> None:
    timeline = film(cards=(Card(start_frame=0, length_frames=60, title="The Last Lighthouse", subtitle="One"),))
    patch = drawn(overlay_spans(timeline)[0])
    assert patch.alpha.shape == (360, 640)
    steps = np.abs(np.diff(patch.alpha[:20].astype(int), axis=1))
    assert steps.max() <= 1  # no edge that would show
    assert 20 < patch.alpha[0, 0] < 80
    assert patch.alpha.max() == 255


def test_a_caption_far_too_long_for_its_lines_is_broken_anew_inside_the_margins() -> None:
    words = tuple(f"word{index}" for index in range(30))
    style = CAPTION_STYLES["documentary"]["wide"]
    runs = lay_out_caption([words], style, 640, 360, "en")
    assert len({run.baseline_px for run in runs}) > 1
    assert min(run.x_px for run in runs) >= 640 * style.side - 1
    assert max(run.x_px + run.width_px for run in runs) <= 640 * (1 - style.side) + 1


@pytest.mark.parametrize("size", [(64, 64), (64, 4096), (4096, 64)])
def test_frames_of_any_legal_size_take_text(size) -> None:
    timeline = film(size, cards=(Card(start_frame=0, length_frames=9, title=LONG_TITLE, subtitle="Chapter 1"),))
    timeline = timeline.model_copy(update={"cues": (cue("Unreasonably", "small frames"),)})
    planes = tuple(np.full((size[1] // k, size[0] // k), 100, np.uint8) for k in (1, 2, 2))
    for span in overlay_spans(timeline):
        patch = drawn(span)
        assert patch.x_px % 2 == patch.y_px % 2 == patch.alpha.shape[0] % 2 == patch.alpha.shape[1] % 2 == 0
        blend((planes[0], planes[1], planes[2]), patch)


def test_a_box_lies_behind_all_words() -> None:
    style = CaptionStyle(size=0.1, margin=0.1, box=Box(opacity=1.0, colour="#000000", padding=0.3, corner=0.0))
    runs = lay_out_caption([["Boxed", "words"]], style, 640, 360, "en")
    art = paint_caption(runs, style, 640, 360)
    assert art is not None
    patch = art.plate()
    assert patch is not None
    left, top, right, bottom = visible_box(patch, least_alpha=255)
    inside = patch.alpha[top - patch.y_px : bottom - patch.y_px, left - patch.x_px : right - patch.x_px]
    assert (inside == 255).all()
    assert right - left > max(run.x_px + run.width_px for run in runs) - min(run.x_px for run in runs)


# --- colour


def test_colours_reach_the_planes_as_bt709_says() -> None:
    square = np.zeros((4, 4, 3), np.float32)
    square[:, :2], square[:, 2:] = (1.0, 0.0, 0.0), (1.0, 1.0, 1.0)
    patch = to_patch(square, np.ones((4, 4), np.float32), Area(0, 0, 4, 4))
    assert (patch.luma[0, 0], patch.u[0, 0], patch.v[0, 0]) == (63, 102, 240)  # BT.709 limited red
    assert (patch.luma[0, 3], patch.u[0, 1], patch.v[0, 1]) == (235, 128, 128)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_edges_lend_chroma_no_colour_of_what_is_transparent(seed) -> None:
    """A letter of one colour keeps exactly that chroma wherever any of it shows."""
    random = np.random.default_rng(seed)
    alpha = random.random((8, 8), dtype=np.float32) * (random.random((8, 8)) > 0.5)
    yellow = np.array([1.0, 0.82, 0.4], np.float32)
    patch = to_patch(alpha[..., None] * yellow, alpha, Area(0, 0, 8, 8))
    shown = patch.alpha_uv > 0
    whole = to_patch(np.broadcast_to(yellow, (2, 2, 3)), np.ones((2, 2), np.float32), Area(0, 0, 2, 2))
    assert np.abs(patch.u[shown].astype(int) - int(whole.u[0, 0])).max(initial=0) <= 1
    assert np.abs(patch.v[shown].astype(int) - int(whole.v[0, 0])).max(initial=0) <= 1
    mean = alpha.reshape(4, 2, 4, 2).mean(axis=(1, 3)) * 255
    assert np.abs(patch.alpha_uv - mean).max() <= 0.5 + 1e-3


def test_drawing_twice_and_in_threads_gives_the_same_pixels() -> None:
    spans = overlay_spans(film(spoken="Many words are drawn by many threads at once, and none of them differ."))
    once = [drawn(span) for span in spans]
    text_module._caption_art.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(drawn, spans))
    for before, after in zip(once, again, strict=True):
        assert (before.luma == after.luma).all()
        assert (before.alpha == after.alpha).all()
        assert (before.u == after.u).all()


def test_the_film_is_warned_about_characters_without_a_font() -> None:
    timeline = film(cards=(Card(start_frame=0, length_frames=9, title="Runes \U00013000"),))
    assert "U+13000" in text_warning(timeline)
    assert text_warning(film(spoken="All of this can be drawn.")) == ""


# --- places

EVERYWHERE = [*CAPTIONS, ("Donaudampfschifffahrtsgesellschaftskapitänswitwe " * 2, "de")]


@pytest.mark.parametrize("size", [WIDE, TALL, SQUARE])
@pytest.mark.parametrize("preset", sorted(CAPTION_STYLES))
@pytest.mark.parametrize(("spoken", "language"), EVERYWHERE)
def test_captions_lie_inside_the_safe_area_of_every_platform(spoken, language, preset, size) -> None:
    timeline = film(size, spoken=spoken, preset=preset, language=language)
    for platform in ("", *PLATFORMS) if size == TALL else ("",):
        safe = safe_area(platform, *size)
        for box in caption_boxes(timeline.model_copy(update={"platform": platform})).values():
            assert box.left >= safe.left - 1
            assert box.top >= safe.top - 1
            assert box.right <= safe.right + 1
            assert box.bottom <= safe.bottom + 1


def test_a_style_can_stand_at_the_top_or_in_the_middle() -> None:
    def middle(position: str) -> float:
        style = CaptionStyle(size=0.08, margin=0.1, position=position)
        timeline = film(caption_style=style).model_copy(update={"cues": (cue("Come home", "again"),)})
        box = caption_boxes(timeline)[0]
        return (box.top + box.bottom) / 2 / timeline.height_px

    assert middle("top") < 0.25 < 0.46 < middle("middle") < 0.54 < 0.75 < middle("bottom")


def test_a_word_wider_than_the_frame_is_cut_where_a_syllable_begins_and_lit_whole() -> None:
    runs = lay_out_caption([["Donaudampfschifffahrt"]], CaptionStyle(size=0.07), *TALL, "de")
    assert [run.text for run in runs] == ["Donaudampf-", "schifffahrt"]
    assert {run.word for run in runs} == {0}
    assert len({run.baseline_px for run in runs}) == 2


# --- animation


def karaoke(words: str, language: str = "en") -> Timeline:
    return film(language=language, preset="karaoke").model_copy(update={"cues": (cue(words, per_word=20),)})


def yellow_share(planes: Planes) -> np.ndarray:
    """For each column, whether yellow letters stand in it."""
    return (planes[1] < 100).any(axis=0)


@pytest.mark.parametrize(("language", "word"), [("en", "lighthouse"), ("he", "המגדלור"), ("ar", "المنارة")])
def test_the_sweep_runs_in_the_direction_of_reading(language, word) -> None:
    timeline = karaoke(word, language)
    (box,) = caption_boxes(timeline).values()
    left, middle, right = (round(x / 2) for x in (box.left, (box.left + box.right) / 2, box.right))
    yellow = yellow_share(shown_at(timeline, 10))
    begun, coming = yellow[left : middle - 8], yellow[middle + 8 : right]
    if language != "en":
        begun, coming = coming, begun
    assert begun.mean() > 0.3
    assert coming.mean() < 0.05


def test_the_sweep_only_ever_grows_and_ends_on_the_whole_word() -> None:
    timeline = karaoke("lighthouse")
    grown = [int(yellow_share(shown_at(timeline, frame)).sum()) for frame in range(0, 24, 3)]
    assert grown == sorted(grown)
    assert grown[0] < 0.15 * grown[-1]


def test_a_sweep_changes_nothing_but_its_word() -> None:
    timeline = karaoke("Come lighthouse home")
    before, during = shown_at(timeline, 20), shown_at(timeline, 30)
    changed = np.flatnonzero((before[0] != during[0]).any(axis=0))
    still = timeline.model_copy(update={"captions": "none", "cues": ()})
    letters = np.flatnonzero((before[0] != shown_at(still, 20)[0]).any(axis=0))
    assert letters[0] + 60 < changed[0]
    assert changed[-1] < letters[-1] - 60


POP = CaptionStyle(size=0.12, animation="pop", animation_s=0.2, shadow=Shadow(opacity=0.0))


def test_a_popping_word_swells_and_comes_back_and_the_others_stand_still() -> None:
    timeline = film(caption_style=POP).model_copy(update={"cues": (cue("Go home now", per_word=20),)})
    rest = shown_at(timeline, 35)[0].astype(int)
    changes = [np.abs(shown_at(timeline, frame)[0].astype(int) - rest) for frame in range(20, 40)]
    moved = [int((change > 40).sum()) for change in changes]
    assert max(moved[:5]) > 50
    assert moved[8:] == [0] * 12
    columns = np.flatnonzero((np.max(changes, axis=0) > 40).any(axis=0))
    ends = [column for column in np.flatnonzero((rest != 100).any(axis=0)) if not columns[0] <= column <= columns[-1]]
    assert len(ends) > 60  # the first and the last word


def test_a_page_fades_in_and_out_even_while_its_words_change() -> None:
    style = CaptionStyle(size=0.12, animation="fade", animation_s=0.2)
    timeline = film(caption_style=style).model_copy(update={"cues": (cue("I am at home", per_word=2),)})
    last = timeline.cues[0].end_frame
    seen = [float(np.abs(shown_at(timeline, frame)[0].astype(float) - 100).sum()) for frame in range(-1, last + 1)]
    assert seen[0] == seen[-1] == 0.0
    assert seen[1:7] == sorted(seen[1:7])
    assert 0 < seen[1] < 0.2 * seen[8]
    assert seen[-8:] == sorted(seen[-8:], reverse=True)
    assert 0 < seen[-2] < 0.2 * seen[8]


def test_a_plate_lies_behind_the_word_being_spoken_and_moves_on() -> None:
    plate = Box(colour="#FFD166", opacity=1.0, padding=0.1)
    style = CaptionStyle(size=0.12, word_box=plate, outline=Outline(width=0.0), shadow=Shadow(opacity=0.0))
    timeline = film(caption_style=style).model_copy(update={"cues": (cue("Come home"),)})
    first, second, after = (yellow_share(shown_at(timeline, frame)) for frame in (5, 15, 25))
    columns = np.flatnonzero(first | second)
    middle = (columns[0] + columns[-1]) // 2
    assert first[: middle - 4].mean() > 5 * first[middle + 12 :].mean()
    assert second[middle + 12 :].mean() > 5 * second[: middle - 4].mean()
    assert not after.any()


def test_plates_of_one_style_are_equally_high_whatever_their_letters() -> None:
    style = CAPTION_STYLES["boxed"]["wide"]
    heights = set()
    for word in ("nun", "Typography", "ABC"):
        art = paint_caption(lay_out_caption([[word]], style, 1920, 1080, "en"), style, 1920, 1080)
        assert art is not None
        plate = art.plate()
        assert plate is not None
        heights.add(plate.alpha.shape[0])
    assert len(heights) == 1


def test_capitals_are_those_of_the_films_language() -> None:
    def box(text: str, language: str, case: str) -> object:
        style = CaptionStyle(size=0.1, case=case)
        timeline = film(caption_style=style, language=language).model_copy(update={"cues": (cue(text),)})
        return caption_boxes(timeline)

    assert box("ışık izi", "tr", "upper") == box("IŞIK İZİ", "tr", "as_is")
    assert box("Ο φάρος", "el", "upper") == box("Ο ΦΑΡΟΣ", "el", "as_is")
    assert box("Straße", "de", "upper") == box("STRASSE", "de", "as_is")


# --- a font of one's own


def test_a_font_of_ones_own_draws_what_it_has_and_the_house_the_rest(tmp_path) -> None:
    path = tmp_path / "mine.ttf"
    path.write_bytes((FOLDER / SERIF).read_bytes())
    timeline = film().model_copy(update={"cues": (cue("Home שלום 🌊"),)})
    own = timeline.model_copy(update={"caption_style": CaptionStyle(size=0.1, font_file=str(path))})
    serif = timeline.model_copy(update={"caption_style": CaptionStyle(size=0.1, family="serif")})
    sans = timeline.model_copy(update={"caption_style": CaptionStyle(size=0.1)})
    assert caption_boxes(own) == caption_boxes(serif) != caption_boxes(sans)
    assert text_warning(own) == ""


def test_a_key_follows_what_is_in_a_font_file_and_not_where_it_lies(tmp_path) -> None:
    def key(name: str, data: bytes) -> str:
        path = tmp_path / name
        path.write_bytes(data)
        style = CaptionStyle(size=0.1, font_file=str(path))
        timeline = film(caption_style=style).model_copy(update={"cues": (cue("Home"),)})
        return overlay_spans(timeline)[0].key

    serif, sans = (FOLDER / SERIF).read_bytes(), (FOLDER / "NotoSansThai-SemiBold.ttf").read_bytes()
    assert key("a.ttf", serif) == key("b.ttf", serif) != key("b.ttf", sans)


@pytest.mark.parametrize("data", [b"", b"not a font at all", b"\x00\x01\x00\x00" + b"\xff" * 40])
def test_a_file_that_is_no_font_is_refused_in_one_sentence(tmp_path, data) -> None:
    path = tmp_path / "mine.ttf"
    path.write_bytes(data)
    timeline = film(caption_style=CaptionStyle(size=0.1, font_file=str(path)))
    with pytest.raises(InputError, match=r"mine\.ttf is not a font that can be used: give a TrueType or OpenType"):
        overlay_spans(timeline.model_copy(update={"cues": (cue("Home"),)}))


def test_a_font_file_that_is_not_there_is_named(tmp_path) -> None:
    timeline = film(caption_style=CaptionStyle(size=0.1, font_file=str(tmp_path / "gone.ttf")))
    with pytest.raises(InputError, match=r"gone\.ttf cannot be read"):
        text_warning(timeline.model_copy(update={"cues": (cue("Home"),)}))


# --- labels

PRESETS = ("lower_third", "title", "corner", "note")
LABEL_TEXTS = [
    ("Ada Quill\nLighthouse keeper", "en"),
    ("عادة كويل\nحارسة المنارة", "ar"),
    ("A note that goes on and on about the lamp, the crates and the keeper. " * 4, "en"),
    ("Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle", "de"),
]


@pytest.mark.parametrize("size", [WIDE, TALL, SQUARE])
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize(("text", "language"), LABEL_TEXTS)
def test_labels_of_any_length_lie_inside_the_safe_area(text, language, preset, size) -> None:
    safe = safe_area("", *size)
    for place in ({}, {"x": 0.0, "y": 1.0}, {"x": 1.0, "y": 0.0, "scale": 2.0}):
        label = Label(start_frame=0, length_frames=30, text=text, preset=preset, **place)
        (span,) = overlay_spans(film(size, language=language, labels=(label,)))
        left, top, right, bottom = visible_box(drawn(span), least_alpha=230)
        assert left >= safe.left - 3
        assert top >= safe.top - 3
        assert right <= safe.right + 3
        assert bottom <= safe.bottom + 3


def test_labels_come_and_go_and_lie_under_captions() -> None:
    label = Label(start_frame=5, length_frames=60, text="Ada Quill")
    timeline = film(labels=(label,)).model_copy(update={"cues": (cue("Home"),)})
    first, *rest = overlay_spans(timeline)
    assert (first.start_frame, first.end_frame) == (5, 65)
    assert 0.0 < first.opacity(5) < 0.1
    assert first.opacity(40) == 1.0
    assert rest


def test_a_lower_third_of_a_right_to_left_name_stands_at_the_right() -> None:
    def middle(text: str, language: str) -> float:
        label = Label(start_frame=0, length_frames=30, text=text)
        left, _, right, _ = visible_box(drawn(overlay_spans(film(language=language, labels=(label,)))[0]))
        return (left + right) / 2

    assert middle("Ada", "en") < WIDE[0] * 0.3
    assert middle("عادة", "ar") > WIDE[0] * 0.7


def test_a_labels_key_changes_with_all_that_decides_its_pixels() -> None:
    base = Label(start_frame=0, length_frames=30, text="Ada")
    changes = [{}, {"text": "Eve"}, {"preset": "note"}, {"x": 0.2}, {"y": 0.2}, {"scale": 1.5}]
    films = [film(labels=(base.model_copy(update=change),)) for change in changes]
    films += [film(SQUARE, labels=(base,)), film(labels=(base,), language="ar")]
    assert len({overlay_spans(each)[0].key for each in films}) == len(films)
    later = base.model_copy(update={"start_frame": 100, "length_frames": 60})
    assert overlay_spans(film(labels=(later,)))[0].key == overlay_spans(films[0])[0].key


def test_an_empty_label_shows_nothing_and_its_missing_letters_are_warned_about() -> None:
    assert overlay_spans(film(labels=(Label(start_frame=0, length_frames=9, text=" \n "),))) == ()
    assert "U+13000" in text_warning(film(labels=(Label(start_frame=0, length_frames=9, text="\U00013000"),)))
