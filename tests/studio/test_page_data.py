"""What the studio's page knows of looks, norms and margins is what Python knows.

    python tests/studio/test_page_data.py

writes widgets/src/shared.json anew after a change of any of them.
"""

import json
from pathlib import Path

from storyreel.render.caption_styles import CAPTION_STYLES, CARD_STYLES, LABEL_STYLES
from storyreel.render.text_fonts import EMOJI, FOLDER, SANS, SERIF, SYMBOLS
from storyreel.timeline.caption_style import Box, CaptionStyle, Outline, Shadow
from storyreel.timeline.captions import NORMS
from storyreel.timeline.function_words import ABBREVIATIONS, LEANING
from storyreel.timeline.safe_area import TALL, TELEVISION

SHARED = Path(__file__).parents[2] / "widgets" / "src" / "shared.json"


def _margins(margins):
    return [margins.left, margins.top, margins.right, margins.bottom]


def _script_fonts():
    return sorted({path.name for path in FOLDER.glob("*.ttf")} - {SANS, SERIF, EMOJI, SYMBOLS})


def shared():
    """The tables that decide how a preview looks, as JSON."""
    by_shape = {
        name: {kind: {shape: style.model_dump() for shape, style in shapes.items()} for kind, shapes in styles.items()}
        for name, styles in (("captions", CAPTION_STYLES), ("labels", LABEL_STYLES), ("cards", {"card": CARD_STYLES}))
    }
    tables = {
        "captions": by_shape["captions"],
        "plain": {
            "style": CaptionStyle(size=0.05).model_dump(exclude={"size"}),
            "outline": Outline().model_dump(),
            "shadow": Shadow().model_dump(),
            "box": Box().model_dump(),
        },
        "labels": by_shape["labels"],
        "cards": by_shape["cards"]["card"],
        "fonts": {"sans": [SANS, *_script_fonts(), SYMBOLS, EMOJI], "serif": [SERIF]},
        "norms": {name: {"columns": norm.columns, "lines": norm.lines} for name, norm in NORMS.items()},
        "abbreviations": sorted(ABBREVIATIONS),
        "leaning": {language: sorted(words) for language, words in LEANING.items()},
        "safe": {"television": _margins(TELEVISION), "tall": {name: _margins(each) for name, each in TALL.items()}},
    }
    return json.dumps(tables, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


def test_the_page_has_the_looks_and_norms_that_python_has():
    assert SHARED.read_text(encoding="utf-8") == shared(), f"run  python {Path(__file__).name}  and make widgets"


if __name__ == "__main__":
    SHARED.write_text(shared(), encoding="utf-8")
