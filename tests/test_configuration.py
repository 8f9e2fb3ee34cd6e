"""One configuration for all processes: how the file is read, what is refused, and that everybody reads it."""

import os
import subprocess
import sys
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from redis.connection import parse_url

import configuration
from cms.settings.addresses import database, redis
from configuration import (
    ConfigurationError,
    Environment,
    configured_file,
    description,
    keep_private,
    local_url,
    merged,
)
from tests.live_site import PROJECT
from tests.services import wait_until
from tools.launch.configuration import read_configuration
from tools.launch.ports import free_port
from tools.launch.processes import Child, stop


def written(folder: Path, content: bytes | str) -> dict[str, str]:
    """Return an environment that names a file with this content."""
    path = folder / "checkup.env"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return {"ENVIRONMENT_FILE": str(path)}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=plain", "plain"),
        ("  NAME = spaced  ", "spaced"),
        ("export NAME=exported", "exported"),
        ("export\tNAME=exported", "exported"),
        ("NAME=", ""),
        ("NAME= # nothing", ""),
        ("NAME=value # and why", "value"),
        ("NAME=value\t# and why", "value"),
        ("NAME=a#b", "a#b"),
        ("NAME=#b", "#b"),
        ("NAME='a # b' # c", "a # b"),
        ('NAME="a # b"', "a # b"),
        ("NAME=$dollar", "$dollar"),
        ("NAME='$dollar'", "$dollar"),
        ("NAME=a${HOME}b", "a${HOME}b"),
        (r'NAME="say \"\$5\" \\ \n"', r'say "$5" \ \n'),
        (r"NAME='\$5'", r"\$5"),
        (r"NAME=C:\new", r"C:\new"),
        ("NAME=it's", "it's"),
        ("NAME=a=b=c", "a=b=c"),
        ("NAME=Łódź — ½", "Łódź — ½"),
        ("NAME=one\x0ctwo\u2028three\x85four", "one\x0ctwo\u2028three\x85four"),
        ("NAME=first\nNAME=last", "last"),
    ],
)
def test_a_line_is_read_as_its_writer_means_it(tmp_path, line, value):
    for mark, end in product(["", "\ufeff"], ["\n", "\r\n", "\r"]):
        content = mark + end.join([line.replace("\n", end), "", "  # a comment", "OTHER=1", ""])
        given = written(tmp_path, content)
        assert merged(given) == {**given, "NAME": value, "OTHER": "1"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("A=1\nsecret-word", "line 2: is not NAME=value"),
        ("1NAME=secret-word", "line 1: is not NAME=value"),
        ("NAME='secret-word", "line 1: NAME has a quote without its end"),
        ('NAME="secret-word" behind', "line 1: NAME has a quote without its end, or something behind it"),
        ("NAME=Köln secret-word".encode("latin-1"), "is not UTF-8"),
        ("NAME=secret-word".encode("utf-16"), "is not UTF-8"),
        ("NAME=secret-word".encode("utf-16-le"), "Is the file UTF-8?"),
        ("NAME=secret\0-word", "NUL"),
        ("ENVIRONMENT_FILE=/etc/secret-word", "has no effect here"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line_that_tells_no_value(tmp_path, content, words):
    with pytest.raises(ConfigurationError) as refusal:
        merged(written(tmp_path, content))

    assert words in str(refusal.value)
    assert str(tmp_path) in str(refusal.value)
    assert "secret-word" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_file_that_is_named_must_be_there_and_none_may_be_named(tmp_path):
    with pytest.raises(ConfigurationError, match="nowhere does not exist"):
        merged({"ENVIRONMENT_FILE": str(tmp_path / "nowhere")})
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        merged({"ENVIRONMENT_FILE": str(tmp_path)})
    assert configured_file({"ENVIRONMENT_FILE": ""}) is None


def test_without_a_word_the_file_beside_the_code_is_read_where_there_is_one(tmp_path, monkeypatch):
    monkeypatch.setattr(configuration, "ROOT", tmp_path)
    assert merged({}) == {}

    (tmp_path / ".env").write_bytes((PROJECT / ".env.example").read_bytes())
    assert merged({"A": "1"}) == {"A": "1"}

    (tmp_path / ".env").write_text("PORT=1\nPORT=2\nA=2")
    assert merged({"A": "1"}) == {"A": "1", "PORT": "2"}
    assert "the last one counts: PORT" in description({})

    (tmp_path / ".env").unlink()
    (tmp_path / ".env").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ConfigurationError, match="does not exist"):
        merged({})


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (lambda env: env.text("X", "default"), "$x", "$x"),
        (lambda env: env.text("X", "default"), "", "default"),
        (lambda env: env.number("X", 2), "", 2),
        (lambda env: env.number("X", 2), " 7 ", 7),
        (lambda env: env.flag("X", True), "Off", False),
        (lambda env: env.flag("X", True), "", True),
        (lambda env: env.strings("X", ["a"]), " , ", ["a"]),
        (lambda env: env.strings("X", ["a"]), "b, c,", ["b", "c"]),
        (lambda env: env.host("X"), "[::1]", "::1"),
        (lambda env: env.host("X"), "localhost", "localhost"),
        (lambda env: env.networks("X", "127.0.0.1"), "10.0.0.0/8, ::1", ["10.0.0.0/8", "::1"]),
        (lambda env: env.networks("X", "127.0.0.1"), "*", ["*"]),
        (lambda env: env.path("X", Path("/srv")), "data", PROJECT / "data"),
    ],
)
def test_a_value_is_read_by_its_kind(read, value, expected):
    assert read(Environment({"X": value})) == expected


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda env: env.number("X", 2, minimum=1), "0"),
        (lambda env: env.number("X", 2), "-1"),
        (lambda env: env.number("X", 2), "٣"),
        (lambda env: env.number("X", 2), "9" * 5000),
        (lambda env: env.flag("X", True), "ture"),
        (lambda env: env.port("X", 8000), "65536"),
        (lambda env: env.host("X"), "300.1.1.1"),
        (lambda env: env.host("X"), "127.0.0.1:8000"),
        (lambda env: env.host("X"), "a" * 300),
        (lambda env: env.networks("X", "127.0.0.1"), "10.0.0.0/8;::1"),
        (lambda env: env.time_zone("X", "UTC"), "Mars/Olympus"),
        (lambda env: env.time_zone("X", "UTC"), "Europe"),
        (lambda env: env.time_zone("X", "UTC"), "../UTC"),
        (lambda env: env.time_zone("X", "UTC"), "+02:00"),
        (lambda env: env.time_zone("X", "UTC"), "Köln" * 200),
    ],
)
def test_a_wrong_value_is_refused_with_its_name(read, value):
    with pytest.raises(ConfigurationError, match=r"\AX\b"):
        read(Environment({"X": value}))


