"""The rules for texts find what they are for, and leave the rest alone."""

from pathlib import Path

import pytest

from tools.house_rules import faults_of


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("Dockerfile", "RUN pip install --index" + "-url https://x", "registry"),
        ("cms/a.py", "x = 1  # TO" + "DO later", "unfinished"),
        ("cms/a.py", "x = y()  # type: " + "ignore[call]", "without a reason"),
        ("cms/templates/a.html", '<p style="color: red">', "inline style"),
        ("cms/templates/a.html", "<script>go()</script>", "inline script"),
        ("cms/templates/a.html", '<button onclick="go()">', "inline event handler"),
        ("cms/templates/a.html", '<img src="https://elsewhere.example/a.png">', "another host"),
    ],
)
def test_a_broken_rule_is_found(tmp_path: Path, name: str, line: str, words: str) -> None:
    path = tmp_path / "file"
    path.write_text(f"\n{line}\n")
    faults = list(faults_of(Path(name), path))
    assert len(faults) == 1
    assert faults[0].startswith(f"{name}:2: ")
    assert words in faults[0]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("cms/a.py", "x = y()  # type: ignore[call]  # the stub knows no call"),
        ("cms/templates/a.html", '<script type="application/ld+json">{{ data }}</script>'),
        ("cms/templates/a.html", '<script type="module" src="{% static \'js/share.js\' %}"></script>'),
        ("shop/mail/templates/mail/a.html", '<td style="color: red">'),
    ],
)
def test_a_kept_rule_is_none(tmp_path: Path, name: str, line: str) -> None:
    path = tmp_path / "file"
    path.write_text(line)
    assert list(faults_of(Path(name), path)) == []


def test_a_long_file_wants_a_wall(tmp_path: Path) -> None:
    path = tmp_path / "file.py"
    path.write_text("x = 1\n" * 401)
    assert list(faults_of(Path("cms/a.py"), path)) == ["cms/a.py:401: longer than 400 lines"]
