from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from radrate.api import reading, views
from radrate.reading import converters  # noqa: F401  (registers `token`)

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("reading/", reading.Readings.as_view(), name="api_readings"),
    path("reading/<token:reader>/next/", reading.Next.as_view(), name="api_reading_next"),
    path(
        "reading/<token:reader>/blocks/<int:number>/submit/",
        reading.Block.as_view(),
        name="api_block_submit",
    ),
    path("reading/cases/<token:token>/answers/", reading.Answers.as_view(), name="api_answers"),
    path(
        "reading/cases/<token:token>/images/<str:label>/", reading.Image.as_view(), name="api_image"
    ),
    path("studies/", views.StudyList.as_view(), name="api_studies"),
    path("studies/<uuid:study_id>/ratings/", views.Ratings.as_view(), name="api_ratings"),
    path("studies/<uuid:study_id>/readers/", views.Readers.as_view(), name="api_readers"),
    path("studies/<uuid:study_id>/marks/", views.Marks.as_view(), name="api_marks"),
]
