"""The page of personal data says what the marks and the table of rights say."""

from personal_data_page import PAGE, list_fields, make_page


def test_the_tables_of_the_page_are_current():
    page = PAGE.read_text(encoding="utf-8")
    assert page == make_page(page), "run `python tests/personal_data_page.py`"


def test_what_a_caller_is_found_by_is_its_number_alone():
    assert {name for name, _, lookup in list_fields() if lookup} == {"caller_number"}
