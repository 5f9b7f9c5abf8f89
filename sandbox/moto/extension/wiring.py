"""How our classes come into the place of moto's. Nothing in moto's package is edited.

Each module of the extension has a class ``Backend``, a class ``Responses`` or both: mixins that come before moto's own
classes, so ``super()`` is moto.
"""

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any


def install(backends: Any, *parts: ModuleType, urls: str | None = None) -> None:
    """Serve the service of ``backends`` by moto's classes with those of ``parts`` before them.

    ``urls`` names moto's module of the service's paths. By default it is beside moto's backend.
    """
    own = backends.backend
    paths = import_module(urls or own.__module__.removesuffix(".models") + ".urls")
    # moto looks for the paths beside the module of the class, which is not where ours is.
    backends.backend = _compose("Backend", parts, own, {"_url_module": paths})
    composed: dict[type, type] = {}
    for path, handler in paths.url_paths.items():
        response = handler.__self__
        if isinstance(response, type):
            ours = composed.setdefault(response, _compose("Responses", parts, response, {}))
            paths.url_paths[path] = getattr(ours, handler.__name__)


def in_place_of(module: ModuleType) -> Callable[[type], type]:
    """Class decorator: moto's code in ``module`` builds things by the name of this class, and now builds ours."""

    def put(cls: type) -> type:
        setattr(module, cls.__name__, cls)
        return cls

    return put


def _compose(name: str, parts: tuple[ModuleType, ...], own: type, members: dict[str, Any]) -> type:
    mixins = [getattr(part, name) for part in parts if hasattr(part, name)]
    return type(own.__name__, (*mixins, own), {"__module__": own.__module__, **members})
