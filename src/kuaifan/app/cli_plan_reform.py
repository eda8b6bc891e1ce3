"""`kuaifan plan reform` (改革重演): the page of docs/reform.md, from the cities named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from kuaifan.app.limits import SEED, within
from kuaifan.app.printing import print_json, print_lines, print_progress
from kuaifan.kernel.errors import BadInputError

if TYPE_CHECKING:
    from kuaifan.app.reform import ReformOptions


def reform(  # noqa: PLR0913 - one parameter an option
    *cities: Path,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    population: Path | None = None,
    days: Annotated[int, within(1, 3_660)] = 364,
    parts: Annotated[int, within(2, 3_660)] = 52,
    per_day: Annotated[float, within(1, 100_000)] = 678.0,
    cars: Annotated[int, within(46, 5_000)] = 62,
    model: str = "p_median",
    solve_seconds: Annotated[float, within(1, 100_000)] = 60.0,
    seed: Annotated[int, SEED] = 1,
    json: Annotated[bool, Parameter(negative="", help="Print one JSON object.")] = False,
) -> int:
    """Re-enact the reform (改革重演): one call year under six plans, as a page with pictures.

    Stations only; 10 street stations and 21 standby posts by hand; optimized; with mixed dispatch;
    with move-up; with one third fewer cars. All on the fast twin. Stopped by Ctrl-C it writes
    nothing.

    Parameters
    ----------
    cities
        City folders, each a chapter.
    output
        The Markdown page; its pictures go beside it, into img/.
    population
        CSV with lat, lon, population, for a city without demand.npz.
    days
        Days that are counted.
    parts
        So many parts they are cut into, each with its own luck: the pairs of the comparison.
    per_day
        Handled calls a day; Huainan had 678.
    cars
        On duty at all hours; the last plan has a third fewer.
    model
        The planning model of the optimized posts, one that asks for no further number.
    solve_seconds
        It stops after so long with the best so far; then other machines may find other posts.
    seed
        Of all luck.
    """
    from kuaifan.app.reform import ReformOptions, reenact
    from kuaifan.app.reform_page import write_page
    from kuaifan.city.folder import read_city
    from kuaifan.city.population import read_population

    if not cities:
        raise BadInputError("name a city folder, such as one of `kuaifan city new`")
    options = ReformOptions(
        n_days=days,
        n_parts=parts,
        per_day=per_day,
        n_cars=cars,
        model=model,
        solve_s=solve_seconds,
        seed=seed,
    )
    people = None if population is None else read_population(population)
    folders = [read_city(path) for path in cities]
    if len({city.meta.name for city in folders}) < len(folders):
        raise BadInputError("two of the cities have one name: give each once")
    found = [reenact(city, options, print_progress, population=people) for city in folders]
    written = write_page(output, found, options, _command(cities, output, population, options))
    print_json(found) if json else print_lines(f"{path} written" for path in written)
    return 0


def _command(
    cities: tuple[Path, ...], output: Path, population: Path | None, options: ReformOptions
) -> str:
    """The command as it would be typed again, folders by their names."""
    from kuaifan.app.reform import ReformOptions

    names = {
        "n_days": "--days",
        "n_parts": "--parts",
        "per_day": "--per-day",
        "n_cars": "--cars",
        "model": "--model",
        "solve_s": "--solve-seconds",
    }
    usual, words = ReformOptions(), ["kuaifan plan reform", *(path.name for path in cities)]
    if population is not None:
        words.append(f"--population {population.name}")
    for field, option in names.items():
        value = getattr(options, field)
        if value != getattr(usual, field):
            words.append(
                f"{option} {value:g}" if not isinstance(value, str) else f"{option} {value}"
            )
    return " ".join([*words, f"--seed {options.seed}", f"-o {output.name}"])
