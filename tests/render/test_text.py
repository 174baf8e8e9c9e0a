import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont, features

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.render import text as text_module
from storyreel.render.caption_styles import CAPTION_STYLES, CARD_STYLES, Box, CaptionStyle
from storyreel.render.overlay import Patch, Span, blend
from storyreel.render.text import overlay_spans, text_warning
from storyreel.render.text_fonts import FOLDER
from storyreel.render.text_layout import lay_out_caption, lay_out_card, set_line
from storyreel.render.text_paint import Area, paint_caption, to_patch
from storyreel.timeline.captions import cues, pace, shape_of
from storyreel.timeline.model import Card, Cue, CueWord, Timeline

WIDE, TALL, SQUARE = (640, 360), (360, 640), (360, 360)
LONG_TITLE = (
    "The Caravan That Crossed the Desert of Glass: A True Account of the Nine Nights and the City Nobody Found Again"
)


def film(size=WIDE, *, spoken="", preset="documentary", language="en", cards=()) -> Timeline:
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
    )


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


def test_pillow_can_shape_and_order_every_script() -> None:
    assert features.check("raqm")


# --- what shows when


def test_each_word_is_lit_while_it_is_spoken() -> None:
    spans = overlay_spans(film(spoken="").model_copy(update={"cues": (cue("Come home"),)}))
    assert [(span.start_frame, span.end_frame) for span in spans] == [(0, 10), (10, 20), (20, 30)]
    assert len({span.key for span in spans}) == 3


SENTENCES = st.lists(st.text("abcdeשל", min_size=1, max_size=9), min_size=1, max_size=30).map(" ".join)


@given(SENTENCES, st.sampled_from(sorted(CAPTION_STYLES)), st.sampled_from([WIDE, TALL]))
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
@pytest.mark.parametrize("preset", sorted(CAPTION_STYLES))
@pytest.mark.parametrize(("spoken", "language"), CAPTIONS)
def test_no_state_moves_a_letter_and_all_stay_in_the_safe_area(spoken, language, preset, size) -> None:
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
    whole = ImageFont.truetype(FOLDER / font, 48.0, layout_engine=ImageFont.Layout.RAQM)
    # digits and spaces may come from the main font, which sets them a little wider or narrower
    assert line.width_px == pytest.approx(
        whole.getlength(" ".join(words), direction="rtl" if rtl else "ltr", language=language), rel=0.04
    )
    order = [run.word for run in line.runs if run.text.strip()]
    assert order == sorted(order, reverse=rtl)


def test_letters_are_drawn_where_harfbuzz_draws_them() -> None:
    """Laying a Latin line out word by word gives the same picture as drawing it at once."""
    style = CaptionStyle(size=0.2, margin=0.2)
    words = ["Come", "home", "again"]
    runs = lay_out_caption([words], style, 640, 360, "en")
    image, whole = Image.new("L", (640, 360)), Image.new("L", (640, 360))
    for run in runs:
        ImageDraw.Draw(image).text((run.x_px, run.baseline_px), run.text, 255, run.open(), anchor="ls")
    ImageDraw.Draw(whole).text((runs[0].x_px, runs[0].baseline_px), " ".join(words), 255, runs[0].open(), anchor="ls")
    difference = np.abs(np.asarray(image, np.int16) - np.asarray(whole, np.int16))
    assert np.asarray(whole).max() == 255
    assert difference.mean() < 0.4


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
    patch = art.coloured(["#FFFFFF", "#FFFFFF"])
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
