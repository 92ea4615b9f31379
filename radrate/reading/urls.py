from django.urls import path

from radrate.reading import views

urlpatterns = [
    path("", views.reading_list, name="reading_list"),
    path("case/<str:token>/", views.reading_case, name="reading_case"),
    path("case/<str:token>/save", views.reading_save, name="reading_save"),
    path("<str:token>/", views.reading_start, name="reading_start"),
    path("<str:token>/block/<int:number>/", views.reading_block, name="reading_block"),
    path(
        "<str:token>/block/<int:number>/submit",
        views.reading_submit_block,
        name="reading_submit_block",
    ),
    path("<str:token>/done/", views.reading_done, name="reading_done"),
]
