"""The Jupyter face: the timeline editor, a live panel for runs, pictures of every step's result, and plots.

from storyreel import studio
progress = studio.watch()                 # a panel with bars, time left and a Stop button
film = begin("The Last Lighthouse", progress=progress)
studio.editor("the-last-lighthouse")      # the film as it stands, to be changed
"""

from storyreel.studio.application import app
from storyreel.studio.displays import chapter_table, contact_sheet, film_player, scene_table, story_card, storyboard
from storyreel.studio.editor import Editor, editor
from storyreel.studio.flows import picture, segment_strip
from storyreel.studio.origins import picture_board, segment_board, word_board
from storyreel.studio.panel import ProgressPanel, watch
from storyreel.studio.plots import plot_costs, plot_energy, plot_timeline
from storyreel.studio.recordings import plot_recording

__all__ = [
    "Editor",
    "ProgressPanel",
    "app",
    "chapter_table",
    "contact_sheet",
    "editor",
    "film_player",
    "picture",
    "picture_board",
    "plot_costs",
    "plot_energy",
    "plot_recording",
    "plot_timeline",
    "scene_table",
    "segment_board",
    "segment_strip",
    "story_card",
    "storyboard",
    "watch",
    "word_board",
]
