from django.urls import path

from radrate.reading import (
    certificate_views,
    converters,  # noqa: F401  (registers `token`)
    display_views,
    entry_views,
    problems,
    views,
)

urlpatterns = [
    path("", entry_views.reading_list, name="reading_list"),
    path("me", views.reading_me, name="reading_me"),
    path("case/<token:token>/", views.reading_case, name="reading_case"),
    path("case/<token:token>/save", views.reading_save, name="reading_save"),
    path("case/<token:token>/problem", problems.reading_problem, name="reading_problem"),
    path("case/<token:token>/feedback", views.reading_feedback, name="reading_feedback"),
    path("<token:token>/", entry_views.reading_start, name="reading_start"),
    path("<token:token>/go", entry_views.reading_go, name="reading_go"),
    path("<token:token>/consent/", entry_views.reading_consent, name="reading_consent"),
    path(
        "<token:token>/instructions/<int:number>/",
        entry_views.reading_instructions,
        name="reading_instructions",
    ),
    path("<token:token>/enter", entry_views.reading_enter, name="reading_enter"),
    path("<token:token>/debrief/", certificate_views.reading_debrief, name="reading_debrief"),
    path(
        "<token:token>/certificate/",
        certificate_views.reading_certificate,
        name="reading_certificate",
    ),
    path(
        "<token:token>/certificate.pdf",
        certificate_views.reading_certificate_pdf,
        name="reading_certificate_pdf",
    ),
    path("<token:token>/leave/", entry_views.reading_leave, name="reading_leave"),
    path("<token:token>/block/<int:number>/", views.reading_block, name="reading_block"),
    path(
        "<token:token>/block/<int:number>/submit",
        views.reading_submit_block,
        name="reading_submit_block",
    ),
    path("<token:token>/display/", display_views.reading_display, name="reading_display"),
    path(
        "<token:token>/display/advice/",
        display_views.reading_display_advice,
        name="reading_display_advice",
    ),
    path("<token:token>/done/", views.reading_done, name="reading_done"),
]
