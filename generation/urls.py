from django.urls import path

from generation import views

urlpatterns = [
    path("", views.campaign_list, name="campaign_list"),
    path("fragments/home", views.campaign_home_fragment, name="campaign_home_fragment"),
    path("new/", views.campaign_presets, name="campaign_new"),
    path("new/form/", views.campaign_form, name="campaign_form"),
    path("new/count/", views.campaign_count, name="campaign_count"),
    path("<uuid:campaign_id>/", views.campaign_detail, name="campaign_detail"),
    path("<uuid:campaign_id>/fragment/", views.campaign_fragment, name="campaign_fragment"),
    path("<uuid:campaign_id>/<slug:action>/", views.campaign_action, name="campaign_action"),
]
