"""Italian: spelling to sound, and where the stress falls that spelling seldom marks. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storyreel.providers.offline.voice.alphabet import PRIMARY
from storyreel.providers.offline.voice.languages.rules import Spelling, listed, stressed
from storyreel.providers.offline.voice.languages.tongue import Tongue, scaled

_SPELLING = Spelling((
    ("sci(?=[aouàòù]|en)", "ʃ"), ("sc(?=[eièéì])", "ʃ"), ("sch", "sk"),
    ("cci(?=[aouàòù])", "ʧː"), ("cc(?=[eièéì])", "ʧː"), ("cch", "kː"), ("cqu", "kːw"), ("ccu(?=[oi])", "kːw"),
    ("cc", "kː"),
    ("ci(?=[aouàòù]|e[lt]|en[tz])", "ʧ"), ("c(?=[eièéì])", "ʧ"), ("ch", "k"), ("qu", "kw"), ("q", "k"), ("c", "k"),
    ("ggi(?=[aouàòù])", "ʤː"), ("gu(?=[eiao])", "ɡw"), ("gg(?=[eièéì])", "ʤː"), ("ggh", "ɡː"), ("gg", "ɡː"),
    ("gli(?=[aeouàèéòù])", "ʎ"), ("gl(?=i$|i[^\\W]*$)(?!icer)", "ʎ"), ("gn", "ɲ"),
    ("gi(?=[aouàòù])", "ʤ"), ("g(?=[eièéì])", "ʤ"), ("gh", "ɡ"), ("g", "ɡ"),
    ("ss", "S"), ("s(?=[bdglmnrv])", "z"), ("(?<=[aeiouàèéìòù])s(?=[aeiouàèéìòù])", "z"), ("s", "s"),
    ("(?<=[a-z][a-z]i)zz(?=[aeo](?:r|t[aoie]|n[od]|zi|i?$))(?<!pizz)", "ʣː"), ("(?<=me)zz(?=[aoi])", "ʣː"),
    ("zz", "ʦː"), ("z(?<=^z)", "ʣ"), ("z", "ʦ"),
    ("bb", "bː"), ("dd", "dː"), ("ff", "ff"), ("ll", "ll"), ("mm", "mm"), ("nn", "nn"), ("pp", "pː"), ("rr", "rr"),
    ("tt", "tː"), ("vv", "vv"), ("b", "b"), ("d", "d"), ("f", "f"), ("h", ""), ("j", "j"), ("k", "k"), ("l", "l"),
    ("m", "m"), ("n", "n"), ("p", "p"), ("r", "r"), ("t", "t"), ("v", "v"), ("w", "w"), ("x", "ks"), ("y", "i"),
    ("à", "ˈa"), ("[èê]", "ˈɛ"), ("é", "ˈe"), ("[ìíî]", "ˈi"), ("ò", "ˈɔ"), ("ó", "ˈo"), ("[ùú]", "ˈu"),
    ("a", "a"), ("e", "e"), ("i", "i"), ("o", "o"), ("u", "u"),
))  # fmt: skip

# Words stressed on the third syllable from the end: by their endings, and the commonest of the others by themselves.
_THIRD_ENDINGS = re.compile(
    r"(?:issim[aoie]|[aie]bil[ei]|evol[ei]|(?<!ch)(?<!am)(?<!nem)(?<!ant)ic(?:[aoi]|he)|logi?c?[oi]|graf[oia]|metr[oi]|"
    r"esim[aoie]|ev[ao]l[ei]|ol[oi](?<=[cgt]ol[oi])|ior(?!e|i)|udin[ei]|agin[ei]|igin[ei]|aggin[ei]|edin[ei]|"
    r"[aei]ss(?:er|im)o|er(?:o|ono)(?<=[aei]ssero)|ar(?:ono)|ir(?:ono)|er(?:ono)|avano|evano|ivano|ebbero|essero|[ae]ndosi|[ae]ndol[oaie])$"
)
_THIRD = frozenset(listed(
    """abito albero alcool alito ambito angolo anima anime animo aprile arabo asino atomo attimo azienda bambola
    barbaro brivido calcolo camera camere candido capita capito carico carica cellula cenere codice compito comodo
    complice credito credere crimine cupola debito debole deboli decima difficile difficili diavolo dialogo dodici
    domestico dubito epoca esame esercito essere esito facile facili fascino favola fegato femmina fertile figlio
    fiocco foglio folgore fulmine fragile genere generi giovane giovani gomito gravida grandine habitat immagine
    incubo indice infimo isola isole lacrima lacrime lampada lampade lapide lettera lettere leggere liquido limite
    limiti logoro macchina macchine margine martire maschera maschile medico medici mettere merito mescola metodo
    mobile mobili modulo moltiplica monaco mordere morbido musica muovere musicale napoli nobile nobili nocciola
    nomina numero numeri nuvola nuvole obbligo omero opera opere ordine ordini organo origine ospite ospiti pallido
    papavero parlano passero patina pecora pecore pericolo pericoli perdere perfido pentola persero pettine piccola
    piccoli piccole piccolo piangere platano polvere popolo popoli porgere portico povera poveri povero preside
    prendere principe principi prossima prossimo pubblico pubblica pulpito quindici ragnatela rapido rapida regola
    regole rendere ridere ridicolo rispondere romantico rompere ruvido sabato sandalo sandali scandalo scendere
    scrivere secolo secoli sedici semplice semplici simile simili simbolo sindaco singolo solido sogliola spendere
    spettacolo spirito stomaco storico stupido stupida subito succedere suocera svolgere tavola tavolo tavoli tavole
    tempera tenebre tenero titolo titoli tredici tremito umido umile undici ultimo ultima ultimi ultime unico unica
    utile utili valido vandalo vedere vedova vedono vergine vendere vescovo vincere vipera visita vivere vittima
    vittime vivido vogliono volgere vortice zucchero zingaro lascito domanda dicono fanno possono devono vengono
    tengono escono sono credono scrivono leggono vivono prendono sentono aprono corrono chiedono perdono mettono
    ridono parlano guardano aspettano cantano camminano arrivano tornano restano pensano portano trovano chiamano
    cercano entrano passano lavorano giocano amano mandano lasciano sembrano diventano pagina pagine termine termini
    minimo massimo massima anonimo vicolo oceano veicolo articolo articoli miracolo ostacolo muscolo muscoli
    trespolo discepolo capitolo capitoli vincolo cerchio cronaca fabbrica tattica tecnica pratica politica critica
    grafica classico classica fisico fisica chimica tipico basilica repubblica domenica manica predica america
    africa tragico magico magica mitico logico comico nautico artico atlantico pacifico elettrico elettrica
    meccanico automatico libero libera liberi libere furono fossero telefono telefoni solito proposito analisi
    ottimo ottima cinema crescita vendita perdita nascita fenomeno inutile giudice metodi alberi angelo angeli
    merita prestito dibattito usano occupa considera formula individui reddito organi continuano mancano esistono
    servono smettono esseri possano abbiano immagini svizzera automobile automobili storico mercoledi cantano
    ballano suonano pregano dormono muoiono rimangono bevono nascono cadono siedono tremano gridano brillano
    bruciano volano mangiano parlavano lucido stabile altissimo"""
)) - frozenset(listed(
    """aprile azienda domanda esame fanno figlio fiocco foglio maschile musicale nocciola ragnatela sono vedere cerchio
    perdono"""
))  # fmt: skip
_SECOND = re.compile(r"(?:av|ved|pot|sap|vol|dov|ten|tem|piac|cad|sed|god|par|val|giac|tac|man|[ilt]i|s|b|v|ap)ere$")
"""Those in -ere that are stressed on it: "vedere", "cavaliere"."""
# Words whose stress no rule finds, with the accent that they are not written with.
_MARKED = {
    re.sub("[àèìòùéó]", lambda found: "aeioueo"["àèìòùéó".index(found[0])], word): word
    for word in listed(
    """paùra paùre baùle vìdeo lìnea lìnee perìodo perìodi uòmini èrano àbbia àbbiano àerea àereo àrea òceano allegrìa
    magìa compagnìa energìa fantasìa malattìa follìa pazzìa poesìa nostalgìa filosofìa tecnologìa geografìa farmacìa
    tuttavìa polizìa democrazìa economìa astronomìa sìano qualsìasi tràmite ìnternet capìto servìto partìto
    periferìa gallerìa batterìa librerìa osterìa trattorìa categorìa teorìa melodìa mània àncora bìbbia pèndio addìo
    zìo zìa zìi vìa vìe mìo mìa mìe mìei dìo pìo rìo brusìo leggìo mormorìo ronzìo scintillìo orologerìa malinconìa
    agonìa ironìa armonìa sinfonìa scìa bugìa spìa vicìno sciòpero sciòperi lìquido àrgine pàdova gènova lèttere"""
)
}  # fmt: skip
_UNSTRESSED = frozenset(
    listed(
        "a ad al alla alle allo ai agli con col da dal dalla dalle dallo dai dagli di del della delle dello dei degli "
        "e ed i il in la le lo gli mi ti si ci vi ne nel nella nelle nello nei negli per se su sul sulla sulle sui un "
        "una uno o od che non tra fra l d un' c m t s v n dell all nell sull dall quest"
    )
)

# Stressed e and o are open or close, which spelling does not tell: open but in these endings and words.
_CLOSE = re.compile(
    r"(?:ment[oiea]|ezz[ae]|ett[aoie]|evol[ei]|esc[aoie]|ess[ae]|es[eiao]|egn[oiae]|eggi[oa]?|ecchi[oa]?|[iv]gli[ao]|"
    r"os[aoie]|on[ei]|or[ei]|ogn[oiaei]|[aeu]nd[oiae](?<=[st]econd[oiae])|erem[oi]|est[eo]|ev[aoi]|evan[oi]|em[oi]|ete|eva)$"
)
_CLOSE_WORDS = frozenset(listed(
    """quello quella quelli quelle questo questa questi queste stella stelle capelli capello dentro mentre fermo vero
    vera veri vere pero sera sere nero nera neri nere intero sentiero freddo fredda cena rete sete seta mela pera
    neve pesce legge verde vetro segreto moglie molto molta molti molte ascolta forse corsa corso giorno giorni
    mondo dopo sotto rosso rossa come nome nomi solo sola soli sole ancora dono dove croce voce voci posto risposta
    colpo nascosto conosco dolce forma torre bosco mostro sono fosse persona ponte fronte monte conte sopra bocca
    goccia notte botte ombra onda fondo tondo pronto racconto conto oltre rompere noi voi coro secondo seconda
    compra loro allora corrono mosca pozzo nero elmo spesso spessa fermi fermano messo messa metto mettere mettono
    promessa vendere vendetta cerca cercano cerchio selva lettera lettere debole capello semplice semplici
    mezzanotte capitale tre re te me che perché avere vedere potere sapere volere dovere tenere temere bere piacere
    cadere sedere pieno piena ce né stesso stessi stessa stesse sembra sembrano invece almeno meno contro quel de
    roma agosto inoltre voglio scelta difesa"""
)) - frozenset(listed("notte loro te me"))  # fmt: skip


def word_sounds(word: str) -> str:
    """One word by itself, in the voice's alphabet; an article that is written onto it stays unstressed."""
    letters = word.lower().replace("’", "'")
    if "'" in letters:
        first, _, rest = letters.partition("'")
        return _SPELLING.sounds_of(first) + (word_sounds(rest) if rest else "")
    sounds = _with_glides(_SPELLING.sounds_of(_MARKED.get(letters, letters)))
    if letters in _UNSTRESSED:
        return sounds
    if PRIMARY in sounds:
        pass
    elif not re.search(r"[aeiou]$", letters) or (letters.endswith("ai") and len(letters) > 3):
        sounds = stressed(sounds, 1)
    elif (
        letters in _THIRD or _THIRD_ENDINGS.search(letters) or (letters.endswith("ere") and not _SECOND.search(letters))
    ):
        sounds = stressed(sounds, 3)
    else:
        # The second part of a falling diphthong is no syllable of its own.
        before, stress, _ = stressed(re.sub(r"(?<=[aeo])ʊ", "w", sounds), 2).partition(PRIMARY)
        sounds = before + stress + sounds[len(before) :]
    return _vowels(letters, sounds)


