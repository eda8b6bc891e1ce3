"""The plug-in finder (插件发现): one new folder is found with no edit anywhere else.

A plug-in is a package whose `__init__` declares itself under its kind's name (`SEAT = …`) and
offers, all optional and all plain data:

    COMMANDS, EVENTS     sequences of message classes
    INNER                those of COMMANDS that only rules and timers ask for, and nobody submits
    DECIDERS, EVOLVERS   message class -> function
    REACTIONS            event class -> sequence of functions
    VIEWS, ACTORS        name or event class -> function
    UPCASTERS            tag of an old event -> function
    SLICE                struct that the plug-in keeps on the board, made without arguments
    PUBLIC_PAGE          the page of links that citizens are sent; of one plug-in at most
    RETIRES              rules by which papers leave it, see board/seat_archive.py

It comes from one of three places: a folder of `kuaifan.<kind>`, a folder inside one of the extra
folders given, or an entry point of the group `kuaifan.<kind>` in any installed package. Its id is
the folder's or the entry point's name. Whatever is wrong with one stops the start and names it:
a system that quietly runs without one of its parts is worse than one that does not start.

This scan, at start, is the only time the kernel looks at a disk.
"""

from __future__ import annotations

import importlib
import sys
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, Final

import msgspec

from kuaifan.kernel.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

DECLARATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "seats": "SEAT",
        "devices": "DEVICE",
        "neighbours": "NEIGHBOUR",
        "models": "MODEL",
        "reports": "REPORT",
    }
)
"""The five kinds, and the name under which a plug-in of each declares itself."""

Points = Callable[..., Iterable[EntryPoint]]
"""Finds the entry points of a group."""

MAX_PLUGINS_PER_KIND: Final = 256
"""More than this in one kind is a wrong folder, not a rich desk."""

# What running a module's top level can raise. Anything else is not the plug-in's mistake.
_BROKEN: Final = (
    *(ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, NameError),
    *(OSError, RuntimeError, SyntaxError, TypeError, ValueError),
)

_NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})


