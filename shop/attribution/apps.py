from django.apps import AppConfig


class AttributionConfig(AppConfig):
    name = "shop.attribution"
