"""Templates keep their shape: small, nothing inline, fragments that land where they should."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.house_plan import ROOT, name_of, sources

TEMPLATES = sources("templates", ending=".html")
WITHOUT_END = {"input", "meta", "link", "br", "hr", "img", "path", "rect"}


class Roots(HTMLParser):
    """The ids of the outermost elements of a piece of HTML."""

    def __init__(self, text: str):
        super().__init__()
        self._depth = 0
        self.ids: list[str | None] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._depth == 0:
            self.ids.append(dict(attrs).get("id"))
        self._depth += tag not in WITHOUT_END

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag not in WITHOUT_END


def fragments_that_views_return() -> list[Path]:
    code = "".join(file.read_text() for file in sources("logger"))
    named = set(re.findall(r'"([a-z/-]+/_[a-z_]+[.]html)"', code))
    return [ROOT / "templates" / name for name in sorted(named)]


@pytest.mark.parametrize("file", fragments_that_views_return(), ids=name_of)
def test_a_fragment_has_one_root_with_one_id(file: Path) -> None:
    html = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", file.read_text(), flags=re.DOTALL)
    ids = Roots(re.sub(r"\{\{.*?\}\}", "x", html, flags=re.DOTALL)).ids
    assert None not in ids
    # Alternatives within one fragment share an id: it is the place the answer goes to.
    assert len(set(ids)) == 1


@pytest.mark.parametrize("file", TEMPLATES, ids=name_of)
def test_a_template_fits_on_two_screens(file: Path) -> None:
    assert len(file.read_text().splitlines()) <= 100


@pytest.mark.parametrize("file", TEMPLATES, ids=name_of)
def test_a_template_is_used(file: Path) -> None:
    name = file.relative_to(ROOT / "templates").as_posix()
    users = sources("logger") + [other for other in TEMPLATES if other != file]
    assert any(f'"{name}"' in user.read_text() for user in users)


@pytest.mark.parametrize("file", TEMPLATES, ids=name_of)
def test_a_template_has_no_inline_script_style_or_unescaped_text(file: Path) -> None:
    text = file.read_text()
    assert not re.search(r"\|\s*safe\b|Markup\(|autoescape\s+false", text)
    assert not re.search(r"<style|\sstyle=|javascript:|\son[a-z]+=|hx-on|hx-vals=['\"]js:", text)
    for script in text.split("<script")[1:]:
        assert "src=" in script.split(">")[0]


@pytest.mark.parametrize("file", sources("logger", "sync"), ids=name_of)
def test_code_marks_nothing_as_safe(file: Path) -> None:
    assert not re.search(r"\bMarkup\(|\|\s*safe\b|autoescape\s*=\s*False", file.read_text())
