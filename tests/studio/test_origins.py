"""Where a picture or clip came from is shown on hover, whatever is in its prompt."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from loopback.makings import clip, picture
from storyreel.media.flow import Segment
from storyreel.media.model import Asset, Provenance
from storyreel.memo.ledger import open_ledger
from storyreel.memo.origins import keep_origin
from storyreel.memo.paying import Paying, Receipt
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.studio import picture_board, segment_board, word_board


def made(project: Project, kind: str, **origin: object) -> Asset:
    data, suffix = (picture(), ".png") if kind == "image" else (clip(), ".mp4")
    blob = store_of(project).put_bytes(data, suffix)
    return Asset.model_validate({"kind": kind, "blob": blob, "provenance": Provenance.model_validate(origin)})


def test_hovering_tells_model_seed_price_request_and_prompt(tmp_path: Path) -> None:
    project = Project("lamp", tmp_path)
    drawn = made(project, "image", provider="bfl/flux", model="flux-2-pro", prompt="a lamp", seed=7, price_usd=0.04,
                 request="job-1")  # fmt: skip
    photo = made(project, "image", provider="pexels/photos", credit="Photo by Ansel on Pexels, https://x/1")
    shown = str(picture_board(project, {1: drawn, 2: photo}).data)
    assert "title='bfl/flux, flux-2-pro, seed 7, $0.04, request job-1: a lamp'" in shown
    assert shown.count("Photo by Ansel on Pexels") == 3  # on hover, for screen readers, and to be read
    assert shown.count("data:image/jpeg;base64,") == 2


def test_a_prompt_is_text_never_markup(tmp_path: Path) -> None:
    project = Project("lamp", tmp_path)
    shown = str(picture_board(project, {"1": made(project, "image", provider="p", prompt="'><script>x")}).data)
    assert "<script>" not in shown
    assert "&#x27;&gt;&lt;script&gt;" in shown


def test_words_tell_who_was_asked_for_them_and_with_what(tmp_path: Path) -> None:
    project = Project("lamp", tmp_path)
    assert "nothing has been written yet" in str(word_board(project).data)
    bought = Receipt("call-1", "anthropic", "claude-9-20261001", "req_1", Decimal("0.02"))
    place = Paying(open_ledger(project), "write_story", receipts=[bought])
    place.asked = ("anthropic/claude-9", "Tell of <a lamp>. " * 20, 7)
    keep_origin(project, f"{project.id}/story.write_story@1/abc", place)
    shown = str(word_board(project).data)
    assert "title='anthropic/claude-9, claude-9-20261001, seed 7, $0.02, request req_1: Tell of &lt;a lamp&gt;" in shown
    assert "<b>write_story</b> · claude-9-20261001 · Tell of &lt;a lamp&gt;" in shown
    assert shown.count("<a lamp>") == 0


def test_a_segment_tells_of_its_clip_and_a_clip_shows_its_first_picture(tmp_path: Path) -> None:
    project = Project("lamp", tmp_path)
    first, moving = made(project, "image", provider="painter"), made(project, "video", provider="runway/veo")
    segments = [
        Segment(number=1, length_s=5, start_frame=first, end_frame=first, clip=moving),
        Segment(number=2, length_s=5, start_frame=first),
        Segment(number=3, length_s=5),
    ]
    shown = str(segment_board(project, segments).data)
    assert "title='runway/veo'" in shown
    assert "title='painter'" in shown
    assert shown.count("<figure") == 2
    assert str(picture_board(project, {"a": moving}).data).count("data:image/jpeg") == 1
