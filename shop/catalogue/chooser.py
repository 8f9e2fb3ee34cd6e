from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.chooser import ChooserViewSet


class PackageChooserViewSet(ChooserViewSet):
    model = "catalogue.Package"
    icon = "package"
    choose_one_text = _("Choose a package")
    choose_another_text = _("Choose another package")
    edit_item_text = _("Edit this package")


package_chooser_viewset = PackageChooserViewSet("package_chooser")
PackageChooserBlock = package_chooser_viewset.get_block_class(
    name="PackageChooserBlock", module_path="shop.catalogue.chooser"
)
