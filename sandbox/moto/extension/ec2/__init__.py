"""EC2, by concept: each module here has a class for moto's backend, for its responses, or both."""

from importlib import import_module
from pkgutil import iter_modules

PARTS = tuple(import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