def _with_glides(sounds: str) -> str:
    """i and u before another vowel make no syllable of their own, nor do they after a, e and o."""
    sounds = re.sub(r"(?<=[aeo])i(?=[aeou])", "j", sounds)  # "febbraio"
    sounds = re.sub(r"(?<=[^aeou])i(?=ˈ?[aeouɛɔ])(?!a$|e$|o$|ano$)", "j", sounds)
    # "storia", "Italia", "abbia"; but "mia", "allegria", "zio"
    sounds = re.sub(r"(?<=[aeiou][rlnstdvpbʦkmz])i(?=[aeo]$)", "j", sounds)
    sounds = re.sub(r"(?<=[aeiou][rlnstmdvpbk][rlnstmdvpbkʦː])i(?=[aeo]$)", "j", sounds)
    sounds = re.sub(r"(?<=[^aeiou])u(?=ˈ?[oaei])(?![aeio]$)", "w", sounds)
    sounds = re.sub(r"(?<=[kɡ])u(?=[aeio]$)", "w", sounds)
    sounds = re.sub(r"(?<=[ae])u", "ʊ", sounds)
    sounds = re.sub(r"(?<=a)i$", "j", sounds)
    return re.sub(r"^([iu])(?=[aeou])(?!o$|a$)", lambda found: "j" if found[1] == "i" else "w", sounds)


