"""Legal forms, "&" and punctuation do not make two companies of one."""

import pytest

from language.firms import compare_firms, firm_key


@pytest.mark.parametrize(
    ("name", "core", "form"),
    [
        ("The Ruiz & Gil, S.L.U.", "ruiz & gil", "sl"),
        ("Ruiz y Gil S. L.", "ruiz & gil", "sl"),
        ("Ruiz and Gil, Sociedad Limitada", "ruiz & gil", "sl"),
        ("Acme GmbH & Co. KG", "acme", "gmbhcokg"),
        ("Acme, Inc.", "acme", "inc"),
        ("Acme A/S", "acme", "as"),
        ("Acme Pty. Ltd.", "acme", "pty"),
        ("Smith & Co.", "smith", "co"),
        ("O'Neill Limited", "oneill", "ltd"),
        ("Café Ñandú, S.Coop.", "cafe nandu", "scoop"),
        ("Grupo Acme S.A. de C.V.", "grupo acme", "sa"),
        ("booking.com", "booking com", ""),
        ("SA", "sa", ""),
        ("The", "the", ""),
        ("株式会社", "株式会社", ""),
        ("!!!", "!!!", ""),
    ],
)
def test_a_company_is_known_by_its_name_without_its_legal_form(
    name: str, core: str, form: str
) -> None:
    assert firm_key(name) == (core, form)


def test_two_legal_forms_are_two_companies_and_a_missing_one_says_nothing() -> None:
    assert compare_firms("Acme SL", "Acme")[0] == 1
    assert compare_firms("Acme SL", "Acme S.L.U.")[0] == 1
    score, reasons = compare_firms("Acme SL", "Acme GmbH")
    assert score < 0.8
    assert reasons == ("differ: legal forms GMBH and SL",)


def test_numbered_companies_are_not_one_slip_apart() -> None:
    assert compare_firms("Talleres 1", "Talleres 2")[0] == 0
    assert compare_firms("Construcciones Gil", "Construciones Gil SA")[0] > 0.8
