from wagtail import hooks

from shop.catalogue.chooser import package_chooser_viewset
from shop.catalogue.viewsets import biomarker_chooser_viewset, catalogue_viewset_group


@hooks.register("register_admin_viewset")
def register_catalogue_viewsets():
    return [package_chooser_viewset, biomarker_chooser_viewset, catalogue_viewset_group]


@hooks.register("register_icons")
def register_catalogue_icons(icons):
    return [*icons, "catalogue/icons/package.svg", "catalogue/icons/biomarker.svg"]
