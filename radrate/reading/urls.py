from django.urls import path

from radrate.reading import converters, problems, views  # noqa: F401  (registers `token`)

urlpatterns = [
    path("", views.reading_list, name="reading_list"),
    path("case/<token:token>/", views.reading_case, name="reading_case"),
    path("case/<token:token>/save", views.reading_save, name="reading_save"),
    path("case/<token:token>/problem", problems.reading_problem, name="reading_problem"),
    path("<token:token>/", views.reading_start, name="reading_start"),
    path("<token:token>/block/<int:number>/", views.reading_block, name="reading_block"),
    path(
        "<token:token>/block/<int:number>/submit",
        views.reading_submit_block,
        name="reading_submit_block",
    ),
    path("<token:token>/done/", views.reading_done, name="reading_done"),
]
