from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "shop.cases"
