"""Comparing the names of companies: legal forms, "&" for "y", "The", punctuation, word order."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from language.text import fold

# Each legal form with its spellings, dots and spaces left out. A line's first word stands for all;
# a form in the variants of another (S.L.U. of S.L.) is taken for the same form.
_FORMS = """
sl: sl slu slne slp sll srl srll sociedadlimitada sociedaddelimitada
    sociedadderesponsabilidadlimitada sociedadlimitadaunipersonal
sa: sa sau sad sal sociedadanonima sociedadanonimaunipersonal societeanonyme sapi sadecv sapidecv
srldecv: srldecv sdecv
scoop: scoop scooplda coop sociedadcooperativa sca scoopand
cb: cb comunidaddebienes
sc: sc scp sociedadcivil
ute: ute
aie: aie
ltda: ltda lda limitada
ltd: ltd limited pvtltd privatelimited pteltd pte
llp: llp
lp: lp
plc: plc publiclimitedcompany
inc: inc incorporated corp corporation
llc: llc limitedliabilitycompany
pllc: pllc
pty: pty ptyltd ptylimited
gmbh: gmbh ggmbh mbh
gmbhcokg: gmbhcokg gmbhundcokg gmbh&cokg
ug: ug
ag: ag
kg: kg
ohg: ohg
ev: ev
sas: sas sasu
sarl: sarl eurl
sci: sci
spa: spa
snc: snc
bv: bv besloten
nv: nv
vof: vof
ab: ab
as: as asa
aps: aps
oy: oy oyj
kft: kft
zrt: zrt
sro: sro
doo: doo
spzoo: spzoo
eood: eood
ood: ood
srls: srls
co: co company cia compania ciaso
"""
_ALIASES: dict[str, str] = {
    spelling: line.partition(":")[0]
    for line in _FORMS.replace("\n    ", " ").splitlines()
    if ":" in line
    for spelling in line.partition(":")[2].split()
}
_LONGEST = 6  # words of the longest form: "sociedad de responsabilidad limitada", "s a p i de c v"
_WORDS = re.compile(r"&|\+|[^\W_]+(?:[.'’´`]+[^\W_]+)*")
_INSIDE = re.compile(r"[.'’´`]")
_AND = frozenset({"and", "y", "e", "und", "et", "en", "og", "och", "&", "+"})


class FirmKey(NamedTuple):
    """A company name as it is compared: `core` without its legal form; `form` is "" if unknown."""

    core: str
    form: str


@lru_cache(maxsize=50_000)
def firm_key(name: str) -> FirmKey:
    """Read a company name: `The Ruiz & Gil, S.L.U.` → `ruiz & gil`, `sl`.

    Companies are told by `core`; two known and different forms make them two companies.
    """
    words: list[str] = []
    for word in _WORDS.findall(fold(name)):
        if "." in word or not word.isalnum():
            parts = _INSIDE.split(word)
            # "S.L." and "O'Neill" are one word, "acme.com" is two.
            if max(map(len, parts)) > 1 and "." in word:
                words.extend(parts)
            else:
                words.append("".join(parts))
        else:
            words.append(word)
    if len(words) == 1:
        return FirmKey(words[0], "")
    words, form = _without_form(words)
    core = ["&" if word in _AND else word for word in words]
    while len(core) > 1 and core[-1] == "&":
        core.pop()
    if len(core) > 1 and core[0] == "the":
        del core[0]
    return FirmKey(" ".join(core) or fold(name), form)


def _without_form(words: list[str]) -> tuple[list[str], str]:
    form = ""
    while len(words) > 1:
        for count in range(min(_LONGEST, len(words) - 1), 0, -1):
            found = _ALIASES.get("".join(words[-count:]))
            if found:
                # In "Acme GmbH & Co. KG" the first form met is the last one written.
                form = found if not form or form in {"co", "kg"} else form
                words = words[:-count]
                while len(words) > 1 and words[-1] in _AND:
                    words = words[:-1]
                break
        else:
            break
    return words, form


def compare_firms(a: str, b: str) -> tuple[float, tuple[str, ...]]:
    """How well two names can be one company's (0 to 1), and why; the same both ways round."""
    one, two = firm_key(a), firm_key(b)
    if not one.core or not two.core:
        return 0.0, ()
    score, reason = _cores(*sorted((one.core, two.core)))
    if not score:
        return 0.0, (reason,)
    reasons = (reason,) if reason else ()
    known = "co" not in (one.form, two.form) and one.form and two.form
    if known and one.form != two.form:
        forms = " and ".join(sorted((one.form.upper(), two.form.upper())))
        return score * 0.7, (*reasons, f"differ: legal forms {forms}")
    return score, reasons


def _cores(a: str, b: str) -> tuple[float, str]:
    if a == b:
        return 1.0, ""
    words_a, words_b = a.split(), b.split()
    if "".join(words_a) == "".join(words_b):
        # "A B C" is ABC; "Casa Real" need not be "Casar Eal".
        initials = any(len(word) == 1 for word in (*words_a, *words_b))
        return 0.98 if initials else 0.88, "the same letters, parted otherwise"
    if sorted(words_a) == sorted(words_b):
        return 0.92, "words in another order"
    short, long = sorted((words_a, words_b), key=len)
    if set(short) < set(long) and len("".join(short)) >= 3:
        return 0.7, f"{' '.join(short).title()} may be {' '.join(long).title()}"
    if len(a) >= 6 and len(b) >= 6:
        from rapidfuzz.distance import OSA

        if OSA.distance(a, b, score_cutoff=1) <= 1 and not _numbered(a, b):
            return 0.88, f"{a.title()} and {b.title()} differ by a letter"
    return 0.0, f"differ: {a.title()} and {b.title()}"


def _numbered(a: str, b: str) -> bool:
    """`Taller 1` and `Taller 2` are two."""
    digits = [re.sub(r"\D", "", text) for text in (a, b)]
    return digits[0] != digits[1]
