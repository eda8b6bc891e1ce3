"""The city's numbers for the day without power (应急电话表)."""

import pytest

from kuaifan.city.phones import read_phones
from kuaifan.city.whole_folder import CityFolderError
from kuaifan.vocabulary.phone_book import EmergencyPhone

TABLE = "desk_id,Name ,number\n,值班领导,0554-110\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_phones_of_a_city_are_a_table_as_any_office_program_saves_it(tmp_path, encoding):
    assert read_phones(tmp_path) == []
    (tmp_path / "phones.csv").write_text(TABLE, encoding=encoding)
    assert read_phones(tmp_path) == [EmergencyPhone("", "值班领导", "0554-110")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"who,number\n", "desk_id, name, number"),
        (b"\xff\xff\xff", "neither UTF-8 nor GBK"),
        (b'desk_id,name,number\n"' + b"x" * 200_000, "field larger"),
    ],
)
def test_what_is_no_such_table_is_said_in_a_sentence(tmp_path, content, said):
    (tmp_path / "phones.csv").write_bytes(content)
    with pytest.raises(CityFolderError, match=said):
        read_phones(tmp_path)
