"""Names what stands on the blocks of an invented city (单位名称): schools, hospitals, estates."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from kuaifan.city import invent_words as words
from kuaifan.city.invent_address import Addresses
from kuaifan.city.invent_names import NameBook
from kuaifan.city.invent_net import Point
from kuaifan.city.invent_plots import Plot, Use


@dataclass(frozen=True, slots=True)
class Place:
    """A named place on paper; site_class 1, 3 or 5 if it is a key site, else 0."""

    kind: str
    name: str
    at: Point
    rank: int
    address: str = ""
    site_class: int = 0


_HOSPITALS = ("市第一人民医院", "市中医院", "市第二人民医院", "市妇幼保健院", "市第三人民医院")
_OFFICES = ("市人民政府", "市政务服务中心", "市中级法院", "市公安局", "市档案馆", "市税务局")
_COLLEGES = ("学院", "职业技术学院", "师范学院", "理工学院", "医学院", "工程学校")


class PlotNamer:
    """Names plots in the order it is given them: the first of a kind is the city's own."""

    def __init__(
        self, city: str, districts: dict[int, str], addresses: Addresses, book: NameBook
    ) -> None:
        self.city, self.districts = city, districts
        self.addresses, self.book = addresses, book
        self.count: Counter[str] = Counter()
        self._namers: dict[Use, Callable[[Plot, str], tuple[str, str, int, int]]] = {
            "estate": self._estate,
            "mall": self._mall,
            "market": self._market,
            "industrial": self._works,
            "school": self._school,
            "hospital": self._hospital,
            "government": self._government,
            "park": self._park,
            "university": self._university,
            "station": self._station,
            "square": self._square,
            "lake": self._lake,
            "hill": self._hill,
            "commercial": self._tower,
        }

    def name(self, plot: Plot) -> Place | None:
        """Name one plot; the place it is, None where it has no name of its own."""
        namer = self._namers.get(plot.use)
        if namer is None or not plot.ring:
            return None
        street, address = self.addresses.address(plot.cell)
        kind, name, rank, site_class = namer(plot, street)
        if not name:
            return None
        plot.name = name
        u, v = plot.cell.middle
        return Place(kind, name, (round(u, 1), round(v, 1)), rank, address, site_class)

    def _next(self, kind: str) -> int:
        self.count[kind] += 1
        return self.count[kind]

    def _district(self, plot: Plot) -> str:
        return self.districts[plot.block.superblock_i]

    def _estate(self, plot: Plot, _: str) -> tuple[str, str, int, int]:
        is_old = plot.zone == "core" and self._next("core estate") % 3 == 0
        return "estate", self.book.estate(is_old=is_old), 4, 0

    def _mall(self, plot: Plot, _: str) -> tuple[str, str, int, int]:
        n = self._next("mall")
        name = words.MALLS[n - 1] if n <= len(words.MALLS) else f"{self.book.plain_stem()}购物中心"
        return "mall", self.book.claim(name), 3, 1 if plot.zone in {"old", "core"} else 3

    def _market(self, _: Plot, street: str) -> tuple[str, str, int, int]:
        end = words.MARKET_END[self._next("market") % len(words.MARKET_END)]
        return "market", self.book.claim_on(street, end), 4, 5

    def _works(self, plot: Plot, _: str) -> tuple[str, str, int, int]:
        return "office", self.book.works() if plot.cell.area_m2() > 15_000.0 else "", 5, 0  # noqa: PLR2004 - a yard has no sign

    def _school(self, _: Plot, street: str) -> tuple[str, str, int, int]:
        n = self._next("school")
        number, kind = (n + 2) // 3, n % 3
        if kind == 1:
            name = f"{self.city}市第{words.chinese_number(number)}中学"
        elif kind == 2:  # noqa: PLR2004 - the second of three kinds
            name = "实验小学" if number == 1 else self.book.claim_on(street, "小学")
        else:
            name = self.book.claim_on(street, "幼儿园")
        return "school", name, 3 if kind == 1 else 4, 3

    def _hospital(self, plot: Plot, street: str) -> tuple[str, str, int, int]:
        n = self._next("hospital")
        if n <= len(_HOSPITALS):
            name = self.book.claim(f"{self.city}{_HOSPITALS[n - 1]}")
            return "hospital", name, 2 if n == 1 else 3, 1 if n == 1 else 3
        district = f"{self._district(plot)}人民医院"
        if self.book.is_free(district):
            return "hospital", self.book.claim(district), 3, 3
        return "clinic", self.book.claim_on(street, "社区卫生服务中心"), 4, 5

    def _government(self, plot: Plot, street: str) -> tuple[str, str, int, int]:
        n = self._next("government")
        if n <= len(_OFFICES):
            return "government", self.book.claim(f"{self.city}{_OFFICES[n - 1]}"), 3, 3
        district = f"{self._district(plot)}人民政府"
        if self.book.is_free(district):
            return "government", self.book.claim(district), 3, 3
        return "government", self.book.claim_on(street, "街道办事处"), 4, 0

    def _park(self, plot: Plot, _: str) -> tuple[str, str, int, int]:
        if plot.cell.area_m2() < 9_000.0:  # noqa: PLR2004 - a pocket park has no name
            return "park", "", 5, 0
        return "park", self.book.claim(f"{self.book.plain_stem()}公园"), 4, 0

    def _university(self, plot: Plot, _: str) -> tuple[str, str, int, int]:
        del plot
        n = self._next("university")
        if n > len(_COLLEGES):
            return "school", "", 3, 3
        return "school", self.book.claim(f"{self.city}{_COLLEGES[n - 1]}"), 2, 3

    def _station(self, *_: object) -> tuple[str, str, int, int]:
        return "railway_station", self.book.claim(f"{self.city}站"), 1, 1

    def _square(self, plot: Plot, _: str) -> tuple[str, str, int, int]:
        name = "站前广场" if plot.block.special == "station" else "人民广场"
        return "landmark", self.book.claim(name), 3, 1

    def _lake(self, *_: object) -> tuple[str, str, int, int]:
        n = self._next("lake")
        return "park", self.book.claim(f"{words.LAKES[n % len(words.LAKES)]}公园"), 3, 3

    def _hill(self, *_: object) -> tuple[str, str, int, int]:
        n = self._next("hill")
        return "park", self.book.claim(f"{words.HILLS[n % len(words.HILLS)]}森林公园"), 3, 5

    def _tower(self, plot: Plot, _: str) -> tuple[str, str, int, int]:
        if plot.cell.area_m2() < 20_000.0:  # noqa: PLR2004 - a row of shops has no name of its own
            return "office", "", 5, 0
        end = ("大厦", "商业街", "广场", "中心")[self._next("tower") % 4]
        return "office", self.book.claim(f"{self.book.plain_stem()}{end}"), 4, 0
