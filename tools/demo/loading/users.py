"""The four demo log-ins. Their password is public, so they exist in development only."""

from django.conf import settings
from django.contrib.auth.models import Group

from cms.users.models import User
from tools.demo.loading.once import load_once

# (user name, first name, last name, group, superuser)
LOGINS = [
    ("editor", "Edda", "Editor", "Editors", False),
    ("reviewer", "Dr Rafael", "Reviewer", "Clinical reviewers", False),
    ("staff", "Stella", "Staff", "Staff", False),
    ("administrator", "Ada", "Administrator", None, True),
]


def load_users() -> None:
    if not settings.DEMO_PASSWORD:
        return
    for login in LOGINS:
        load_once(f"user:{login[0]}", _load_user, *login)


def _load_user(username: str, first_name: str, last_name: str, group: str | None, is_superuser: bool) -> None:
    if User.objects.filter(username=username).exists():
        return
    user = User.objects.create_user(
        username,
        email=f"{username}@checkup.example",
        password=settings.DEMO_PASSWORD,
        first_name=first_name,
        last_name=last_name,
        is_superuser=is_superuser,
        is_staff=is_superuser,
    )
    if group:
        user.groups.add(Group.objects.get(name=group))
