"""Which mailbox an e-mail address reaches, and whether one person reads it."""

from __future__ import annotations

from functools import lru_cache

from language.people import FREE_MAIL, email_key


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What each provider says of addresses on its own domains; a custom domain may do anything.
# Gmail: support.google.com/mail/answer/7436150 (dots), /answer/22370 (plus); Outlook.com, Hotmail
# and Live: plus since 2013; iCloud: support.apple.com/guide/icloud (plus); Fastmail:
# fastmail.help/hc/en-us/articles/360060591053; Proton: proton.me/support/addresses-and-aliases.
_IGNORES_DOTS = frozenset({"gmail.com"})
_IGNORES_PLUS = _set("""
    gmail.com outlook.com outlook.es outlook.fr outlook.de outlook.it hotmail.com hotmail.es
    hotmail.fr hotmail.de hotmail.it hotmail.co.uk live.com live.fr live.co.uk live.nl msn.com
    icloud.com me.com mac.com fastmail.com fastmail.fm proton.me protonmail.com protonmail.ch pm.me
    """)
_SAME_DOMAIN = {"googlemail.com": "gmail.com"}

_ROLES = _set("""
    abuse accounting accounts admin administracion administrador administration administrator ap ar
    atencion atencionalcliente ayuda billing booking buchhaltung careers clientes comercial
    commercial compliance compras comunicacion consultas contabilidad contact contacto contacts
    contact-us customerservice desk direccion einkauf email empleo enquiries enquiry events eventos
    export facturacion facturas feedback finance finanzas general gerencia hello help helpdesk hola
    hostmaster hr info informacion information inquiries invoices it jobs kontakt legal mail
    mailbox marketing media news newsletter no-reply noreply office oficina operaciones operations
    orders partners pedidos postmaster prensa presidencia press privacy procurement proveedores
    purchasing rechnung recepcion reception reclamaciones recursoshumanos reservas reservations
    rrhh sales secretaria service services servicio shop soporte support supportteam team tecnico
    tienda vendas ventas vertrieb webmaster welcome
    """)


@lru_cache(maxsize=50_000)
def email_identity(address: str) -> str:
    """The form in which two addresses are equal when they reach one mailbox.

    Lower case and without accents; without a `+tag`, and without dots in front of the @, only where
    the provider ignores them: `A.Ruiz+crm@googlemail.com` is `aruiz@gmail.com`.
    """
    key = email_key(address)
    local, at, domain = key.rpartition("@")
    domain = _SAME_DOMAIN.get(domain, domain)
    if not at or domain not in _IGNORES_PLUS:
        return key
    local = local.partition("+")[0] or local
    if domain in _IGNORES_DOTS:
        local = local.replace(".", "") or local
    return f"{local}@{domain}"


def is_role_address(address: str) -> bool:
    """Whether an address is read by whoever has the job (`info@`, `ventas@`): no one person."""
    return email_key(address).partition("@")[0].partition("+")[0] in _ROLES


def work_domain(address: str) -> str:
    """The domain of an address where colleagues have theirs; "" at a free-mail provider."""
    domain = email_key(address).rpartition("@")[2]
    return "" if domain in FREE_MAIL or domain in _IGNORES_PLUS else domain


def variant_domains(address: str) -> tuple[str, ...]:
    """Domains under which other spellings of this mailbox may be stored; empty: it has only one."""
    domain = email_identity(address).rpartition("@")[2]
    if domain not in _IGNORES_PLUS:
        return ()
    return (domain, *(other for other, same in _SAME_DOMAIN.items() if same == domain))
