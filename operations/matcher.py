"""The one answer to "is this the same person, the same company?": for add, import and duplicates.

Pure: it compares small records that the caller has loaded. A `Match` has a score from 0 to 1 and
its reasons in words. From `SURE` on the program acts without asking (an import updates, add
refuses); from `LIKELY` on it tells.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from language.firms import compare_firms
from language.mailboxes import email_identity, is_role_address, work_domain
from language.names import SAME, Likeness, Name, compare_names, name_of, share_given_name
from language.people import FREE_MAIL
from language.phone import KEY_LENGTH

SURE = 0.9
LIKELY = 0.7

IDENTITY = (
    "unique id",
    "external id (per source)",
    "e-mail",
    "phone, with a name that fits",
    "domain (companies)",
    "name and company",
)
"""What tells who somebody is, the surest first."""


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as it is compared.

    `emails`: addresses as stored; `phones`: keys (`language.phone.phone_key`); `company_key`: the
    core of the company's name, for those whose company has no number yet; `external`: source, id.
    """

    id: int
    name: str
    given: str = ""
    family: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    company_id: int | None = None
    company_key: str = ""
    uid: str = ""
    external: tuple[str, str] = ("", "")

    @property
    def mailboxes(self) -> frozenset[str]:
        """Identities of the addresses."""
        return frozenset(map(email_identity, self.emails))

    @property
    def colleagues(self) -> frozenset[str]:
        """Domains of the addresses that are of a company."""
        return frozenset(filter(None, map(work_domain, self.emails)))

    @property
    def numbers(self) -> frozenset[str]:
        """Phone keys that are long enough to tell a line."""
        return frozenset(key for key in self.phones if len(key) >= KEY_LENGTH - 2)


@dataclass(frozen=True, slots=True)
class Firm:
    """A company as it is compared; `domains` and `phones` are keys, `emails` as stored."""

    id: int
    name: str
    domains: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    uid: str = ""
    external: tuple[str, str] = ("", "")

    @property
    def sites(self) -> frozenset[str]:
        """Domains of its own: those written down, and those of its addresses."""
        named = (domain for domain in self.domains if domain not in FREE_MAIL)
        return frozenset(named) | frozenset(filter(None, map(work_domain, self.emails)))

    @property
    def numbers(self) -> frozenset[str]:
        """Phone keys that are long enough to tell a line."""
        return frozenset(key for key in self.phones if len(key) >= KEY_LENGTH - 2)


@dataclass(frozen=True, slots=True)
class Match:
    """How sure it is that two records are one, from 0 to 1, and why in words."""

    score: float
    reasons: tuple[str, ...] = field(default=())


def explain(a: Person | Firm, b: Person | Firm) -> list[str]:
    """The reasons for and against two records being one, the verdict first."""
    match = score(a, b)
    verdict = "the same" if match.score >= SURE else "likely the same"
    if match.score < LIKELY:
        verdict = "not the same"
    return [f"{verdict} ({match.score:.2f})", *match.reasons]


def score(a: Person | Firm, b: Person | Firm) -> Match:
    """Compare two people or two companies."""
    if isinstance(a, Person) and isinstance(b, Person):
        return score_people(a, b)
    if isinstance(a, Firm) and isinstance(b, Firm):
        return score_firms(a, b)
    return Match(0.0, ("differ: a person and a company",))


def same_person(a: Person, b: Person) -> Match | None:
    """The match of two people when it is sure enough to act upon, else None."""
    match = score_people(a, b)
    return match if match.score >= SURE else None


def same_firm(a: Firm, b: Firm) -> Match | None:
    """The match of two companies when it is sure enough to act upon, else None."""
    match = score_firms(a, b)
    return match if match.score >= SURE else None


def _same_id(a: Person | Firm, b: Person | Firm) -> Match | None:
    if a.uid and a.uid == b.uid:
        return Match(1.0, (f"same unique id {a.uid}",))
    if a.external[1] and a.external == b.external:
        source, number = a.external
        return Match(1.0, (f"same external id {number}" + (f" in {source}" if source else ""),))
    return None


def _two_ids(a: Person | Firm, b: Person | Firm) -> bool:
    """Whether one source system counts them as two."""
    both = a.external[1] and b.external[1]
    return bool(both) and a.external[0] == b.external[0] and a.external[1] != b.external[1]


_TWO_IDS = "differ: two external ids of one source"


# ── people ───────────────────────────────────────────────────────────────────────────────────

_UNFIT = 0.6  # below, two names speak against each other
_AT_ONE_COMPANY = (
    (1.0, 0.94), (0.97, 0.92), (0.95, 0.9), (0.9, 0.88), (SAME, 0.85), (0.75, 0.8), (0.0, 0.6)
)  # fmt: skip


def score_people(a: Person, b: Person) -> Match:
    """How sure it is that two people are one; the same both ways round."""
    certain = _same_id(a, b)
    if certain is not None:
        return certain
    one, two = map(_called, (a, b))
    names = compare_names(one, two)
    clash = _two_addresses(a, b)
    found = _by_points(a, b, names, same_given=share_given_name(one, two), clash=clash)
    if found is None:
        found = _by_company(a, b, names, words=min(len(one.words), len(two.words)), clash=clash)
    if found.score >= SURE and _two_ids(a, b):
        return Match(0.85, (*found.reasons, _TWO_IDS))
    return found


def _called(who: Person) -> Name:
    """Somebody's name; nothing for one who is called by an address or a number only."""
    bare = "@" in who.name or not any(map(str.isalpha, who.name))
    return name_of("") if bare else name_of(who.name, who.given, who.family)


