"""A city whose places cannot be found by name is told so, with the cure, when it is served."""

import apsw

from kuaifan.app.gazetteer import find_gazetteer_fault, make_gazetteer
from kuaifan.city.invent import invent_city
from kuaifan.store.places_write import PLACES_FILE


def test_a_missing_an_older_and_a_whole_gazetteer(tmp_path):
    city = tmp_path / "city"
    invent_city(city, seed=4, size="small", progress=lambda _: None)
    assert "there is no gazetteer" in find_gazetteer_fault(city)
    make_gazetteer(city, progress=lambda _: None)
    assert find_gazetteer_fault(city) == ""
    connection = apsw.Connection(str(city / PLACES_FILE))
    connection.execute("UPDATE about SET value = '1' WHERE key = 'format'")
    connection.close()
    assert "made by another build: run kuaifan city places" in find_gazetteer_fault(city)
