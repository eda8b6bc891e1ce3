"""Places for the web (地点检索接线): the gazetteer of the city's folder, whenever it is there."""

from kuaifan.app.place_search import CityPlaces
from kuaifan.store.places_write import PLACES_FILE, write_places


def street(name, lat, pinyin, initials):
    return (name, "street", lat, 114.0, 3, "", pinyin, initials)


def test_a_gazetteer_made_while_the_desk_runs_is_found_and_asked_with_a_position(tmp_path):
    find_places = CityPlaces(tmp_path)
    assert find_places("人民路", lat=None, lon=None, limit=8) == []
    rows = [
        street("人民路", 22.50, "ren min lu", "r m l"),
        street("人民路", 22.60, "ren min lu", "r m l"),
    ]
    write_places(tmp_path / PLACES_FILE, rows, made_from="hash")
    near = find_places("人民路", lat=22.6, lon=114.0, limit=8)
    assert [(place.name, place.lat) for place in near] == [("人民路", 22.6), ("人民路", 22.5)]
    assert len(find_places("renminlu", lat=None, lon=None, limit=1)) == 1
