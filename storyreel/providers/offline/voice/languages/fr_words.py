"""French words that are not said as they are written. Tables only."""

from __future__ import annotations

import re

_AN, _IN, _ON, _UN = "ɑ\u0303", "ɛ\u0303", "ɔ\u0303", "œ\u0303"

NASAL_ENT = re.compile(
    r"(?:(?<!^ai)(?<!^fer)(?<!^for)(?<!^fu)(?<!^nom)(?<!^esti)ment|dent|cent|[vt]ient|(?:sou|cou|^|^a|fer|au)vent|"
    r"(?:ta|^|vio|inso|excel|opu|so|tur|équiva|va|viru|indo)lent|(?:ar|^a|ur|elli|ré|^|né?gli|dili|tan|conting|astr)gent|"
    r"(?:pré|ab|^|con)sent|(?:con|inter|mécon|compé|impo|laten|intermit|péni|exis)tent|(?:fré|élo|consé|délin)quent|"
    r"(?:pa|diffé|tor|appa|transpa|concur|cohé|indiffé|adhé)rent|(?:cli|ori|pati|récipi|ingrédi|inconvéni|quoti|défic|effici)ent|"
    r"ser[p]ent|affluent|influent)$"
)
"""Words in -ent that have its sound; other words of two syllables and more are verbs."""

