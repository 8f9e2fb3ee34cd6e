"""Pictures as people upload them: what is taken can be shown in every size, the rest is refused in words."""

import random
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageCms
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

from cms.images.models import CustomImage
from cms.images.pictures import FILTER_SPECS, SHARE_SPEC
from cms.users.models import User
from tests.factories.site import make_article

pytestmark = pytest.mark.django_db


def saved(picture: Image.Image, kind: str, **options) -> bytes:
    output = BytesIO()
    picture.save(output, kind, **options)
    return output.getvalue()


def noise(mode: str, size: tuple[int, int] = (120, 90)) -> Image.Image:
    """Return a picture that no format makes small, so that half of its file is half of it."""
    channels = len(Image.new(mode, (1, 1)).getbands())
    return Image.frombytes(mode, size, random.Random(1).randbytes(size[0] * size[1] * channels))  # noqa: S311 - no secret


def deep_grey() -> Image.Image:
    return Image.frombytes("I;16", (120, 90), b"\x00\x80" * 120 * 90)


def turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(noise("RGB"), "JPEG", exif=exif)


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes(255 - byte for byte in data[middle : middle + 40]) + data[middle + 40 :]


SCREEN = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
JPEG, PNG = saved(noise("RGB"), "JPEG"), saved(noise("RGB"), "PNG")
FRAMES = {"save_all": True, "append_images": [noise("RGB"), noise("RGB")]}
TAKEN = {
    "deep.png": saved(deep_grey(), "PNG"),
    "black.png": saved(noise("L").convert("1"), "PNG"),
    "grey.png": saved(noise("LA"), "PNG"),
    "grey.jpg": saved(noise("L"), "JPEG"),
    "palette.png": saved(noise("RGB").quantize(16), "PNG", transparency=0),
    "print.jpg": saved(noise("CMYK"), "JPEG"),
    "print2.jpg": saved(noise("CMYK"), "JPEG", icc_profile=SCREEN),
    "print3.jpg": saved(noise("CMYK"), "JPEG", icc_profile=b"no profile"),
    "turned.jpg": turned(),
    "film.gif": saved(noise("RGB"), "GIF", **FRAMES),
    "film.webp": saved(noise("RGB"), "WEBP", **FRAMES),
    "clear.gif": saved(noise("RGB").quantize(16), "GIF", transparency=0),
    "clear.webp": saved(noise("RGBA"), "WEBP"),
    "new.avif": saved(noise("RGBA"), "AVIF"),
    "phone.jpg": saved(noise("RGB"), "MPO", save_all=True, append_images=[noise("RGB")]),
    "strip.png": saved(noise("RGB", (3000, 1)), "PNG"),
    "pixel.png": saved(noise("RGB", (1, 1)), "PNG"),
    "plain.jpg": JPEG,
}
REFUSED = {
    "empty.png": (b"", "empty"),
    "half.jpg": (JPEG[: len(JPEG) // 2], "damaged or incomplete"),
    "half.png": (PNG[: len(PNG) // 2], "damaged or incomplete"),
    "head.png": (PNG[:20], "damaged or incomplete"),
    "flipped.png": (flipped(PNG), "damaged or incomplete"),
    "half.webp": (TAKEN["clear.webp"][:300], "damaged or incomplete"),
    "half.gif": (TAKEN["clear.gif"][:300], "damaged or incomplete"),
    "half.avif": (TAKEN["new.avif"][:300], "not a picture that can be shown"),
    "film.png": (saved(noise("RGB"), "PNG", **FRAMES), "valid image"),
    "wrong.png": (JPEG, "extension does not match"),
    "text.jpg": (b"<svg onload=alert(1)></svg>", "valid image"),
    "drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Supported formats"),
    "scan.tiff": (saved(noise("RGB"), "TIFF"), "Supported formats"),
    "long.png": (saved(Image.new("1", (1, 20_000)), "PNG"), "no side may have more than 16383"),
    "bomb.png": (saved(Image.new("1", (9_000, 9_000)), "PNG"), "too many pixels"),
}


def uploaded(name: str, data: bytes):
    collection = Collection.get_first_root_node()
    fields = {"title": name, "collection": collection.pk}
    return get_image_form(CustomImage)(
        fields, {"file": SimpleUploadedFile(name, data)}, user=User(is_superuser=True, is_active=True)
    )


@pytest.mark.parametrize("name", TAKEN)
def test_every_size_can_be_made_of_what_is_taken(name):
    form = uploaded(name, TAKEN[name])
    assert form.is_valid(), form.errors
    image = form.save()

    sizes = image.get_renditions(*FILTER_SPECS, SHARE_SPEC)

    assert set(sizes) == {*FILTER_SPECS, SHARE_SPEC}
    for size in [image, *sizes.values()]:
        with size.file.open() as file:
            assert Image.open(file).mode in {"L", "RGB", "RGBA"}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_shown_is_refused_in_words_beside_the_field(name):
    data, words = REFUSED[name]
    form = uploaded(name, data)
    assert words in " ".join(form.errors["file"])


def test_conversion_keeps_what_is_seen():
    files = {}
    for name in ("deep.png", "plain.jpg", "turned.jpg", "film.gif"):
        form = uploaded(name, TAKEN[name])
        assert form.is_valid()
        with form.save().file.open() as file:
            files[name] = file.read()
    assert Image.open(BytesIO(files["deep.png"])).getpixel((5, 5)) == 127
    assert files["plain.jpg"] == JPEG
    assert Image.open(BytesIO(files["turned.jpg"])).size == (90, 120)
    assert Image.open(BytesIO(files["film.gif"])).format == "PNG"


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("wagtailimages:add", "file"),
        ("wagtailimages:add_multiple", "files[]"),
        ("wagtailimages_chooser:create", "image-chooser-upload-file"),
        ("wagtailadmin_account", "avatar-avatar"),
    ],
)
@pytest.mark.parametrize("name", ["half.jpg", "half.png", "flipped.png", "head.png"])
def test_each_door_for_pictures_refuses_a_damaged_one_in_words(admin_client, address, field, name):
    data = SimpleUploadedFile(name, REFUSED[name][0], "image/png")
    fields = {"title": "Half", "image-chooser-upload-title": "Half", field: data}

    response = admin_client.post(reverse(address), fields, headers={"X-Requested-With": "XMLHttpRequest"})

    assert response.status_code == 200
    words = response.content.decode()
    assert any(said in words for said in ("damaged or incomplete", "valid image"))
    assert not CustomImage.objects.exists()


@pytest.mark.parametrize("kind", ["missing", "half.jpg", "half.png", "deep.png", "print.jpg"])
def test_no_page_and_no_screen_falls_for_a_picture(client, admin_client, kind, caplog):
    """As after a restore without uploads, or for what came into the database in another way."""
    everything = {**TAKEN, **{name: data for name, (data, _words) in REFUSED.items()}}
    image = CustomImage(title="Hills", description="Green hills")
    image.file.save(
        "hills.png" if kind == "missing" else kind, ContentFile(everything.get(kind, PNG)), save=False
    )
    image.width, image.height = 120, 90
    CustomImage.objects.bulk_create([image])
    image = CustomImage.objects.get()
    if kind == "missing":
        image.file.storage.delete(image.file.name)
    article = make_article(picture=image)
    article.tags.add("Iron")
    article.author.picture = image
    article.author.save()
    article.save()
    is_shown = kind in TAKEN

    for address in (article.url, "/articles/", "/articles/category/symptoms/", "/articles/tag/iron/", "/"):
        response = client.get(address)
        assert response.status_code == 200
    page = client.get(article.url).content.decode()
    assert ("Green hills</span>" in page) is not is_shown
    assert ('property="og:image"' in page) is is_shown
    reasons = [record for record in caplog.records if record.name.startswith("cms.images")]
    assert bool(reasons) is not is_shown

    caplog.clear()
    client.get(f"{article.url}?q=uncached")
    assert not caplog.records
    for screen in ("wagtailimages:index", "wagtailimages_chooser:choose"):
        assert admin_client.get(reverse(screen)).status_code == 200
    for screen in ("wagtailimages:edit", "wagtailimages:delete", "wagtailimages:image_usage"):
        assert admin_client.get(reverse(screen, args=[image.pk])).status_code == 200
    assert admin_client.get(reverse("wagtailimages_chooser:chosen", args=[image.pk])).status_code == 200
