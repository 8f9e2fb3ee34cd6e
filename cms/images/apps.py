from django.apps import AppConfig


class ImagesConfig(AppConfig):
    name = "cms.images"

    def ready(self) -> None:
        from cms.images import avif, renditions, uploads

        avif.register()
        renditions.connect()
        uploads.register()
