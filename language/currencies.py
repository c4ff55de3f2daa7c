"""The currencies of ISO 4217: their codes, their decimals and the signs people write for them."""

from __future__ import annotations

from language.errors import InvalidValue


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Active codes with a minor unit (2026), without metals, test codes and XDR.
_ACTIVE = _codes("""
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD
CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW
KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD
NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP
SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS
VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
""")
# Gone since 2023 or later, but deals of earlier years are imported with them.
_RETIRED = _codes("ANG BGN HRK")
CURRENCIES = _ACTIVE | _RETIRED

_EXPONENTS = {
    code: places
    for places, codes in (
        (0, _codes("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF")),
        (3, _codes("BHD IQD JOD KWD LYD OMR TND")),
        (4, _codes("CLF UYW")),
    )
    for code in codes
}
# Dollars, and the pesos that are written with the same sign.
DOLLARS = _codes("""
AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KYD LRD NAD NZD SBD SGD SRD TTD TWD USD XCD
ARS CLP COP CUP DOP MXN UYU
""")
SYMBOLS = {"€": "EUR", "£": "GBP", "¥": "JPY", "US$": "USD", "EURO": "EUR", "EUROS": "EUR"}
SHOWN_SYMBOLS = {"EUR": "€", "GBP": "£", "JPY": "¥", "USD": "$"}


def exponent(currency: str) -> int:
    """Give how many decimals a currency has: 2 for most, 0 for JPY, 3 for KWD, 4 for CLF.

    Raises InvalidValue, naming the code, when ISO 4217 does not know it.
    """
    if currency not in CURRENCIES:
        raise InvalidValue(
            f"'{currency[:20]}' is not a currency code.", "Use an ISO 4217 code such as EUR or USD."
        )
    return _EXPONENTS.get(currency, 2)
