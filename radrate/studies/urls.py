from django.urls import path

from radrate.studies import machine_views, views

urlpatterns = [
    path("", views.study_list, name="study_list"),
    path("new/", views.study_new, name="study_new"),
    path("fragments/home", views.home_fragment, name="study_home_fragment"),
    path("fragments/showing/<uuid:radiograph_id>", views.studies_showing, name="studies_showing"),
    path("<uuid:study_id>/", views.study_detail, name="study_detail"),
    path("<uuid:study_id>/machines/", machine_views.study_machines, name="study_machines"),
    path(
        "<uuid:study_id>/machines/<int:reader_id>",
        machine_views.machine_token,
        name="machine_token",
    ),
    path("<uuid:study_id>/step", views.study_step, name="study_step"),
    path("<uuid:study_id>/unblind", views.study_unblind, name="study_unblind"),
    path("<uuid:study_id>/readers", views.reader_add, name="reader_add"),
    path(
        "<uuid:study_id>/readers/<int:reader_id>/remove", views.reader_remove, name="reader_remove"
    ),
]