def test_a_password_that_breaks_an_address_is_refused_with_the_way_to_write_it():
    password = "p@ss:w/rd#%1"
    for name, start, parse in (
        ("REDIS_URL", "redis://:", redis),
        ("DATABASE_URL", "postgres://a:", database),
    ):
        with pytest.raises(ConfigurationError, match="percent-encoded") as refused:
            Environment({name: f"{start}{password}@host/1"}).parsed(name, parse, "", example="that")
        assert "w/rd" not in str(refused.value)

    encoded = quote(password, safe="")
    assert database(f"postgres://a:{encoded}@host/1")["PASSWORD"] == password
    assert parse_url(redis(f"redis://:{encoded}@host/1"))["password"] == password


@pytest.mark.parametrize(
    ("host", "own", "seen"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000", "http://localhost:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000", "http://localhost:8000"),  # noqa: S104 - read, not bound
        ("::", "http://127.0.0.1:8000", "http://localhost:8000"),
        ("[::1]", "http://[::1]:8000", "http://[::1]:8000"),
        ("127.0.0.2", "http://127.0.0.2:8000", "http://127.0.0.2:8000"),
    ],
)
def test_the_launcher_asks_where_the_site_listens(host, own, seen):
    given = read_configuration({"ENVIRONMENT_FILE": "", "HOST": host})
    assert given.own_address == own
    assert given.address == seen
    assert local_url(given.host, 8000) == own
    # Whoever reaches the stand-in can pay for everything: a wider site does not widen it.
    assert given.standin_host == "127.0.0.1"
    assert given.standin_address == "http://localhost:8021"