def _two_addresses(a: Person, b: Person) -> str:
    """Why two people with an address each at one company are two; empty when they have not."""
    common = a.colleagues & b.colleagues
    if not common or a.mailboxes & b.mailboxes:
        return ""
    own = [
        {work_domain(email) for email in who.emails if not is_role_address(email)} & common
        for who in (a, b)
    ]
    return "differ: two e-mails at one company" if own[0] & own[1] else ""


def _by_points(
    a: Person, b: Person, names: Likeness, *, same_given: bool, clash: str
) -> Match | None:
    """What shared addresses and numbers say; None when nothing is shared."""
    shared = sorted(a.mailboxes & b.mailboxes)
    lines = sorted(a.numbers & b.numbers)
    if not shared and not lines:
        return None
    reasons = (
        *(f"same e-mail {address}" for address in shared[:2]),
        *(f"same phone {number}" for number in lines[:1]),
        *names.reasons,
    )
    named = [bool(_called(who).words) for who in (a, b)]
    own = lines or any(not is_role_address(address) for address in shared)
    if not any(named) or (own and not all(named)):
        return Match(0.9, reasons)
    if any(not is_role_address(address) for address in shared):
        # A changed surname stays one person; a family that shares a mailbox is several.
        if names.score >= _UNFIT:
            return Match(0.99 if names.score >= SAME else 0.96, reasons)
        return Match(0.92 if same_given else 0.9 if names.score else 0.8, reasons)
    # A switchboard, or info@, tells nobody: only with a name that fits.
    if names.score < _UNFIT:
        return Match(0.6 if names.score else 0.4, reasons)
    if clash:
        return Match(0.75, (*reasons, clash))
    return Match(_step(names.score, ((0.95, 0.96), (SAME, 0.93), (0, 0.82))), reasons)


def _by_company(a: Person, b: Person, names: Likeness, *, words: int, clash: str) -> Match:
    """What name and company say where nothing else is shared."""
    if names.score < _UNFIT or not words:
        return Match(0.0, names.reasons)
    together = _same_company(a, b)
    at_domain = sorted(a.colleagues & b.colleagues)
    reasons = ("same name", *names.reasons) if names.score == 1.0 else names.reasons
    if together or (together is None and at_domain):
        where = "same company" if together else f"both at {at_domain[0]}"
        sure = _step(names.score, _AT_ONE_COMPANY)
        if clash:
            return Match(0.75 if names.score >= SAME else 0.65, (*reasons, where, clash))
        return Match(sure if together else sure - 0.04, (*reasons, where))
    if together is False:
        return Match(0.3 * names.score, (*reasons, "differ: two companies"))
    if names.score < 0.9:
        return Match(0.5, reasons)
    bare = [not (who.emails or who.phones) for who in (a, b)]
    homeless = _company_of(a) == _company_of(b) == ""
    if names.score == 1.0 and homeless and (all(bare) or (any(bare) and words > 1)):
        return Match(0.9, (*reasons, "nothing else is known of one of them"))
    # Two given names or two surnames are rarely shared by chance.
    rare = 0.15 if words > 2 else 0.0
    base = 0.75 if any(bare) else 0.55
    alone = min(base + rare, 0.85) * names.score
    return Match(alone, (*reasons, "no company, e-mail or phone to tell by"))


def _company_of(who: Person) -> str:
    return who.company_key or (f"#{who.company_id}" if who.company_id else "")


def _same_company(a: Person, b: Person) -> bool | None:
    """Whether two people work at one company; None when it is not known of one."""
    if not _company_of(a) or not _company_of(b):
        return None
    if a.company_id is not None and a.company_id == b.company_id:
        return True
    return bool(a.company_key) and a.company_key == b.company_key


def _step(value: float, steps: tuple[tuple[float, float], ...]) -> float:
    """The result of the first step that a value reaches, or 0."""
    return next((result for least, result in steps if value >= least), 0.0)


# ── companies ────────────────────────────────────────────────────────────────────────────────


def score_firms(a: Firm, b: Firm) -> Match:
    """How sure it is that two companies are one; the same both ways round."""
    certain = _same_id(a, b)
    if certain is not None:
        return certain
    found = _firms(a, b)
    if found.score >= SURE and _two_ids(a, b):
        return Match(0.85, (*found.reasons, _TWO_IDS))
    return found


def _firms(a: Firm, b: Firm) -> Match:
    names, why = compare_firms(a.name, b.name)
    domains = sorted(a.sites & b.sites)
    lines = sorted(a.numbers & b.numbers)
    boxes = sorted({*map(email_identity, a.emails)} & {*map(email_identity, b.emails)})
    reasons = (
        *(f"same domain {domain}" for domain in domains[:2]),
        *(f"same e-mail {address}" for address in boxes[:1]),
        *(f"same phone {number}" for number in lines[:1]),
        *(("same name",) if names == 1.0 else ()),
        *why,
    )
    if domains:
        return Match(_step(names, ((SAME, 0.97), (0.6, 0.92), (0, 0.8))), reasons)
    if lines or boxes:
        return Match(_step(names, ((SAME, 0.95), (0.6, 0.82), (0, 0.5))), reasons)
    alone = _step(names, ((1, 0.93), (0.98, 0.92), (0.92, 0.88), (SAME, 0.82), (0.6, 0.6)))
    if a.sites and b.sites and alone > 0.6:
        return Match(0.75, (*reasons, "differ: two domains"))
    return Match(alone, reasons)
