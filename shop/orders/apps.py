from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "shop.orders"

    def ready(self) -> None:
        from shop.orders import (
            readiness,  # noqa: F401 - importing registers its checks
            search,  # models are there only now
        )

        search.connect()