OWN = {
    "est": "ɛ", "et": "e", "es": "ɛ", "les": "le", "des": "de", "mes": "me", "tes": "te", "ses": "se", "ces": "se",
    "un": _UN, "une": "yn", "deux": "dø", "six": "sis", "dix": "dis", "huit": "yit", "sept": "sɛt", "neuf": "nœf",
    "cinq": f"s{_IN}k", "vingt": f"v{_IN}", "cent": f"s{_AN}", "mille": "mil", "onze": f"{_ON}z", "zéro": "zeʁo",
    "dix-sept": "disɛt", "dix-huit": "dizyit", "dix-neuf": "diznœf", "quatre-vingts": f"katʁəv{_IN}",
    "femme": "fam", "monsieur": "məsjø", "messieurs": "mesjø", "fils": "fis", "os": "ɔs", "ours": "uʁs",
    "sens": f"s{_AN}s",
    "eu": "y", "eut": "y", "eue": "y", "eus": "y", "eurent": "yʁ", "gens": f"ʒ{_AN}", "pays": "pɛi",
    "paysage": "pɛizaʒ",
    "second": "səɡɔ\u0303", "seconde": "səɡɔ\u0303d", "secondes": "səɡɔ\u0303d", "août": "ut", "automne": "otɔn",
    "mer": "mɛʁ", "fer": "fɛʁ", "ver": "vɛʁ", "cher": "ʃɛʁ", "hier": "jɛʁ", "hiver": "ivɛʁ", "enfer": f"{_AN}fɛʁ",
    "fier": "fjɛʁ", "amer": "amɛʁ", "clef": "kle", "nerf": "nɛʁ", "cerf": "sɛʁ", "œil": "œj", "yeux": "jø",
    "chef": "ʃɛf", "bref": "bʁɛf", "sœur": "sœʁ", "cœur": "kœʁ", "chœur": "kœʁ", "œuf": "œf", "bœuf": "bœf",
    "ville": "vil", "tranquille": f"tʁ{_AN}kil", "village": "vilaʒ", "million": f"milj{_ON}",
    "faim": f"f{_IN}", "nom": f"n{_ON}", "prénom": f"pʁen{_ON}", "temps": f"t{_AN}", "longtemps": f"l{_ON}t{_AN}",
    "printemps": f"pʁ{_IN}t{_AN}", "corps": "kɔʁ", "poids": "pwa", "doigt": "dwa", "doigts": "dwa", "fusil": "fyzi",
    "outil": "uti", "gentil": f"ʒ{_AN}ti", "sourcil": "suʁsi", "tabac": "taba", "estomac": "ɛstoma", "banc": f"b{_AN}",
    "blanc": f"bl{_AN}", "franc": f"fʁ{_AN}", "sang": f"s{_AN}", "long": f"l{_ON}", "rang": f"ʁ{_AN}", "loup": "lu",
    "coup": "ku", "beaucoup": "boku", "trop": "tʁo", "champ": f"ʃ{_AN}", "drap": "dʁa", "plomb": f"pl{_ON}",
    "tous": "tu", "plus": "ply", "autobus": "otobys", "virus": "viʁys", "mars": "maʁs", "hélas": "elas", "lys": "lis",
    "maïs": "mais", "net": "nɛt", "sud": "syd", "but": "byt", "brut": "bʁyt", "chut": "ʃyt", "est-ce": "ɛs",
    "examen": f"ɛɡzam{_IN}", "européen": f"øʁope{_IN}", "ennui": f"{_AN}nyi", "solennel": "solanɛl", "donc": f"d{_ON}k",
    "avec": "avɛk", "sac": "sak", "lac": "lak", "parc": "paʁk", "public": "pyblik", "grec": "ɡʁɛk", "chic": "ʃik",
    "aujourd'hui": "oʒuʁdyi", "quelqu'un": f"kɛlk{_UN}", "presqu'île": "pʁɛskil", "quand": f"k{_AN}", "tant": f"t{_AN}",
    "homme": "ɔm", "hommes": "ɔm", "somme": "sɔm", "comme": "kɔm", "pomme": "pɔm", "bonne": "bɔn", "faisait": "fəzɛ",
    "faisons": f"fəz{_ON}", "faisaient": "fəzɛ", "faisant": f"fəz{_AN}", "septembre": f"sɛpt{_AN}bʁ",
    "compter": f"k{_ON}te",
    "compte": f"k{_ON}t", "sculpture": "skyltyʁ", "baptême": "batɛm", "album": "albɔm", "parfum": f"paʁf{_UN}",
    "technique": "tɛknik", "orchestre": "ɔʁkɛstʁ", "chaos": "kao", "écho": "eko", "psychologie": "psikɔlɔʒi",
    "oignon": f"ɔɲ{_ON}", "moelle": "mwal", "poêle": "pwal", "fouet": "fwɛ", "jouet": "ʒwɛ", "toast": "tost",
    "moyen": f"mwaj{_IN}", "rien": f"ʁj{_IN}", "bien": f"bj{_IN}", "chien": f"ʃj{_IN}", "sien": f"sj{_IN}",
    "mien": f"mj{_IN}",
    "tien": f"tj{_IN}", "lien": f"lj{_IN}", "combien": f"k{_ON}bj{_IN}", "ancien": f"{_AN}sj{_IN}", "vient": f"vj{_IN}",
    "tient": f"tj{_IN}", "viens": f"vj{_IN}", "tiens": f"tj{_IN}", "science": f"sj{_AN}s", "patience": f"pasj{_AN}s",
    "patient": f"pasj{_AN}", "client": f"klij{_AN}", "orient": f"ɔʁj{_AN}", "expérience": f"ɛkspeʁj{_AN}s",
    "audience": f"odj{_AN}s", "conscience": f"k{_ON}sj{_AN}s", "dessous": "dəsu", "dessus": "dəsy",
    "ressembler": f"ʁəs{_AN}ble",
    "ressemble": f"ʁəs{_AN}bl", "celle": "sɛl", "elle": "ɛl", "quel": "kɛl", "quelle": "kɛl", "cet": "sɛt",
    "cette": "sɛt",
    "que": "kə", "je": "ʒə", "ne": "nə", "se": "sə", "me": "mə", "te": "tə", "le": "lə", "de": "də", "ce": "sə",
    "sais": "sɛ", "ai": "e", "mai": "mɛ", "vrai": "vʁɛ", "y": "i", "à": "a", "ou": "u", "où": "u", "oui": "wi",
    "lui": "lyi", "puis": "pyi", "depuis": "dəpyi", "huître": "yitʁ", "jusque": "ʒyskə", "jusqu'à": "ʒyska",
    "paris": "paʁi", "jean": f"ʒ{_AN}", "louis": "lwi", "londres": f"l{_ON}dʁ", "week-end": "wikɛnd",
    "parking": "paʁkiŋ",
    "football": "futbol", "internet": f"{_IN}tɛʁnɛt", "club": "klœb", "film": "film", "radio": "ʁadjo", "clown": "klun",
    "petit": "pəti", "petite": "pətit", "petits": "pəti", "petites": "pətit", "cheval": "ʃəval", "chevaux": "ʃəvo",
    "chemin": f"ʃəm{_IN}",
    "cheveux": "ʃəvø", "fenêtre": "fənɛtʁ", "demain": f"dəm{_IN}", "devant": f"dəv{_AN}", "secret": "səkʁɛ",
    "regard": "ʁəɡaʁ",
    "regarde": "ʁəɡaʁd", "regarder": "ʁəɡaʁde", "maintenant": f"m{_IN}tn{_AN}", "samedi": "samdi",
    "médecin": f"meds{_IN}",
    "seigneur": "sɛɲœʁ", "meilleur": "mɛjœʁ", "fauteuil": "fotœj", "soleil": "solɛj", "travail": "tʁavaj",
    "pied": "pje", "nez": "ne",
}  # fmt: skip
