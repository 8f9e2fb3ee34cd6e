from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
    label = "demo"

    def ready(self) -> None:
        from demo import checks  # noqa: F401 - registers them; models are there only now
