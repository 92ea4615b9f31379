from django.urls import path

from radrate.exports import views
from radrate.exports.marks import MARKS
from radrate.exports.ratings import RATINGS
from radrate.exports.readers import READERS

urlpatterns = [
    path(
        "<uuid:study_id>/ratings.<str:suffix>",
        views.download,
        {"export": RATINGS},
        name="study_ratings",
    ),
    path(
        "<uuid:study_id>/marks.<str:suffix>", views.download, {"export": MARKS}, name="study_marks"
    ),
    path(
        "<uuid:study_id>/readers.<str:suffix>",
        views.download,
        {"export": READERS},
        name="study_readers",
    ),
    path("data-dictionary.csv", views.dictionary, name="data_dictionary"),
]
