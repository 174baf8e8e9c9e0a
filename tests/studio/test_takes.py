"""Takes and prices: a new picture costs what was agreed at most, and no picture is lost."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from PIL import Image

from storyreel.errors import ProviderBusy
from storyreel.memo.ledger import Charged, ledger_of
from storyreel.memo.paying import paying
from storyreel.providers import registry
from storyreel.providers.prices import Quote
from storyreel.studio.takes import read_takes


class PaidPainter:
    """Paints one colour, for what its bill says."""

    identity = "test/paid"

    def __init__(self, told: str | None = "0.04", bill: str = "0.04") -> None:
        self.told, self.bill, self.asked = told, bill, []
        self.down = False

    def price(self, usage):
        return Quote(None if self.told is None else Decimal(self.told))

    def draw(self, request):
        self.asked.append(request)
        if self.down:
            raise ProviderBusy("test/paid", "it did not answer")
        data = io.BytesIO()
        Image.new("RGB", (request.width_px, request.height_px), (len(self.asked), 7, 7)).save(data, "PNG")
        place = paying()
        assert place is not None
        return place.ledger.ask(
            "test", "/draw", {"prompt": request.prompt, "seed": request.seed},
            lambda: Charged(data.getvalue(), Decimal(self.bill)), suffix=".png", expected_usd=Decimal(self.bill),
        )  # fmt: skip


@pytest.fixture
def painter(monkeypatch):
    made = PaidPainter()
    real = registry.provider
    monkeypatch.setattr(registry, "provider", lambda role, name: made if role == "painter" else real(role, name))
    return made


def make_again(page, agreed: float, clip: str = "s0001", **more: str) -> dict:
    action = {"do": "make_again", "clip": clip, **more}
    return page.answer(page.say({"type": "act", "action": action, "agreed_usd": agreed}))


def test_the_offline_painter_makes_a_take_for_nothing_that_undo_takes_back(page, session):
    before = session.timeline.clips[1].asset
    price = page.say({"type": "price", "action": {"do": "make_again", "clip": "s0001"}})
    assert page.answer(price)["price_usd"] == 0.0
    assert make_again(page, 0.0, prompt="a lighthouse at night, wide shot") == {"type": "done", "id": page.ids}
    made = session.timeline.clips[1].asset
    assert made is not None
    assert (made.provenance.prompt, made.provenance.price_usd) == ("a lighthouse at night, wide shot", 0.0)
    told = page.last("patch")["shots"][1]
    assert [take["blob"]["sha256"] for take in told["takes"]] == [before.blob.sha256, made.blob.sha256]
    assert told["prompt"] == "a lighthouse at night, wide shot"
    assert page.last("patch")["history"][-1]["label"] == "Shot 2 made again"
    running = [m["shots"][1]["status"] for m in page.of("progress") if m.get("shots")]
    assert running[0] == "running"
    page.say({"type": "undo"})
    assert session.timeline.clips[1].asset == before
    assert len(page.last("patch")["shots"][1]["takes"]) == 2


def test_choosing_an_earlier_take_is_an_edit_and_takes_outlive_the_session(
    page, session, project, open_session, new_page
):
    make_again(page, 0.0)
    make_again(page, 0.0)
    session.close()
    later = new_page(open_session(project), "w2")
    takes = later.hello()["shots"][1]["takes"]
    assert len({take["blob"]["sha256"] for take in takes}) == 3
    later.edit({"kind": "replace_picture", "clip": "s0001", "asset": takes[0]})
    assert later.timeline["clips"][1]["asset"]["blob"] == takes[0]["blob"]
    assert len(read_takes(project).shots["s0001"]) == 3


def test_a_picture_is_paid_once_and_stands_in_the_ledger_and_the_films_cost(painter, project, open_session, new_page):
    page = new_page(open_session(project))
    state = page.hello()
    assert (state["shots"][0]["price_usd"], state["film"]["cost_usd"]) == (0.04, 0.0)
    assert make_again(page, 0.04)["type"] == "done"
    assert ledger_of(project).spent_usd() == Decimal("0.04")
    assert page.last("patch")["film"]["cost_usd"] == 0.04


def test_nothing_is_asked_for_that_costs_more_than_was_agreed(painter, project, open_session, new_page):
    page = new_page(open_session(project))
    page.hello()
    refused = make_again(page, 0.03)
    assert refused["type"] == "refused"
    assert "may cost $0.04, more than the $0.03 that was agreed" in refused["message"]
    assert painter.asked == []
    painter.bill = "0.09"  # the table was wrong
    refused = make_again(page, 0.04)
    assert "would pass the limit" in refused["message"]
    assert ledger_of(project).spent_usd() == 0
    assert read_takes(project).shots == {}


def test_a_price_that_nobody_knows_is_said_so(painter, project, open_session, new_page):
    painter.told = None
    page = new_page(open_session(project))
    assert page.hello()["shots"][0]["price_usd"] is None


def test_a_failure_is_told_and_the_shot_stays_as_it_was(painter, project, open_session, new_page):
    session = open_session(project)
    page = new_page(session)
    page.hello()
    painter.down = True
    refused = make_again(page, 0.04)
    assert (refused["type"], refused["message"]) == ("refused", "test/paid: it did not answer")
    assert page.last("progress")["shots"][1]["status"] == "done"
    assert session.history.entries == ()


def test_a_film_whose_painter_is_unknown_says_why_nothing_can_be_made_again(project, open_session, new_page):
    project.save_record(project.record().model_copy(update={"crew": {}}))
    page = new_page(open_session(project))
    shot = page.hello()["shots"][0]
    assert (shot["can_make_again"], shot["why_not"]) == (False, "this film has nobody who paints pictures")
    assert make_again(page, 1.0)["message"] == "this film has nobody who paints pictures"


def test_rendering_and_going_on_start_a_process_of_their_own(page, session, project):
    started: list[list[str]] = []
    session.launch = lambda project, arguments: started.append(list(arguments))
    page.edit({"kind": "change_caption", "cue": 0, "text": "x"})
    number = page.say({"type": "act", "action": {"do": "render", "quality": "draft"}, "agreed_usd": 0})
    assert page.answer(number)["type"] == "done"
    assert started == [["render", "lamp", "--quality", "draft"]]
    assert "x" in project.path("timeline.json").read_text()


def test_the_process_that_renders_makes_the_film_with_its_edits(page, session, project):
    page.edit({"kind": "change_caption", "cue": 0, "text": "rendered"})
    number = page.say({"type": "act", "action": {"do": "render", "quality": "draft"}, "agreed_usd": 0})
    page.answer(number)
    page.until(lambda m: m.get("film", {}).get("unrendered") == 0 and m["type"] == "progress", 90)
    assert project.path("film.mp4").stat().st_size > 1000