class PluginError(BadInputError):
    """A plug-in is broken, double or not what it says it is (插件错误); the start stops here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """A plug-in as it was found (插件): its declaration and what it contributes, as data.

    sources: every file of its code, sorted; they are part of what a build is known by.
    """

    kind: str
    plugin_id: str
    origin: str
    declaration: Any
    sources: tuple[Path, ...] = ()
    commands: tuple[type, ...] = ()
    events: tuple[type, ...] = ()
    inner: tuple[type, ...] = ()
    deciders: Mapping[type, Callable[..., Any]] = field(default_factory=dict)
    evolvers: Mapping[type, Callable[..., Any]] = field(default_factory=dict)
    reactions: Mapping[type, Sequence[Callable[..., Any]]] = field(default_factory=dict)
    views: Mapping[Any, Callable[..., Any]] = field(default_factory=dict)
    actors: Mapping[Any, Callable[..., Any]] = field(default_factory=dict)
    upcasters: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    slice_type: type | None = None
    public_page: Any = None
    retires: tuple[Any, ...] = ()


def find_plugins(kind: str, *, folders: Iterable[Path] = ()) -> tuple[Plugin, ...]:
    """Find every plug-in of a kind, sorted by id (查找插件).

    folders: extra places that hold plug-in folders of this kind, beside `kuaifan.<kind>` itself.
    Raises PluginError for an unknown kind, a folder that is not there, a plug-in that does not
    import or declares nonsense, and an id or a message name that two of them share.
    """
    if kind not in DECLARATIONS:
        raise PluginError(f"no kind of plug-in is called {kind!r}; there are {[*DECLARATIONS]}")
    return _find(kind, folders, entry_points().select)


def _find(kind: str, folders: Iterable[Path], points: Points) -> tuple[Plugin, ...]:
    found = [_read(kind, *each) for each in _list_modules(kind, folders, points)]
    if len(found) > MAX_PLUGINS_PER_KIND:
        raise PluginError(f"{len(found)} {kind} found, at most {MAX_PLUGINS_PER_KIND} are taken")
    refuse_doubles(found)
    return tuple(sorted(found, key=lambda plugin: plugin.plugin_id))


def find_all_plugins(*, folders: Mapping[str, Iterable[Path]] = _NOTHING) -> tuple[Plugin, ...]:
    """Find the plug-ins of all five kinds, kind by kind and each kind sorted by id.

    folders: extra places by kind. Raises PluginError as find_plugins does, and for a message name
    that plug-ins of two kinds share.
    """
    if unknown := folders.keys() - DECLARATIONS.keys():
        raise PluginError(f"no kind of plug-in is called {min(unknown)!r}")
    # Asked for once: each time reads what every installed package says of itself.
    points = entry_points().select
    kinds = (_find(kind, folders.get(kind, ()), points) for kind in DECLARATIONS)
    found = tuple(plugin for plugins in kinds for plugin in plugins)
    refuse_doubles(found)
    return found


def refuse_doubles(plugins: Iterable[Plugin]) -> None:
    """Raise PluginError if two plug-ins share an id within a kind, or a message name at all."""
    owners: dict[tuple[str, str], Plugin] = {}
    for plugin in plugins:
        names = [(plugin.kind, plugin.plugin_id)]
        names += [("message", message.__name__) for message in plugin.commands + plugin.events]
        for name in names:
            if name in owners:
                other, what = owners[name].origin, " ".join(name)
                raise PluginError(f"{what} is defined twice: in {other} and in {plugin.origin}")
            owners[name] = plugin


def _list_modules(
    kind: str, folders: Iterable[Path], points: Points
) -> Iterator[tuple[str, str, ModuleType]]:
    """Yield id, origin and imported module of every plug-in, in-tree ones first."""
    home = importlib.import_module(f"kuaifan.{kind}")
    for place in sorted(home.__path__):
        yield from _scan(home.__name__, Path(place))
    for folder in folders:
        yield from _scan(_adopt(kind, folder), folder)
    for point in sorted(points(group=f"kuaifan.{kind}"), key=lambda point: point.name):
        origin = f"entry point {point.name} = {point.value}"
        with _Named(origin):
            module = point.load()
        if not isinstance(module, ModuleType):
            raise PluginError(f"{origin} is not a module; point it at the plug-in's package")
        yield point.name, origin, module


def _scan(package: str, folder: Path) -> Iterator[tuple[str, str, ModuleType]]:
    """Yield the plug-ins of one folder, by name, imported as children of a package."""
    for child in sorted(folder.iterdir()):
        if not child.is_dir() or child.name.startswith(("_", ".")):
            continue
        if not (child / "__init__.py").is_file():
            raise PluginError(f"{child} has no __init__.py; add one that declares the plug-in")
        if not child.name.isidentifier():
            raise PluginError(f"{child} cannot be imported; name it with letters, digits and _")
        with _Named(str(child)):
            module = importlib.import_module(f"{package}.{child.name}")
        yield child.name, str(child), module


def _adopt(kind: str, folder: Path) -> str:
    """Return the name of a package that stands for an extra folder, so that it can be imported."""
    if not folder.is_dir():
        raise PluginError(f"the folder of {kind} {folder} is not there; make it or leave it out")
    path = str(folder.resolve())
    name = f"kuaifan_extra_{kind}_{zlib.crc32(path.encode()):08x}"
    package = ModuleType(name, f"Extra {kind} in {path}.")
    package.__path__ = [path]
    sys.modules.setdefault(name, package)
    importlib.invalidate_caches()
    return name


class _Named:
    """Turns what a plug-in's import raises into one sentence that names the plug-in."""

    def __init__(self, origin: str) -> None:
        self._origin = origin

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, _BROKEN):
            what = f"{type(error).__name__}: {error}"
            raise PluginError(f"{self._origin} does not import: {what}") from error


