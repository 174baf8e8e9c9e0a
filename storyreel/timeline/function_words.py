"""The little words of a few languages that lean on what follows them: a line should not end on one."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ABBREVIATIONS = _words("mr mrs ms dr prof st sr jr capt col gen lt sgt rev hon vs no fig vol ca approx")

LEANING: dict[str, frozenset[str]] = {
    "en": _words(
        """a an the this that these those my your his her its our their no every each some any
        of to in on at by for from with without into onto upon over under between behind beyond through across
        against around about after before during until toward towards than as like near
        and or but nor so yet if when while because although though who whom whose which where why how
        is are was were be been am has have had do does did will would can could should may might must
        not very too more most i he she we they it you"""
    ),
    "de": _words(
        """der die das den dem des ein eine einen einem einer eines kein keine mein dein sein ihr unser
        in im an am auf aus bei mit nach von vom zu zum zur für durch gegen ohne um über unter vor hinter zwischen
        und oder aber denn weil dass wenn als ob nicht sehr ist sind war waren hat haben hatte wird
        ich er sie wir"""
    ),
    "fr": _words(
        """le la les l un une des du de d au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre votre leur
        à en dans sur sous par pour avec sans chez vers entre et ou mais car que qui si ne pas très plus
        est sont était a ont avait je tu il elle nous vous ils elles on"""
    ),
    "es": _words(
        """el la los las un una unos unas lo al del de a en con sin por para sobre bajo entre hasta desde hacia
        mi tu su sus y e o u pero que si no muy más es son era fue ha han había se le me te nos"""
    ),
    "it": _words(
        """il lo la i gli le un uno una di a da in con su per tra fra del della dei delle al alla nel nella sul sulla
        mio tuo suo e o ma che se non molto più è sono era ha hanno si mi ti ci"""
    ),
    "pt": _words(
        """o a os as um uma uns umas de do da dos das em no na nos nas por para com sem sobre entre até
        meu seu sua e ou mas que se não muito mais é são era foi há"""
    ),
    "nl": _words(
        """de het een van in op aan met voor door uit bij naar over onder tussen zonder
        mijn zijn haar en of maar dat die als niet zeer is was waren heeft had ik hij zij wij"""
    ),
}
