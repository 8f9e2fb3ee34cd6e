import copy

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.blocks import ChooserBlock


class PackageBlock(ChooserBlock):
    """Brings each chosen package with its page, so that a body full of offers costs one query."""

    def bulk_to_python(self, values):
        packages = self.model_class.objects.for_display().in_bulk(values)
        return [copy.copy(packages.get(value)) for value in values]


class PackageChooserViewSet(ChooserViewSet):
    model = "catalogue.Package"
    icon = "package"
    choose_one_text = _("Choose a package")
    choose_another_text = _("Choose another package")
    edit_item_text = _("Edit this package")
    base_block_class = PackageBlock


package_chooser_viewset = PackageChooserViewSet("package_chooser")
PackageChooserBlock = package_chooser_viewset.get_block_class(
    name="PackageChooserBlock", module_path="shop.catalogue.chooser"
)