def _vowels(letters: str, sounds: str) -> str:
    if not _CLOSE.search(letters) and letters not in _CLOSE_WORDS:
        sounds = sounds.replace("ˈe", "ˈɛ").replace("ˈo", "ˈɔ")
    sounds = sounds.replace("wˈo", "wˈɔ").replace("jˈe", "jˈɛ")
    sounds = re.sub(r"(?<=[^\Wkɡaeiou])wˈɔ", "ʊˈɔ", sounds)
    sounds = re.sub(r"n(?=ɡ)", "ŋ", sounds)
    sounds = re.sub(r"(?<!ˈ)u(?!$)", "ʊ", sounds)
    sounds = re.sub(r"(?<=[ʦlrzdn])j(?=ˈ?[aeoɛɔ])", "i", sounds)
    return re.sub(r"(?<=[^aeɛoɔˈj])i$", "ɪ", sounds)


def phrase_sounds(words: Sequence[str]) -> list[str]:
    """Words said without a pause between them."""
    return [word_sounds(word) for word in words]


_SMALL = listed(
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove"
)
_TENS = listed("- - venti trenta quaranta cinquanta sessanta settanta ottanta novanta")
_ORDINALS = listed("- primo secondo terzo quarto quinto sesto settimo ottavo nono decimo")


