from django.apps import AppConfig


class ImagesConfig(AppConfig):
    name = "cms.images"

    def ready(self) -> None:
        from cms.images import avif, tasks, uploads

        avif.register()
        tasks.connect()
        uploads.register()
