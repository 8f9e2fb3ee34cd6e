"""Pictures and documents from the site's own disk, where no bucket or front server gives them out."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, re_path
from django.views.static import serve

YEAR_SECONDS = 31_536_000


def serve_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """The uploaded file. A changed picture gets a new name, so a browser may keep each for a year."""
    try:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except (OSError, ValueError) as error:
        # A name that no file can have, such as one of a thousand letters.
        raise Http404(path[:100]) from error
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    # Somebody's upload must never run as a page of this site.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def media_urls() -> list[URLPattern]:
    """The address of uploads on this site; none when a bucket keeps them."""
    if not isinstance(default_storage, FileSystemStorage):
        return []
    return [re_path(rf"^{settings.MEDIA_URL.lstrip('/')}(?P<path>.+)$", serve_media)]
