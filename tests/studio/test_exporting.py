from storyreel.progress import Overview
from storyreel.publish.targets import TARGETS
from storyreel.recipes import title_film
from storyreel.settings import Settings
from storyreel.studio.exporting import KINDS, ExportPanel, downloads, export_place


def test_every_kind_on_offer_is_one_that_can_be_exported():
    assert {kind for _, kind in KINDS} <= set(TARGETS)
    assert len({text for text, _ in KINDS}) == len(KINDS)


def test_what_is_several_files_is_taken_home_as_one(tmp_path):
    film = title_film.begin("Lamp", settings=Settings(width_px=192, height_px=108), cache=tmp_path)
    ends = {kind: export_place(film.project, kind).suffix for _, kind in KINDS}
    several = {"otio", "edl", "fcpxml", "stills", "bundle", "project"}
    assert {kind for kind, end in ends.items() if end == ".zip"} == several
    assert all(end == TARGETS[kind].suffix for kind, end in ends.items() if kind not in several)


def test_what_is_there_is_offered_under_the_film_s_name(tmp_path):
    film = title_film.begin("A/B: The <Test>", settings=Settings(width_px=192, height_px=108), cache=tmp_path)
    assert downloads(film.project, film.brief.title) == []
    film.project.path("film.mp4").write_bytes(b"film")
    export_place(film.project, "webm").write_bytes(b"webm")
    found = downloads(film.project, film.brief.title)
    assert [file.text for file in found] == ["The film", "WebM for the web"]
    assert [file.name for file in found] == ["A B The Test.mp4", "A B The Test-webm.webm"]


def test_while_something_is_made_nothing_else_can_be_begun_and_it_says_how_far_it_is(tmp_path):
    film = title_film.begin("Lamp", settings=Settings(width_px=192, height_px=108), cache=tmp_path)
    asked = []
    panel = ExportPanel(asked.append, asked.append, asked.append)
    panel.draw(film.project, "Lamp", 0, True, Overview())
    assert panel.render.disabled
    assert panel.make.disabled
    assert "0%" in panel.progress.value
    panel.draw(film.project, "Lamp", 2, False, Overview())
    assert not panel.render.disabled
    assert "2 changes" in panel.head.value
    panel.make.click()
    assert asked == ["webm"]


def test_captions_follow_the_film_and_only_a_person_s_choice_changes_them(tmp_path):
    film = title_film.begin("Lamp", settings=Settings(width_px=192, height_px=108), cache=tmp_path)
    asked = []
    panel = ExportPanel(lambda quality: None, lambda kind: None, lambda file: None, asked.append)
    panel.draw(film.project, "Lamp", 0, False, Overview())
    assert panel.captions.disabled
    panel.draw(film.project, "Lamp", 0, False, Overview(), "karaoke")
    panel.draw(film.project, "Lamp", 0, False, Overview(), "cinema")
    assert (panel.captions.value, panel.captions.disabled, asked) == ("cinema", False, [])
    panel.captions.value = "none"
    assert asked == ["none"]


def test_a_film_that_was_made_anew_keeps_the_button_that_somebody_may_be_pressing(tmp_path):
    film = title_film.begin("Lamp", settings=Settings(width_px=192, height_px=108), cache=tmp_path)
    panel = ExportPanel(lambda quality: None, lambda kind: None, lambda file: None)
    film.project.path("film.mp4").write_bytes(b"film")
    panel.draw(film.project, "Lamp", 0, False, Overview())
    _, line = panel.files.children
    film.project.path("film.mp4").write_bytes(b"film" * 1_000_000)
    export_place(film.project, "webm").write_bytes(b"webm")
    panel.draw(film.project, "Lamp", 0, False, Overview())
    _, again, other = panel.files.children
    assert again is line
    assert "4.0 MB" in again.children[0].value
    assert "WebM" in other.children[0].value
    film.project.path("film.mp4").unlink()
    panel.draw(film.project, "Lamp", 0, False, Overview())
    assert panel.files.children[1:] == (other,)
