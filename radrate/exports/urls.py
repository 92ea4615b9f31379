from django.urls import path

from radrate.exports import views

urlpatterns = [
    path("<uuid:study_id>/ratings.<str:suffix>", views.ratings, name="study_ratings"),
    path("data-dictionary.csv", views.dictionary, name="data_dictionary"),
]