def _below_thousand(number: int) -> str:
    """Each part a word of its own, which is how it is stressed: "due cento trenta cinque"."""
    hundreds, rest = divmod(number, 100)
    words = [] if not hundreds else ["cento"] if hundreds == 1 else [_SMALL[hundreds], "cento"]
    if rest >= 20:
        tens, units = divmod(rest, 10)
        word = _TENS[tens]
        words += [word[:-1] + _SMALL[units]] if units in (1, 8) else [word, *([_SMALL[units]] if units else [])]
    elif rest:
        words.append(_SMALL[rest])
    return " ".join(words)


def cardinal(number: int, feminine: bool = False, before: bool = False) -> str:
    """A number of things: 28 is "ventotto"; "un", "una" before a noun."""
    if not number:
        return "zero"
    if number == 1:
        return "una" if feminine else "un" if before else "uno"
    return scaled(
        number,
        _below_thousand,
        lambda many: "mille" if many == 1 else f"{_below_thousand(many)} mila",
        (("un milione", "% milioni"), ("un miliardo", "% miliardi"), ("un bilione", "% bilioni")),
    ).replace("uno mil", "un mil")


def ordinal(number: int, feminine: bool = False) -> str:
    """A place in an order: 12 is "dodicesimo"."""
    if number <= 10:
        words = _ORDINALS[number]
    else:
        words = cardinal(number)
        words = (words if words.endswith(("tre", "sei")) else words[:-1]) + "esimo"
    return words[:-1] + "a" if feminine else words


