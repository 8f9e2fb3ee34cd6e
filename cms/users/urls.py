"""Every address that asks for a password, before Wagtail's own views, which keep the addresses' names."""

from django.urls import path

from cms.users import views

urlpatterns = [
    path("admin/login/", views.log_in),
    path("admin/password_reset/", views.reset_password),
    path("admin/account/", views.own_account),
    path("_util/login/", views.reader_log_in),
    path("_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/", views.open_page),
    path("documents/authenticate_with_password/<int:restriction_id>/", views.open_collection),
]
