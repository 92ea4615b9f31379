from django.urls import include, path
from django.views.i18n import set_language

from radrate.operations import views as operations

urlpatterns = [
    path("", operations.home, name="home"),
    path("language/", set_language, name="language"),
    path("healthz", operations.healthz, name="healthz"),
    path("accounts/", include("radrate.accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("radiographs/", include("radrate.images.urls")),
    path("campaigns/", include("generation.urls")),
    path("studies/", include("radrate.exports.urls")),
    path("studies/rubrics/", include("radrate.studies.rubric_urls")),
    path("studies/<uuid:study_id>/board/", include("radrate.studies.board.urls")),
    path("studies/", include("radrate.studies.urls")),
    path("reading/", include("radrate.reading.urls")),
    path("certificates/", include("radrate.reading.certificate_urls")),
    path("invitations/", include("radrate.studies.invitations.urls")),
    path("i/", include("radrate.reading.delivery_urls")),
    path("api/v1/", include("radrate.api.urls")),
]
