from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from radrate.api import views

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("studies/", views.StudyList.as_view(), name="api_studies"),
    path("studies/<uuid:study_id>/ratings/", views.Ratings.as_view(), name="api_ratings"),
    path("studies/<uuid:study_id>/readers/", views.Readers.as_view(), name="api_readers"),
    path("studies/<uuid:study_id>/marks/", views.Marks.as_view(), name="api_marks"),
]
