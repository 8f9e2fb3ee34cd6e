"""The throw-away servers themselves: a fixture that lies would make every test above it lie."""

import smtplib
from email.message import EmailMessage

import psycopg
import pytest
import redis
from django.db import connection

from tests import services
from tests.live_site import WorkerProcess


def test_postgresql_takes_queries_and_is_gone_afterwards() -> None:
    services.require_program("initdb", package="postgresql")
    with services.postgresql_server() as url, psycopg.connect(url) as client:
        assert client.execute("select 1").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=1)


def test_redis_answers(redis_url: str) -> None:
    assert redis.Redis.from_url(redis_url).ping()


def test_the_mail_server_takes_refuses_stops_and_comes_back(mail_server: services.MailServer) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Hello", "a@checkup.example", "b@checkup.example"

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", mail_server.port) as client:
            client.send_message(message)

    send()
    assert [received["Subject"] for received in mail_server.messages] == ["Hello"]
    mail_server.refusal = "451 Try later"
    with pytest.raises(smtplib.SMTPDataError):
        send()
    mail_server.refusal = ""
    mail_server.stop()
    with pytest.raises(OSError, match="refused"):
        send()
    mail_server.start()
    send()
    assert len(mail_server.messages) == 2


def test_a_missing_program_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUIRE_SERVICES", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install no-such-package"):
        services.require_program("no-such-program", package="no-such-package")


def test_a_missing_program_fails_where_services_are_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUIRE_SERVICES", "1")
    with pytest.raises(pytest.fail.Exception, match="apt-get install no-such-package"):
        services.require_program("no-such-program", package="no-such-package")


@pytest.mark.either_database
def test_a_worker_takes_a_task_can_be_killed_and_started_again(worker: WorkerProcess) -> None:
    from cms.core.tasks import publish_scheduled

    worker.start()
    publish_scheduled.delay()
    services.wait_until(lambda: any("succeeded" in line for line in worker.log), what="the task")
    worker.kill()
    worker.log.clear()
    worker.start()
    publish_scheduled.delay()
    services.wait_until(lambda: any("succeeded" in line for line in worker.log), what="the task")


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_second_pass_runs_on_postgresql() -> None:
    assert connection.vendor == "postgresql"
