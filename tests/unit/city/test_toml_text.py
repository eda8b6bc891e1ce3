"""What is written as TOML reads back the same."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from kuaifan.city.toml_text import write_toml

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
SCALARS = TEXT | st.integers(-(2**62), 2**62) | st.booleans() | st.floats(allow_nan=False)
VALUES = st.recursive(
    SCALARS | st.lists(SCALARS, max_size=3),
    lambda inner: st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_any_document_reads_back_the_same(document):
    assert tomllib.loads(write_toml(document, heading="City 城市\nsecond line")) == document