def test_what_an_earlier_version_left_readable_is_taken_from_everybody_else(tmp_path):
    folders, files = ("mail", "broker", "cache", "log"), ("db.sqlite3", "db.sqlite3-wal", "beat-schedule.db")
    for name in (*folders, "media", "static"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o755)
    for name in (*files, "of-somebody-else"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
    keep_private(tmp_path)
    assert {name: mode(tmp_path / name) for name in folders} == dict.fromkeys(folders, 0o700)
    assert {name: mode(tmp_path / name) for name in files} == dict.fromkeys(files, 0o600)
    assert mode(tmp_path / "media") == 0o750
    assert mode(tmp_path / "static") == 0o755
    assert mode(tmp_path / "of-somebody-else") == 0o644

    keep_private(tmp_path / "new" / "var")
    assert mode(tmp_path / "new" / "var") == 0o711


def test_uploads_are_for_the_account_and_its_group_and_static_files_for_every_web_server(tmp_path, settings):
    settings.MEDIA_ROOT, settings.STATIC_ROOT = tmp_path / "media", tmp_path / "static"
    had = os.umask(0o077)
    try:
        default_storage.save("pictures/one.txt", ContentFile("one"))
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["wagtail*", "django*"])
    finally:
        os.umask(had)
    uploads, static = (list((tmp_path / name).rglob("*")) for name in ("media", "static"))
    assert {mode(path) for path in uploads} == {0o640, 0o750}
    assert len(static) > 10
    assert {mode(path) for path in [tmp_path / "static", *static]} == {0o644, 0o755}


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_every_process_starts_from_the_same_file(tmp_path):
    """Each with nothing of its own but the file's place: what it says and where it listens stands there."""
    port = free_port()
    said: dict[str, list[str]] = {}
    environment = {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"}
    environment |= written(
        tmp_path,
        "\ufeffDJANGO_SETTINGS_MODULE=tools.torture.settings\r\n"
        f"VAR_DIR='{tmp_path / 'var'}'\r\nHOST=127.0.0.2\r\nPORT={port}\r\nSTANDIN_PORT={free_port()}\r\n"
        "WEB_CONCURRENCY=1\r\nWEB_THREADS=1\r\nSHIPPING_COUNTRIES=IE # only\r\nACCESS_LOG=-\r\n"
        "TIME_ZONE=Pacific/Auckland\r\n",
    )
    commands = {
        "manage.py": ["manage.py", "shell", "--no-imports", "-c",
                      "from django.conf import settings; from cms.celery import app; "
                      "print(settings.SHIPPING_COUNTRIES, settings.TIME_ZONE, app.timezone)"],
        "worker": ["-m", "celery", "-A", "cms", "worker", "--concurrency", "1", "--loglevel", "INFO"],
        "beat": ["-m", "celery", "-A", "cms", "beat", "--pidfile", "", "--loglevel", "INFO"],
        "stand-in": ["-m", "tools.stripe_standin"],
        "web": ["-m", "gunicorn", "--config", "gunicorn.conf.py", "cms.wsgi"],
    }  # fmt: skip
    children = [
        Child(
            name,
            [sys.executable, *command],
            environment=environment,
            directory=PROJECT,
            report=lambda name, line: said.setdefault(name, []).append(line),
        )
        for name, command in commands.items()
    ]
    try:
        started = f"tools.torture.settings, configured by the environment and {tmp_path / 'checkup.env'}"
        for name in commands:
            wait_until(lambda name=name: any(started in line for line in said.get(name, [])), what=name)
        wait_until(
            lambda: "['IE'] Pacific/Auckland Pacific/Auckland" in said["manage.py"],
            what="the file's countries",
        )
        wait_until(lambda: answers(f"http://127.0.0.2:{port}/healthz"), what="the web process")
        check = subprocess.run(
            [sys.executable, "-m", "tools.healthcheck", "/healthz"], env=environment, cwd=PROJECT, check=False
        )
        assert check.returncode == 0
        wait_until(lambda: any("GET /healthz" in line for line in said["web"]), what="the access log")
        # Everything that they have written meanwhile is for their account alone.
        written_files = [path for path in (tmp_path / "var").rglob("*") if path.is_file()]
        assert {path.name for path in written_files} >= {"db.sqlite3"}
        assert {path.name: mode(path) for path in written_files if mode(path) & 0o077} == {}
    finally:
        stop(children)


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=5).ok
    except requests.ConnectionError:
        return False


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "check"],
        ["-m", "celery", "-A", "cms", "worker"],
        ["-m", "gunicorn", "--config", "gunicorn.conf.py", "cms.wsgi"],
        ["-m", "tools.launch", "--no-install"],
        ["-m", "tools.stripe_standin"],
        ["-m", "tools.healthcheck", "/healthz"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_a_missing_file_ends_each_process_with_one_plain_line(command):
    done = subprocess.run(
        [sys.executable, *command],
        env={"PATH": os.environ["PATH"], "ENVIRONMENT_FILE": "/nowhere.env"},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr == "ENVIRONMENT_FILE /nowhere.env does not exist.\n"
