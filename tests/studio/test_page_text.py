"""The page sets texts where the renderer does: words of captions, cards and labels, and their states over time.

    python tests/studio/test_page_text.py

writes tests/golden/text.json anew after a change of how texts are set.
"""

import json
from pathlib import Path

from storyreel.clock import Rate
from storyreel.render.caption_styles import CAPTION_STYLES, CARD_STYLES, LABEL_STYLES
from storyreel.render.text import _states
from storyreel.render.text_bidi import levels
from storyreel.render.text_fonts import font_runs
from storyreel.render.text_labels import lay_out_label
from storyreel.render.text_layout import TextRun, advance_px, lay_out_caption, lay_out_card, takes_tracking
from storyreel.timeline.captions import shape_of
from storyreel.timeline.model import CueWord
from storyreel.timeline.safe_area import safe_area
from storyreel.timeline.scripts import break_unspaced, space_between

GOLDEN = Path(__file__).parents[1] / "golden" / "text.json"
ABOUT = (
    "Where texts stand: `captions`, `cards` and `labels` with their words' places (x from the left, baseline, width, "
    "size, all pixels); `advances`: how far each piece of text moves the pen at a size of 1, with which to lay out; "
    "`levels`: bidi levels; `pieces`: where words may break; `states`: which word has which colour when. "
    "Written by tests/studio/test_page_text.py."
)
SIZES = ((1920, 1080), (1080, 1080), (1080, 1920))
# No Chinese, Japanese or Korean here: whether there is a font for them depends on the machine.
CAPTIONS = [
    ("en", [["Somewhere", "past", "the", "dunes"], ["my", "father", "heard", "the", "sea."]]),
    ("en", [["Tintinnabulation-and-counterrevolutionary-incomprehensibilities", "never", "fit"]]),
    ("ar", [["سمع", "أبي", "البحر", "42", "مرة"], ["خلف", "الكثبان"]]),
    ("he", [["אבי", "שמע", "Elias,", "1931"]]),
    ("hi", [["मेरे", "पिता", "ने", "समुद्र", "सुना"]]),
    ("de", [["Straße", "und", "Übermut"]]),
]
CARDS = [
    ("en", "The Last Lighthouse", "Chapter one"),
    ("en", "Of the Man Who Carried the Sea Across a Desert: a Story", ""),
    ("en", "", "Only a line below"),
    ("ar", "المنارة الأخيرة", "الفصل الأول"),
]
LABELS = [
    ("en", "Elias Marrow\nKeeper of the light since nineteen hundred and eleven, on the northern cape", "lower_third"),
    ("en", "The desert", "title"),
    ("en", "Cape Wrath, 1931", "corner"),
    ("en", "A note that is far too long for one line and has to be broken into several even ones", "note"),
    ("ar", "إلياس\nحارس المنارة", "lower_third"),
]


class Advances(dict):
    """How far pieces of text move the pen at a size of 1, each as the page asks for it: one direction, one tracking."""

    def note(self, text, family, level, tracking, language):
        width = sum(
            advance_px(
                TextRun(part.text, part.font, 1000.0, language, 0, level, 0.0, 1000.0 * tracking if tracking else 0.0)
            )
            for part in font_runs(text, family)
        )
        self[f"{family} {level % 2} {tracking} {text}"] = round(width / 1000, 9)


def _words(runs):
    """Runs of one word and direction as the page has them: pieces in other fonts are one to it."""
    made = []
    for run in runs:
        last = made[-1] if made else None
        x, width = round(run.x_px, 4), round(run.width_px, 4)
        if last and (last["word"], last["level"], last["baseline"]) == (run.word, run.level, run.baseline_px):
            last["width"] = round(last["width"] + width, 4)
            last["text"] = run.text + last["text"] if run.level % 2 else last["text"] + run.text
            continue
        made.append({"text": run.text, "word": run.word, "level": run.level, "x": x, "baseline": run.baseline_px,
                     "width": width, "size": round(run.size_px, 4)})  # fmt: skip
    return made


