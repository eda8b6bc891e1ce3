"""How far places reach: the area of their name around them, the middles of a street's pieces."""

from kuaifan.city.features import MapArea, MapFeatures
from kuaifan.city.places_build import PlaceRow
from kuaifan.city.places_outlines import list_outlines
from kuaifan.city.places_streets import NamedStreet


def square(name, lat, lon, half):
    corners = ((lat - half, lon - half), (lat - half, lon + half), (lat + half, lon + half))
    return MapArea("residential", name, ((*corners, (lat + half, lon - half)),))


def row(name, kind, lat, lon):
    return PlaceRow(name, kind, lat, lon, 4, "", "", "")


def test_a_place_gets_the_smallest_area_of_its_name_that_surrounds_it():
    areas = (
        square("东苑", 32, 117, 0.5),
        square("东苑", 32, 117, 0.25),
        square("东苑", 34, 117, 0.125),
    )
    rows = [row("东苑", "estate", 32.0, 117.0), row("东苑", "estate", 36.0, 117.0)]
    found = list_outlines(rows, MapFeatures(areas=areas), [])
    assert found == {("东苑", 32.0, 117.0): (31.75, 116.75, 32.25, 117.25)}


def test_a_street_reaches_from_end_to_end():
    street = NamedStreet("和平路", 32.0, 117.0, 3, (31.5, 117.0, 32.5, 117.0))
    rows = [row("和平路", "street", 32.0, 117.0), row("和平路", "shop", 32.0, 117.0)]
    assert list_outlines(rows[:1], None, [street]) == {("和平路", 32.0, 117.0): street.box}
    assert list_outlines(rows[1:], None, [street]) == {}
