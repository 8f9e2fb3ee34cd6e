import re

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from PIL import Image
from wagtail.images.tests.utils import get_test_image_file

from cms.images.models import CustomImage
from cms.images.pictures import FILTER_SPECS, SHARE_SPEC, attach_renditions, only_made_pictures, renditions_of
from cms.images.tasks import make_renditions
from cms.warming import warm

pytestmark = pytest.mark.django_db


def make_image(**fields) -> CustomImage:
    file = get_test_image_file(size=(1600, 1200))
    return CustomImage.objects.create(
        **{"title": "Hills", "description": "Green hills", "file": file, **fields}
    )


def render(image: CustomImage, **options) -> str:
    return render_to_string("components/picture.html", {"image": image, **options})


def test_a_picture_has_its_size_and_its_words():
    html = render(make_image(), sizes="50vw")
    assert 'width="800" height="600"' in html
    assert 'alt="Green hills"' in html
    for kind in ("avif", "webp"):
        assert re.search(rf'<source type="image/{kind}" srcset="[^"]+ 400w, [^"]+ 800w, [^"]+ 1200w"', html)
    assert 'sizes="50vw"' in html
    assert 'loading="lazy"' in html


def test_a_picture_that_only_decorates_has_empty_words():
    assert 'alt=""' in render(make_image(), decorative=True)


def test_the_first_picture_of_a_page_is_fetched_at_once():
    html = render(make_image(), priority=True)
    assert 'fetchpriority="high"' in html
    assert "lazy" not in html


def test_a_small_original_is_not_blown_up():
    html = render(make_image(file=get_test_image_file(size=(500, 400))))
    assert "400w" in html
    assert "500w" in html
    assert "1200w" not in html


def test_no_picture_gives_nothing():
    assert render_to_string("components/picture.html", {"image": None}).strip() == ""


def test_the_worker_makes_every_size_once():
    image = make_image()
    make_renditions(image.pk)
    assert set(image.renditions.values_list("filter_spec", flat=True)) == {*FILTER_SPECS, SHARE_SPEC}
    before = set(image.renditions.values_list("pk", flat=True))
    make_renditions(image.pk)
    assert set(image.renditions.values_list("pk", flat=True)) == before


def test_a_picture_that_was_deleted_meanwhile_is_no_fault():
    make_renditions(999_999)


def test_pictures_from_different_places_take_one_query_for_all_renditions():
    images = [make_image(), make_image()]
    for image in images:
        make_renditions(image.pk)
    fresh = [*CustomImage.objects.all(), None]
    with CaptureQueriesContext(connection) as queries:
        attach_renditions(fresh)
        for image in fresh[:-1]:
            render(image)
    assert len(queries) == 1


def test_an_avif_file_is_an_avif_file():
    image = make_image()
    with image.get_rendition(FILTER_SPECS[0]).file.open() as file:
        assert Image.open(ContentFile(file.read())).format == "AVIF"


def test_no_size_is_made_where_only_made_pictures_are_wanted():
    image = make_image()
    with only_made_pictures():
        assert renditions_of(image, FILTER_SPECS) == {}
    assert not image.renditions.exists()
    assert set(renditions_of(image, FILTER_SPECS)) == set(FILTER_SPECS)


@pytest.mark.django_db(transaction=True)  # a start closes its connection
@pytest.mark.parametrize("are_made", [False, True])
def test_a_start_leaves_new_pictures_to_the_worker_except_those_of_the_home_page(are_made: bool):
    asked: list[tuple[str, str]] = []

    def application(environment, start_response):
        asked.append((environment["REQUEST_METHOD"], environment["PATH_INFO"]))
        return []

    image = make_image()
    if are_made:
        make_renditions(image.pk)
    warm(application)
    if not are_made:
        assert asked.pop(0) == ("GET", "/")
    assert {method for method, _path in asked} == {"GET" if are_made else "HEAD"}
