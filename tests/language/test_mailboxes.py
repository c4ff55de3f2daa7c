"""Two addresses are one mailbox only where the provider says so."""

import pytest

from language.mailboxes import email_identity, is_role_address, work_domain


@pytest.mark.parametrize(
    ("address", "identity"),
    [
        ("A.Ruiz+crm@GoogleMail.com", "aruiz@gmail.com"),
        ("ana.ruiz+fair@outlook.com", "ana.ruiz@outlook.com"),
        ("ana.ruiz+fair@proton.me", "ana.ruiz@proton.me"),
        ("ana.ruiz+fair@acme.es", "ana.ruiz+fair@acme.es"),
        ("ana+x@yahoo.es", "ana+x@yahoo.es"),
        ("+@gmail.com", "+@gmail.com"),
        ("no address", "no address"),
    ],
)
def test_dots_and_plus_tags_go_only_where_the_provider_ignores_them(
    address: str, identity: str
) -> None:
    assert email_identity(address) == identity
    assert email_identity(identity) == identity


def test_a_role_is_no_person_and_free_mail_no_company() -> None:
    assert is_role_address("Ventas@acme.es")
    assert not is_role_address("ana@acme.es")
    assert work_domain("ana@acme.es") == "acme.es"
    assert work_domain("ana@gmail.com") == ""