def golden():
    """All of it as JSON; `advances` holds what laying it out asked for."""
    import storyreel.render.text_layout as layout

    advances, asked = Advances(), layout.set_line

    def noting(words, *, family, size_px, language, right_to_left, tracking=0.0, own=None):
        line = asked(words, family=family, size_px=size_px, language=language, right_to_left=right_to_left,
                     tracking=tracking, own=own)  # fmt: skip
        for word in _words([run.moved(run.x_px, 0.0) for run in line.runs]):
            spread = tracking if tracking and takes_tracking(word["text"]) else 0
            advances.note(word["text"], family, word["level"], spread, language)
        return line

    import storyreel.render.text_labels as labels_module

    layout.set_line = labels_module.set_line = noting
    try:
        made = {"about": ABOUT, "captions": _captions(), "cards": _cards(), "labels": _labels(), "levels": _levels(),
                "states": _all_states(), "pieces": _pieces(), "advances": advances}  # fmt: skip
    finally:
        layout.set_line = labels_module.set_line = asked
    parts = [
        f'"{name}":' + (json.dumps(part, ensure_ascii=False) if isinstance(part, str) else _rows(part))
        for name, part in made.items()
    ]
    return "{" + ",\n".join(parts) + "}\n"


def _rows(part):
    brackets = "{}" if isinstance(part, dict) else "[]"
    rows = (
        [f"{json.dumps(key, ensure_ascii=False)}:{json.dumps(value)}" for key, value in sorted(part.items())]
        if isinstance(part, dict)
        else [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in part]
    )
    return brackets[0] + "\n" + ",\n".join(rows) + "\n" + brackets[1]


def _captions():
    made = []
    for width, height in SIZES:
        for preset in ("documentary", "boxed", "short-form"):
            for language, lines in CAPTIONS:
                style = CAPTION_STYLES[preset][shape_of(width, height)]
                safe = safe_area("", width, height)
                runs = lay_out_caption(lines, style, width, height, language, safe=safe)
                made.append({"preset": preset, "size": [width, height], "language": language, "lines": lines,
                             "words": _words(runs)})  # fmt: skip
    return made


def _cards():
    made = []
    for width, height in SIZES:
        for language, title, subtitle in CARDS:
            card = lay_out_card(title, subtitle, CARD_STYLES[shape_of(width, height)], width, height, language)
            rule = card.rule and [card.rule.left_px, card.rule.top_px, card.rule.right_px, card.rule.bottom_px]
            made.append({"size": [width, height], "language": language, "title": title, "subtitle": subtitle,
                         "words": _words(card.title), "small": _words(card.subtitle), "rule": rule})  # fmt: skip
    return made


def _labels():
    made = []
    for width, height in SIZES:
        for language, text, preset in LABELS:
            style = LABEL_STYLES[preset][shape_of(width, height)]
            safe = safe_area("", width, height)
            found = lay_out_label(text, style, width, height, language, safe=safe)
            made.append({"size": [width, height], "language": language, "text": text, "preset": preset,
                         "words": _words(found.runs), "plate": [round(edge, 4) for edge in found.plate]})  # fmt: skip
    return made


def _pieces():
    words = ["「灯台の光」は、消えない。", "lighthouse", "ファーを", "42円", "e\u0301a"]
    return [{"word": word, "pieces": break_unspaced(word), "space": space_between(word, "光")} for word in words]


def _levels():
    texts = ["abc אבג 123", "سعر 42,50 €", "(אבג) def!", "a-b 1-2 אב", "٣٤ مرة", "“Wait” 12%", "שלום, world 3+4."]
    return [
        {"text": text, "right_to_left": way, "levels": list(levels(text, way))}
        for text in texts
        for way in (False, True)
    ]


def _all_states():
    rate, made = Rate(num=25), []
    spoken = [
        [("a", 4, 9), ("b", 9, 14), ("c", 30, 36)],
        [("a", 0, 5), ("b", 5, 5), ("c", 7, 60)],
        [("a", 12, 20)],
    ]
    for preset in ("documentary", "karaoke", "boxed", "pop"):
        style = CAPTION_STYLES[preset]["wide"]
        for words in spoken:
            timed = [CueWord(text=text, start_frame=start, end_frame=end) for text, start, end in words]
            found = [
                [state.start_frame, state.end_frame, state.lit, state.spoken_frames, list(state.colours)]
                for state in _states(timed, style, 2, 50, rate.frames(0.3))
            ]
            made.append({"preset": preset, "words": [word.model_dump() for word in timed], "states": found})
    return made


def test_what_the_page_is_held_to_is_how_texts_are_set():
    assert GOLDEN.read_text(encoding="utf-8") == golden(), (
        "run  python tests/studio/test_page_text.py  and the page's tests"
    )


if __name__ == "__main__":
    GOLDEN.write_text(golden(), encoding="utf-8")
