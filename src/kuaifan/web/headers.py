"""What every answer tells the browser (安全响应头): nothing from elsewhere, nothing guessed.

No page needs an inline script or style: Svelte and MapLibre set styles by the object model, which
a policy does not touch. A route that needs more or less says so itself and is left alone.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self' blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""MapLibre starts its workers from blobs, and photos are shown from them."""
CODE_TYPES: Final = ("text/html", "text/javascript", "application/javascript")
BARE_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""Of answers that are no page: even opened as one they may do nothing."""
EVERYWHERE: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), serial=(), "
        "display-capture=()"
    ),
}
"""A crew's phone takes photos and says where it is; nothing else is asked of a device."""
HSTS: Final = "max-age=31536000; includeSubDomains"


def add_headers(headers: MutableHeaders, *, is_tls: bool) -> None:
    """Add what is not there yet; data is kept by no cache unless its route says otherwise."""
    for name, value in EVERYWHERE.items():
        headers.setdefault(name, value)
    # A worker lives under the policy of its own script: under the bare one it could fetch nothing.
    is_code = headers.get("content-type", "").startswith(CODE_TYPES)
    headers.setdefault("Content-Security-Policy", POLICY if is_code else BARE_POLICY)
    headers.setdefault("Cache-Control", "no-store")
    if is_tls:
        headers.setdefault("Strict-Transport-Security", HSTS)
