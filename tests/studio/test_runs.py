import os
import signal
import subprocess
import sys
import time

import pytest

from storyreel.errors import InputError
from storyreel.project import Project
from storyreel.recipes import title_film
from storyreel.recipes._run import run
from storyreel.settings import Settings
from storyreel.studio.making import headline
from storyreel.studio.runs import RunWatch, start_run, stop_run

SMALL = Settings(width_px=192, height_px=108)
WAIT_S = 120.0


def begun(tmp_path, words=40):
    return title_film.begin("The Last Lighthouse", words=words, voice="none", settings=SMALL, cache=tmp_path).project


def until(watch, *states):
    end_s = time.monotonic() + WAIT_S
    while time.monotonic() < end_s:
        watch.look()
        if watch.state in states:
            return watch.state
        time.sleep(0.05)
    raise AssertionError(f"still {watch.state}: {watch.message}")


def test_a_run_is_made_by_another_process_and_found_again_by_any_watcher(tmp_path):
    project = begun(tmp_path)
    watch = RunWatch(project)
    watch.begun()
    process = start_run(project)
    assert process != os.getpid()
    assert os.getsid(process) != os.getsid(0)
    until(watch, "running")
    other = RunWatch(Project(project.id, tmp_path))
    assert until(other, "finished") == "finished"
    assert until(watch, "finished") == "finished"
    assert project.path("film.mp4").exists()
    assert project.holder is None
    assert other.overview.fraction == 1.0


@pytest.mark.parametrize(("kind", "going", "done"), [
    ("title", "Making your film", "Your film is ready"),
    ("shorts", "Making your shorts", "Your shorts are ready"),
    ("export", "Writing your file", "Your file is ready"),
])  # fmt: skip
def test_a_run_is_called_after_what_it_makes(tmp_path, kind, going, done):
    project = Project("pier", tmp_path)
    watch = RunWatch(project)
    with run(project, kind, {}):
        watch.look()
        assert headline(watch) == going
    watch.look()
    assert headline(watch) == done


def test_a_second_run_of_a_film_is_refused_while_one_goes_on(tmp_path):
    project = begun(tmp_path)
    with project.locked():
        assert project.holder == os.getpid()
        with pytest.raises(InputError, match="made already"):
            start_run(project)
        with pytest.raises(InputError, match="by this notebook"):
            stop_run(project)
    assert project.holder is None
    assert not stop_run(project)


def test_a_stopped_run_says_so_and_goes_on_later(tmp_path):
    project = begun(tmp_path, words=400)
    watch = RunWatch(project)
    watch.begun()
    start_run(project)
    until(watch, "running")
    assert stop_run(project)
    watch.stopping()
    assert until(watch, "stopped", "finished") == "stopped"
    assert watch.message == ""


def test_a_run_that_is_killed_is_not_shown_as_going_on(tmp_path):
    project = begun(tmp_path, words=400)
    watch = RunWatch(project)
    watch.begun()
    process = start_run(project)
    until(watch, "running")
    os.kill(process, signal.SIGKILL)
    assert until(watch, "failed") == "failed"
    assert "what is finished is kept" in watch.message


def test_a_run_that_cannot_begin_says_why(tmp_path):
    project = begun(tmp_path)
    record = project.record()
    project.save_record(record.model_copy(update={"crew": {**record.crew, "painter": "nobody"}}))
    watch = RunWatch(project)
    watch.begun()
    start_run(project)
    assert until(watch, "failed") == "failed"
    assert "no painter is called 'nobody'" in watch.message


def test_the_lock_names_its_holder_and_a_dead_holder_holds_nothing(tmp_path):
    project = begun(tmp_path)
    code = (
        "import sys, time; from storyreel.project import Project\n"
        f"project = Project({project.id!r}, {str(tmp_path)!r})\n"
        "with project.locked():\n    print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert project.holder == holder.pid
        holder.kill()
    assert project.holder is None
