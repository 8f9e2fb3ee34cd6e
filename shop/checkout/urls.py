from django.urls import path

from shop.checkout.views import basket, details, editing, finding, order, returning

app_name = "checkout"
urlpatterns = [
    path("basket/", basket.show, name="basket"),
    path("basket/add/", basket.add, name="add"),
    path("basket/change/", editing.change, name="change"),
    path("basket/continue/", editing.go_on, name="continue"),
    path("basket/remove/", editing.remove, name="remove"),
    path("basket/empty/", editing.empty, name="empty"),
    path("basket/code/", editing.use_code, name="use_code"),
    path("basket/code/remove/", editing.remove_code, name="remove_code"),
    path("basket/count/", basket.count, name="basket_count"),
    path("checkout/", details.details, name="details"),
    path("checkout/return/", returning.returning, name="return"),
    path("orders/find/", finding.find, name="find"),
    path("orders/<str:secret>/", order.show, name="order"),
    path("orders/<str:secret>/confirm/", order.confirm, name="confirm"),
    path("orders/<str:secret>/pay/", order.pay, name="pay"),
    path("orders/<str:secret>/receipt/<str:number>.pdf", order.receipt, name="receipt"),
]
