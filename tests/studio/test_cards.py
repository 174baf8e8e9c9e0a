import pytest

from storyreel.recipes import script_film
from storyreel.settings import Settings
from storyreel.studio.cards import CardsPanel
from storyreel.studio.choices import voices_with

SCRIPT = """INT. KITCHEN - NIGHT

MAY, 60, pours tea. TOM, 8, watches the door.

MAY
It is late.

TOM
He said he would come.
"""


@pytest.fixture
def film(tmp_path):
    film = script_film.begin(
        text=SCRIPT, voice="none", settings=Settings(width_px=192, height_px=108), cache=tmp_path, title="Late"
    )
    script_film.plan(film, script_film.stage(film))
    return film


@pytest.fixture
def panel(film):
    panel = CardsPanel(lambda: kept.append(True))
    kept = panel.kept = []
    panel.draw(film.project, running=False)
    return panel


def test_everybody_and_every_place_has_a_card(panel):
    assert {key.upper() for key, _ in panel._fields} == {"WORLD", "MAY", "TOM", "PLACE KITCHEN"}


def test_nothing_changed_makes_nothing(panel):
    panel.keep()
    assert "Nothing was changed" in panel._said.value
    assert panel.kept == []


def test_a_new_look_says_what_it_makes_again_before_it_is_kept(panel, film):
    person = panel._cast.characters[0]
    panel._fields[person.name, "look"].value = "a woman of sixty in a red cardigan"
    panel.estimate()
    assert "would be made again" in panel._said.value
    assert "picture" in panel._said.value
    assert not film.project.path("cards.json").exists()
    panel.keep()
    assert panel.kept == [True]
    assert "red cardigan" in film.project.path("cards.json").read_text()
    panel.draw(film.project, running=False)
    assert panel._fields[person.name, "look"].value == "a woman of sixty in a red cardigan"


def test_an_empty_card_is_refused_and_nothing_kept(panel, film):
    person = panel._cast.characters[0]
    panel._fields[person.name, "look"].value = "  "
    panel.keep()
    assert "cannot be empty" in panel._said.value
    assert not film.project.path("cards.json").exists()


def test_a_voice_is_called_by_its_name_whichever_way_the_film_has_it():
    offered = voices_with("offline:bm_george")
    assert [text for text, name in offered if name == "offline:bm_george"] == ["George, British man, deep and measured"]
    assert "offline:george" not in {name for _, name in offered}
    assert voices_with("acme:tenor")[0] == ("acme:tenor", "acme:tenor")
