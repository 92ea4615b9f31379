from django.urls import path

from radrate.accounts import views

urlpatterns = [
    path("tokens/", views.token_list, name="token_list"),
    path("tokens/revoke/", views.token_revoke, name="token_revoke"),
]
