from wagtail import hooks

from shop.catalogue.chooser import package_chooser_viewset


@hooks.register("register_admin_viewset")
def register_package_chooser():
    return package_chooser_viewset
