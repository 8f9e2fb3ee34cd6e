import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from shop.catalogue.models import Availability, Package, PackageBiomarker
from shop.discounts.models import DiscountCode, DiscountedPackage
from tests.factories.shop import make_package

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(admin_client):
    return admin_client


def form_data(package: Package, **changes) -> dict:
    fields = (
        "name",
        "sku",
        "summary",
        "currency",
        "availability",
        "turnaround_days",
        "suitable_sex",
        "minimum_age",
        "sample",
        "collection",
        "preparation",
    )
    content = package.contents.get()
    return {
        **{field: getattr(package, field) for field in fields},
        "price_amount": "99.00",
        "contents-TOTAL_FORMS": "1",
        "contents-INITIAL_FORMS": "1",
        "contents-MIN_NUM_FORMS": "0",
        "contents-MAX_NUM_FORMS": "1000",
        "contents-0-id": content.pk,
        "contents-0-biomarker": content.biomarker_id,
        **changes,
    }


@pytest.mark.either_database
def test_list_shows_prices_and_finds_and_filters(administrator):
    make_package(name="Iron check", price_amount=4550)
    make_package(name="Old check", availability=Availability.WITHDRAWN)
    address = reverse("packages:index")
    assert "$45.50" in administrator.get(address).content.decode()
    found = administrator.get(address, {"q": "Iron"}).content.decode()
    assert "Iron check" in found
    assert "Old check" not in found
    filtered = administrator.get(address, {"availability": "withdrawn"}).content.decode()
    assert "Old check" in filtered
    assert "Iron check" not in filtered


def test_price_is_shown_and_taken_in_major_units(administrator):
    package = make_package(price_amount=9950)
    address = reverse("packages:edit", args=[package.pk])
    assert 'value="99.50"' in administrator.get(address).content.decode()
    response = administrator.post(address, form_data(package, price_amount="105.25"))
    assert response.status_code == 302, response.context["form"].errors
    package.refresh_from_db()
    assert package.price_amount == 10525


@pytest.mark.parametrize("price", ["0.49", "-1", "ten", "1.999"])
def test_unreasonable_price_is_refused(administrator, price):
    package = make_package(price_amount=9900)
    response = administrator.post(
        reverse("packages:edit", args=[package.pk]), form_data(package, price_amount=price)
    )
    assert response.status_code == 200
    assert "price_amount" in response.context["form"].errors
    package.refresh_from_db()
    assert package.price_amount == 9900


def test_contents_are_edited_with_the_package(administrator):
    package = make_package()
    data = form_data(package, **{"contents-0-DELETE": "on"})
    assert administrator.post(reverse("packages:edit", args=[package.pk]), data).status_code == 302
    assert not PackageBiomarker.objects.filter(package=package).exists()


def test_staff_say_for_whom_a_package_is(administrator):
    package = make_package()
    address = reverse("packages:edit", args=[package.pk])
    response = administrator.post(address, form_data(package, suitable_sex="female", maximum_age="17"))
    assert response.context["form"].errors == {"maximum_age": ["The maximum age is below the minimum age."]}
    assert (
        administrator.post(address, form_data(package, suitable_sex="female", maximum_age="44")).status_code
        == 302
    )
    package.refresh_from_db()
    assert (package.suitable_sex, package.minimum_age, package.maximum_age) == ("female", 18, 44)


@pytest.mark.parametrize("screen", ["packages", "biomarkers", "panels"])
def test_every_screen_opens(administrator, screen):
    package = make_package()
    rows = {
        "packages": package,
        "biomarkers": package.biomarkers.get(),
        "panels": package.biomarkers.get().panel,
    }
    assert administrator.get(reverse(f"{screen}:index")).status_code == 200
    assert administrator.get(reverse(f"{screen}:add")).status_code == 200
    assert administrator.get(reverse(f"{screen}:edit", args=[rows[screen].pk])).status_code == 200


def test_choosers_open(administrator):
    make_package(name="Iron check")
    assert "Iron check" in administrator.get(reverse("package_chooser:choose")).content.decode()
    assert "Ferritin" in administrator.get(reverse("biomarker_chooser:choose")).content.decode()


def test_somebody_without_the_permission_is_turned_away(client, django_user_model):
    user = django_user_model.objects.create_user("somebody", password="not-a-secret")
    client.force_login(user)
    assert client.get(reverse("packages:index")).status_code in {302, 403}


@pytest.mark.either_database
def test_a_sale_while_the_form_is_open_is_not_undone_by_it(administrator):
    package = make_package(stock_quantity=5)
    address = reverse("packages:edit", args=[package.pk])
    assert 'name="initial-stock_quantity" value="5"' in administrator.get(address).content.decode()
    Package.objects.update(stock_quantity=3)
    shown = {"initial-stock_quantity": "5", "stock_quantity": "5"}
    assert administrator.post(address, form_data(package, name="Other", **shown)).status_code == 302

    package.refresh_from_db()
    assert (package.name, package.stock_quantity) == ("Other", 3)


