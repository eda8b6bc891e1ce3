"""Figures in the format of Prometheus (指标)."""

from kuaifan.web.metrics import Counter, Histogram, gauge


def test_a_counter_tells_each_set_of_labels():
    counter = Counter("n_total", "All.")
    counter.add(code="a")
    counter.add(2, code='b"\n')
    assert counter.lines() == [
        "# HELP n_total All.",
        "# TYPE n_total counter",
        'n_total{code="a"} 1',
        'n_total{code="b\\"\\n"} 2',
    ]


def test_each_bucket_holds_the_ones_before_it_and_the_last_holds_all():
    histogram = Histogram("s", "Seconds.", (1.0, 2.0))
    for value in (0.5, 1.0, 1.5, 9.0):
        histogram.observe(value)
    assert histogram.lines()[2:] == [
        's_bucket{le="1.0"} 2',
        's_bucket{le="2.0"} 3',
        's_bucket{le="+Inf"} 4',
        "s_sum 12",
        "s_count 4",
    ]


def test_a_gauge_tells_one_value_or_many():
    assert gauge("seq", "Head.", 1_234_567_890)[2:] == ["seq 1234567890"]
    assert gauge("age", "Oldest.", {(("priority", "1"),): 2.5})[2:] == ['age{priority="1"} 2.5']
