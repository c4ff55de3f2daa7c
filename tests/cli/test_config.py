"""`crm config`: preferences in one small text file that stays the user's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Crm


@pytest.fixture
def config(home: Path) -> Path:
    path = home / "config" / "crm" / "config.toml"
    path.parent.mkdir(parents=True, mode=0o700)
    return path


def write(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o600)


def test_what_was_set_is_used_until_it_is_unset(crm: Crm) -> None:
    assert crm.ok("config", "show", "currency").out == "EUR\n"
    crm.ok("config", "set", "currency", "usd")
    assert crm.ok("config", "show", "currency").out == "USD\n"
    crm.ok("config", "unset", "currency")
    assert crm.ok("config", "show", "currency").out == "EUR\n"
    assert "was not set" in crm.ok("config", "unset", "currency").err


def test_comments_order_and_aliases_of_the_file_are_kept(crm: Crm, config: Path) -> None:
    text = '# my own\ncurrency = "GBP"  # since Brexit\n\n[aliases]\nhot = "deal list"\n'
    write(config, text)

    crm.ok("config", "set", "language", "es")
    crm.ok("config", "set", "currency", "EUR")

    kept = config.read_text()
    assert "# my own" in kept
    assert 'currency = "EUR"  # since Brexit' in kept
    assert kept.index("language") < kept.index("[aliases]")
    assert config.stat().st_mode & 0o777 == 0o600
    crm.ok("config", "unset", "language")
    assert "language" not in config.read_text()


def test_a_linked_file_stays_a_link(crm: Crm, config: Path, home: Path) -> None:
    real = home / "dotfiles.toml"
    write(real, 'currency = "GBP"\n')
    config.symlink_to(real)

    crm.ok("config", "set", "currency", "EUR")

    assert config.is_symlink()
    assert real.read_text() == 'currency = "EUR"\n'


def test_the_list_says_where_each_value_is_from(
    crm: Crm, monkeypatch: pytest.MonkeyPatch, database: Path
) -> None:
    crm.ok("config", "set", "country", "PT")
    monkeypatch.setenv("CRM_CURRENCY", "USD")

    listed = {item["id"]: item for item in crm.ok("config", "list", "--format", "json").json}

    assert (listed["country"]["value"], listed["country"]["source"]) == ("PT", "config file")
    assert (listed["currency"]["value"], listed["currency"]["source"]) == ("USD", "CRM_CURRENCY")
    assert listed["format"]["source"] == "--format"
    assert listed["language"]["source"] == "default"
    assert listed["database"]["value"] == str(database)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("curency", "EUR", "did you mean currency?"),
        ("currency", "EURO", "EURO"),
        ("country", "Spain", "Spain"),
        ("timezone", "Mars/Olympus", "Mars/Olympus"),
        ("timezone", "../../etc/passwd", "passwd"),
        ("language", "fr", "one of en, es"),
        ("dates", "both", "day-first"),
        ("format", "jsn", "jsn"),
        ("user", "eva\x1b[2J", "user"),
        ("user", "  ", "user"),
    ],
)
def test_what_could_not_be_used_is_refused(
    crm: Crm, config: Path, key: str, value: str, expected: str
) -> None:
    result = crm("config", "set", key, value)

    assert result.code == 2
    assert expected in result.err
    assert "\x1b" not in result.err
    assert not config.exists()


def test_a_rehearsal_writes_nothing(crm: Crm, config: Path) -> None:
    assert "would have set" in crm.ok("config", "set", "currency", "USD", "--dry-run").err
    assert not config.exists()


@pytest.mark.parametrize(
    "text", ['currency = "EURO"\n', "currency = 5\n", "currency = [\n", "\xff\xfe"]
)
def test_a_file_that_cannot_be_used_is_named_and_can_be_mended(
    crm: Crm, config: Path, text: str
) -> None:
    config.write_bytes(text.encode("latin-1"))
    config.chmod(0o600)

    result = crm("contact", "list")

    assert result.code == 8
    assert str(config) in result.err
    if text.startswith("currency =") and "[" not in text:
        crm.ok("config", "set", "currency", "EUR")
        crm.ok("contact", "list")


def test_a_file_that_others_may_write_is_not_trusted(crm: Crm, config: Path) -> None:
    write(config, 'currency = "USD"\n')
    config.chmod(0o666)

    result = crm("contact", "list")

    assert result.code == 8
    assert f"chmod go-w {config}" in result.err


def test_a_config_in_the_current_folder_is_never_read(
    crm: Crm, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("crm.toml", "config.toml", ".crm.toml"):
        write(home / name, 'currency = "USD"\n')
    monkeypatch.chdir(home)

    assert crm.ok("config", "show", "currency").out == "EUR\n"
    assert crm.ok("config", "path").out == f"{home}/config/crm/config.toml\n"


@pytest.mark.parametrize("option", ["--database", "--user", "--format"])
def test_an_empty_option_is_refused_and_never_means_the_default(crm: Crm, option: str) -> None:
    result = crm(option, "", "contact", "list")

    assert result.code == 2
    assert f"{option.strip('-')}: '' is" in result.err


def test_an_empty_variable_is_as_good_as_none(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_FORMAT", "")

    crm.ok("contact", "list")
