from django.urls import path

from radrate.studies import design_views, example_views, machine_views, terms_views, views
from radrate.studies.invitations import views as invitations

urlpatterns = [
    path("", views.study_list, name="study_list"),
    path("new/", design_views.study_new, name="study_new"),
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
    path("<uuid:study_id>/settings/", design_views.study_settings, name="study_settings"),
    path("<uuid:study_id>/copy/", design_views.study_copy, name="study_copy"),
    path("<uuid:study_id>/phases/new/", design_views.phase_add, name="phase_add"),
    path("<uuid:study_id>/phases/<int:phase_id>/", design_views.phase_edit, name="phase_edit"),
    path("<uuid:study_id>/phases/<int:phase_id>/step", design_views.phase_step, name="phase_step"),
    path(
        "<uuid:study_id>/phases/<int:phase_id>/preview/",
        design_views.phase_preview,
        name="phase_preview",
    ),
    path(
        "<uuid:study_id>/phases/<int:phase_id>/examples",
        example_views.examples_choose,
        name="examples_choose",
    ),
    path(
        "<uuid:study_id>/cases/<int:case_id>/<slug:verb>",
        example_views.example_step,
        name="example_step",
    ),
    path(
        "<uuid:study_id>/phases/<int:phase_id>/catch-trials",
        example_views.catch_trials,
        name="catch_trials",
    ),
    path("<uuid:study_id>/unblind", views.study_unblind, name="study_unblind"),
    path("<uuid:study_id>/readers/terms/", terms_views.study_terms, name="study_terms"),
    path("<uuid:study_id>/readers/invite/", invitations.study_invite, name="study_invite"),
    path(
        "<uuid:study_id>/readers/invite/<int:invitation_id>",
        invitations.invitation_step,
        name="invitation_step",
    ),
    path("<uuid:study_id>/readers", views.reader_add, name="reader_add"),
    path(
        "<uuid:study_id>/readers/<int:reader_id>/remove", views.reader_remove, name="reader_remove"
    ),
]
