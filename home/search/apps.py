from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "home.search"

    def ready(self) -> None:
        from home.search.index import connect_question_index

        connect_question_index()
