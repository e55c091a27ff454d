"""Where templates and built assets stand: inside the package in a wheel, else beside it."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_CHECKOUT = _PACKAGE.parent


def _first(in_wheel: Path, in_checkout: Path) -> Path:
    return in_wheel if in_wheel.is_dir() else in_checkout


TEMPLATES = _first(_PACKAGE / "templates", _CHECKOUT / "templates")
BUILT = _first(_PACKAGE / "static", _CHECKOUT / "static" / "built")
TRANSLATIONS = _first(_PACKAGE / "translations", _CHECKOUT / "translations")
