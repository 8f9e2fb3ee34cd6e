"""Security headers: a strict policy for the public site, a looser one where Wagtail's admin needs it."""

from copy import deepcopy

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

# Nothing on this site asks for any of these.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
    )
)

# Wagtail's admin, its previews and its bar still carry inline scripts and styles and show uploads as blobs.
ADMIN_DIRECTIVES = {
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
}


class SecurityHeadersMiddleware(CSPMiddleware):
    """Adds Content-Security-Policy and Permissions-Policy to every answer."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return super().process_response(request, response)

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and is_editorial(request):
            policy = deepcopy(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])
            parts.config = {**policy, **ADMIN_DIRECTIVES}
        return parts


def is_editorial(request: HttpRequest) -> bool:
    """Return whether it is the admin, one of its previews, or where a signed-in editor sees Wagtail's bar."""
    return (
        request.path.startswith(reverse("wagtailadmin_home"))
        or getattr(request, "is_preview", False)
        or settings.SESSION_COOKIE_NAME in request.COOKIES
    )
