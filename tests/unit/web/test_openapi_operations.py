"""What is no command and no view stands in the description too."""

import json
import re

from kuaifan.app.phone import PHONE_OPERATIONS
from kuaifan.gateway.phone_web import phone_routes
from kuaifan.web.desk import Parts
from kuaifan.web.openapi import make_openapi
from kuaifan.web.photos import PhotoRoutes


def test_photos_telephones_search_and_history_are_described_as_they_are_served():
    parts = Parts(
        desk=None, commands=(), city_card={}, photos=object(), operations=PHONE_OPERATIONS
    )
    api = make_openapi(parts, "1")
    routes = [*PhotoRoutes(None, None).routes(), *phone_routes(None, None)]
    for route in routes:
        described = {method.upper() for method in api["paths"][route.path]}
        assert described == route.methods
    for path in ("/v1/search", "/v1/history"):
        assert list(api["paths"][path]) == ["post"]
    assert set(api["paths"]["/v1/places"]) == {"get", "post"}
    for path in ("/v1/search", "/v1/history", "/v1/places"):
        assert "parameters" in api["paths"][path]["post"]
    for ref in re.findall(r'"\$ref": ?"#/([^"]+)"', json.dumps(api)):
        node = api
        for part in ref.split("/"):
            node = node[part]


def test_what_the_log_says_of_a_photo_is_asked_for_in_a_header():
    parts = Parts(desk=None, commands=(), city_card={}, photos=object())
    read = make_openapi(parts, "1")["paths"]["/v1/photos/{key}"]["get"]
    assert "X-Kuaifan-Purpose" in [each.get("name") for each in read["parameters"]]
    assert "query" not in [each.get("in") for each in read["parameters"]]
