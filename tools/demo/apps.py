from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "tools.demo"

    def ready(self) -> None:
        from tools.demo import checks  # noqa: F401 - registers them; models are there only now
