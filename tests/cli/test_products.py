"""Stories of products: found by name or code, one of each code."""

from __future__ import annotations

from tests.conftest import Crm


def test_a_product_answers_to_its_name_and_its_code(crm: Crm) -> None:
    crm.ok(
        "product",
        "add",
        "Professional licence",
        "--code",
        "PRO",
        "--price",
        "49",
        "--family",
        "Seats",
    )

    for who in ("PRO", "pro", "licence", "1"):
        product = crm.show("product", who)
        assert (product["price"], product["currency"], product["active"]) == (49, "EUR", True), who


def test_a_code_or_name_in_use_is_refused_until_it_is_free(crm: Crm) -> None:
    crm.ok("product", "add", "Professional", "--code", "PRO")

    twin = crm("product", "add", "Other", "--code", "pro")
    assert twin.code == 4
    assert "#1 Professional" in twin.err
    assert crm("product", "add", "professional").code == 4

    crm.ok("product", "delete", "PRO")
    crm.ok("product", "add", "Professional", "--code", "PRO")
    assert crm("product", "restore", "1").code == 4


def test_a_price_below_nothing_is_refused(crm: Crm) -> None:
    assert crm("product", "add", "Gift", "--price", "-5").code == 2


def test_products_are_filtered_and_sorted_by_price(crm: Crm) -> None:
    crm.ok("product", "add", "A", "--price", "49")
    crm.ok("product", "add", "B", "--price", "4821", "--active", "no")
    crm.ok("product", "add", "C")

    listed = crm.list("product", "--sort", "-price")
    assert [product["name"] for product in listed] == ["B", "A", "C"]
    assert [product["name"] for product in crm.list("product", "--filter", "active=no")] == ["B"]
    assert [product["name"] for product in crm.list("product", "--filter", "price<100")] == ["A"]
