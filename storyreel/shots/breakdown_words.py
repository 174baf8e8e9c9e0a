"""The words by which actions are told apart: camera directions, seeing, handling, moving, things. Pure."""

from __future__ import annotations

import re

from storyreel.shots.script_model import ShotSize

DIRECTIONS: tuple[tuple[ShotSize, str], ...] = (
    ("insert", r"INSERT\b|(?:EXTREME )?CLOSE(?:[- ]?UP)?(?: SHOT)? (?:ON|OF) (?:THE|A|AN|HIS|HER)\b"),
    ("close-up", r"(?:EXTREME )?CLOSE(?:[- ]?UP)?\b(?: SHOT)?(?: (?:ON|OF))?|E?CU\b|TIGHT ON"),
    ("pov", r".{0,40}\bP\.?O\.?V\b\.?|THROUGH [A-Z' ]+EYES|WHAT (?:HE|SHE|THEY) SEES?"),
    ("over-shoulder", r"OVER(?:[- ]THE)?[- ][A-Z' ]*SHOULDER|O\.?T\.?S\b"),
    ("two-shot", r"TWO[- ]SHOT"),
    ("wide", r"(?:EXTREME )?WIDE\b(?: SHOT)?|ESTABLISHING(?: SHOT)?|LONG SHOT|AERIAL(?: SHOT)?|FULL SHOT|HIGH ANGLE|CRANE SHOT"),
    ("medium", r"(?:MEDIUM|MID)\b(?: SHOT)?|MS\b|ANGLE ON|ON\b(?= [A-Z]{2,})"),
)  # fmt: skip
SEES = re.compile(
    r"\b(?:sees|saw|look(?:s|ed)? (?:at|out|through|down|up|over|into|back)|watch(?:es|ing|ed)|gaz(?:es|ing|ed)|star(?:es|ing|ed)|notice[sd]|peer(?:s|ed)|spot(?:s|ted)|"
    r"glance[sd])\b\s*(?:at|out of|out over|out to|out|through|down at|down on|down|up at|up to|up|over|into|upon|on|towards?|back at)?\s*(?P<what>[^.;!?]*)"
)  # fmt: skip
HANDLES = re.compile(
    r"\b(?:pick|take|hold|hand|open|close|put|lay|lift|draw|read|pour|light|drop|eat|fold|offer|pull|place|turn|wind|raise|tear|write|show|give|"
    r"examine|inspect|grip|grasp|clutch|set|slide|produce|find|unfold|drink|sip|examin|arrang)\w*\b"
)  # fmt: skip
THINGS = (
    "letter|envelope|note|telegram|key|keys|book|diary|journal|notebook|ledger|clock|watch|candle|map|compass|telescope|sword|dagger|"
    "knife|ring|photograph|photo|picture|locket|cup|teacup|glass|goblet|bottle|mirror|violin|flower|rose|bouquet|crown|skull|coin|coins|"
    "lamp|lantern|phone|telephone|radio|gramophone|typewriter|pen|quill|hourglass|shell|feather|box|chest|suitcase|umbrella|globe|"
    "camera|bell|paper|papers|gun|pistol|revolver|rope"
)
THING = re.compile(
    rf"\b(?:(?:an?|the|his|her|their|its|some|two|one)\s+(?:[a-z-]+\s+){{0,2}}?)?({THINGS})\b(?:\s+of\s+[a-z-]+)?",
    re.IGNORECASE,
)
MOVES = re.compile(
    r"\b(?:enter|exit|leave|arrive|run|walk|cross|climb|ride|stride|rush|march|wander|follow|approach|return|flee|dance|row|sail|drive|go|come|went|came|ran|fled|rode)\w*\b"
)
LEAVES = re.compile(
    r"\b(?:exits?|leaves|(?:goes|went|walks|walked|ran|runs) (?:out|off|away)|is gone|disappears|vanishes)\b"
)
FEMALE, MALE = re.compile(r"\b(?:she|her|hers)\b", re.IGNORECASE), re.compile(r"\b(?:he|him|his)\b", re.IGNORECASE)