def _read(kind: str, plugin_id: str, origin: str, module: ModuleType) -> Plugin:
    """Read a plug-in's contributions, each of the shape that the engine relies on."""
    name = DECLARATIONS[kind]
    declaration = getattr(module, name, getattr(module, "PLUGIN", None))
    if declaration is None:
        raise PluginError(f"{origin} declares nothing; its __init__ needs {name} = …")
    commands = _classes(module, "COMMANDS", origin)
    deciders = _functions(module, "DECIDERS", origin, keys=type)
    if orphans := sorted(each.__name__ for each in commands if each not in deciders):
        raise PluginError(
            f"{origin}: nobody decides {', '.join(orphans)}; add a function for it to DECIDERS, or "
            "take it out of COMMANDS"
        )
    inner = _classes(module, "INNER", origin)
    if strange := sorted(each.__name__ for each in inner if each not in commands):
        raise PluginError(f"{origin}: INNER names {', '.join(strange)}, none of its COMMANDS")
    reactions = _mapping(module, "REACTIONS", origin, keys=type)
    for event, functions in reactions.items():
        if not isinstance(functions, Sequence) or not all(map(callable, functions)):
            raise PluginError(f"{origin}: REACTIONS[{event.__name__}] is not a list of functions")
    return Plugin(
        kind=kind,
        plugin_id=plugin_id,
        origin=origin,
        declaration=declaration,
        sources=_list_sources(module),
        commands=commands,
        events=_classes(module, "EVENTS", origin),
        inner=inner,
        deciders=deciders,
        evolvers=_functions(module, "EVOLVERS", origin, keys=type),
        reactions=reactions,
        views=_functions(module, "VIEWS", origin, keys=object),
        actors=_functions(module, "ACTORS", origin, keys=object),
        upcasters=_functions(module, "UPCASTERS", origin, keys=str),
        slice_type=_slice_type(module, origin),
        public_page=getattr(module, "PUBLIC_PAGE", None),
        retires=_sequence(module, "RETIRES", origin),
    )


def _list_sources(module: ModuleType) -> tuple[Path, ...]:
    """List the files of a package, or the one file of a module."""
    folders = [Path(folder) for folder in getattr(module, "__path__", ())]
    if folders:
        return tuple(sorted(file for folder in folders for file in folder.rglob("*.py")))
    return (Path(module.__file__),) if module.__file__ else ()


def _classes(module: ModuleType, name: str, origin: str) -> tuple[type, ...]:
    """Return a sequence of classes that a plug-in offers, or none."""
    classes = getattr(module, name, ())
    if not isinstance(classes, Sequence) or not all(isinstance(each, type) for each in classes):
        raise PluginError(f"{origin}: {name} is not a sequence of classes")
    return tuple(classes)


def _sequence(module: ModuleType, name: str, origin: str) -> tuple[Any, ...]:
    """Return a sequence that a plug-in offers, or an empty one; whoever uses it looks at each."""
    found = getattr(module, name, ())
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise PluginError(f"{origin}: {name} is not a sequence")
    return tuple(found)


def _slice_type(module: ModuleType, origin: str) -> type | None:
    """Return the struct a plug-in keeps on the board, or None; it has to begin without a word."""
    kind = getattr(module, "SLICE", None)
    if kind is None:
        return None
    if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        raise PluginError(f"{origin}: SLICE is not a struct")
    try:
        kind()
    except TypeError as error:
        raise PluginError(f"{origin}: SLICE needs a default for each field: {error}") from error
    return kind


def _mapping(module: ModuleType, name: str, origin: str, *, keys: type) -> Mapping[Any, Any]:
    """Return a table that a plug-in offers, read-only, or an empty one."""
    table = getattr(module, name, _NOTHING)
    if not isinstance(table, Mapping) or not all(isinstance(key, keys) for key in table):
        raise PluginError(f"{origin}: {name} is not a table by {keys.__name__}")
    return MappingProxyType(dict(table))


def _functions(module: ModuleType, name: str, origin: str, *, keys: type) -> Mapping[Any, Any]:
    """Return a table of functions that a plug-in offers, read-only, or an empty one."""
    table = _mapping(module, name, origin, keys=keys)
    if not all(map(callable, table.values())):
        raise PluginError(f"{origin}: {name} holds something that is no function")
    return table