@pytest.mark.parametrize(("entered", "left"), [("8", 8), ("", None)])
def test_staff_set_and_lift_the_limit(administrator, entered, left):
    package = make_package(stock_quantity=5)
    address = reverse("packages:edit", args=[package.pk])
    data = form_data(package, **{"initial-stock_quantity": "5", "stock_quantity": entered})
    assert administrator.post(address, data).status_code == 302

    package.refresh_from_db()
    assert package.stock_quantity == left


@pytest.mark.parametrize("kind", ["packages", "biomarkers", "panels"])
@pytest.mark.either_database
def test_what_others_need_is_not_deleted_and_the_screen_names_them(administrator, kind):
    package = make_package(name="Iron check")
    code = DiscountCode.objects.create(code="SPRING", percentage=10)
    DiscountedPackage.objects.create(discount_code=code, package=package)
    biomarker = package.contents.get().biomarker
    row, user = {
        "packages": (package, "Discount code “SPRING”"),
        "biomarkers": (biomarker, "Package “Iron check”"),
        "panels": (biomarker.panel, f"Biomarker “{biomarker}”"),
    }[kind]
    address = reverse(f"{kind}:delete", args=[row.pk])

    asked = administrator.get(address).content.decode()
    answer = administrator.post(address, follow=True).content.decode()

    assert "Yes, delete" not in asked
    for page in (asked, answer):
        assert user in page
    assert f"it is still used: {user[0].lower()}{user[1:]}" in answer
    assert type(row).objects.filter(pk=row.pk).exists()


def test_a_package_that_nobody_needs_is_deleted(administrator):
    package = make_package(has_page=False)
    assert "Yes, delete" in administrator.get(reverse("packages:delete", args=[package.pk])).content.decode()
    administrator.post(reverse("packages:delete", args=[package.pk]))
    assert not Package.objects.exists()


@pytest.mark.either_database
def test_a_row_that_was_taken_into_use_by_surprise_is_refused_in_words(administrator, monkeypatch):
    """As for Wagtail's own screens, which ask its index of references only."""
    monkeypatch.setattr("cms.core.refusals.protecting_rows", lambda row: [])
    package = make_package(has_page=False)  # its page would be named too, in either order
    code = DiscountCode.objects.create(code="SPRING", percentage=10)
    DiscountedPackage.objects.create(discount_code=code, package=package)

    answer = administrator.post(reverse("packages:delete", args=[package.pk]), follow=True)

    assert "it is still used: discount code “SPRING”" in answer.content.decode()
    assert Package.objects.exists()


def test_the_currency_is_chosen_beside_the_price_and_decides_what_its_number_means(administrator):
    package = make_package(price_amount=9900)
    address = reverse("packages:edit", args=[package.pk])
    data = form_data(package, currency="ISK", price_amount="13900")
    assert administrator.post(address, data).status_code == 302
    package.refresh_from_db()
    assert (package.price_amount, package.currency) == (1_390_000, "ISK")
    assert 'value="13900"' in administrator.get(address).content.decode()

    refused = administrator.post(address, form_data(package, price_amount="13900.50"))
    assert refused.context["form"].errors["price_amount"] == ["Amounts in ISK have no decimals."]
    assert 'value="13900.50"' in refused.content.decode()


def test_the_old_number_in_a_new_currency_is_asked_about(administrator):
    package = make_package(price_amount=9900)
    address = reverse("packages:edit", args=[package.pk])
    data = form_data(package, currency="JPY", price_amount="99")
    asked = administrator.post(address, data)
    assert "is_price_meant" in asked.context["form"].errors
    assert 'name="is_price_meant"' in asked.content.decode()
    package.refresh_from_db()
    assert (package.price_amount, package.currency) == (9900, "USD")

    assert administrator.post(address, {**data, "is_price_meant": "on"}).status_code == 302
    package.refresh_from_db()
    assert (package.price_amount, package.currency) == (99, "JPY")


def test_staff_are_told_which_packages_cannot_be_paid_together(administrator):
    make_package(currency="GBP")
    package = make_package(currency="GBP")
    address = reverse("packages:edit", args=[package.pk])
    assert 'value="GBP" selected' in administrator.get(reverse("packages:add")).content.decode()
    same = administrator.post(address, form_data(package), follow=True)
    assert "nobody can pay" not in same.content.decode()
    mixed = administrator.post(address, form_data(package, currency="EUR", price_amount="110"), follow=True)
    assert "nobody can pay for both in one order" in mixed.content.decode()


@pytest.mark.parametrize(("currency", "price"), [("ISK", 990_050), ("ZZZ", 9900), ("KWD", 5124)])
def test_a_price_that_stripe_would_refuse_is_not_valid(currency, price):
    with pytest.raises(ValidationError):
        make_package(currency=currency, price_amount=price).full_clean()
