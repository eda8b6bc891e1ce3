"""The bench of places: what it prints, and that every way of asking finds what was meant."""

from kuaifan.app.bench_places import bench_places


def test_every_way_of_asking_is_measured_and_finds_most_of_what_was_meant():
    figures = bench_places(2_000)
    assert figures.places == 2_000
    assert set(figures.kinds) == {
        "characters",
        "begun",
        "pinyin",
        "initials",
        "typo",
        "homophone",
        "crossing",
        "side",
        "number",
    }
    for kind, measured in figures.kinds.items():
        assert measured.p50_ms <= measured.p99_ms
        # Half a name fits many.
        assert measured.found_share > (0.5 if kind == "begun" else 0.9)