def _hours(hour: int, minute: int) -> str:
    words = cardinal(hour, feminine=True)
    return f"{words} e {cardinal(minute)}" if minute else words


ITALIAN = Tongue(
    code="it",
    phrase_sounds=phrase_sounds,
    cardinal=cardinal,
    ordinal=ordinal,
    hours=_hours,
    minus="meno",
    point="virgola",
    to="a",
    conjunction="e",
    first_of_month="primo",
    months=(
        listed("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre")
    ),
    of_month="",
    regnal_ordinals_to=89,
    century=frozenset(("secolo", "secoli")),
    century_ordinal=True,
    currencies={
        "€": ("euro", "euro", "centesimo", "centesimi"), "$": ("dollaro", "dollari", "centesimo", "centesimi"),
        "£": ("sterlina", "sterline", "penny", "pence"), "¥": ("yen", "yen", "sen", "sen"),
        "R$": ("real", "reais", "centavo", "centavos"),
    },
    units={
        "km": ("chilometro", "chilometri"), "m": ("metro", "metri"), "cm": ("centimetro", "centimetri"),
        "mm": ("millimetro", "millimetri"), "kg": ("chilo", "chili"), "g": ("grammo", "grammi"),
        "l": ("litro", "litri"),
        "ml": ("millilitro", "millilitri"), "ha": ("ettaro", "ettari"), "h": ("ora", "ore"),
        "min": ("minuto", "minuti"),
        "km/h": ("chilometro all'ora", "chilometri all'ora"), "s": ("secondo", "secondi"),
        "GB": ("gigabyte", "gigabyte"),
        "%": ("per cento", "per cento"), "°": ("grado", "gradi"), "°C": ("grado", "gradi"),
        "°F": ("grado Fahrenheit", "gradi Fahrenheit"),
    },
    symbols={
        "&": "e", "+": "più", "=": "uguale", "@": "chiocciola", "%": "per cento", "#": "numero", "°": "gradi",
        "€": "euro", "$": "dollari", "£": "sterline", "/": "su", "×": "per", "÷": "diviso",
    },
    abbreviations={
        "sig": "signor", "sigra": "signora", "dott": "dottor", "dr": "dottor", "prof": "professor", "ing": "ingegner",
        "avv": "avvocato", "ecc": "eccetera", "etc": "eccetera", "pag": "pagina", "cap": "capitolo", "vol": "volume",
        "n": "numero", "tel": "telefono", "es": "esempio", "ca": "circa", "mons": "monsignor",
    },
    letters=dict(zip(
        "abcdefghijklmnopqrstuvwxyz",
        listed(
        "a bi ci di e effe gi acca i ilunga cappa elle emme enne o pi cu erre esse ti u vu doppiavu ics ipsilon zeta"
    ),
        strict=True,
    )),
    numbered=frozenset(listed("capitolo parte atto scena libro volume tomo sezione fase guerra titolo articolo")),
    kings=frozenset(listed(
        "carlo luigi enrico filippo francesco napoleone giovanni pietro paolo guglielmo giorgio edoardo riccardo "
        "caterina elisabetta pio benedetto alessandro federico nicola leopoldo alberto leone clemente innocenzo "
        "urbano gregorio umberto emanuele vittorio ferdinando"
    )),
)  # fmt: skip
