from django.urls import path

from radrate.studies import rubric_views as views

urlpatterns = [
    path("", views.rubric_list, name="rubric_list"),
    path("new/", views.rubric_new, name="rubric_new"),
    path("import/", views.rubric_import, name="rubric_import"),
    path("preview", views.rubric_preview, name="rubric_preview"),
    path("<int:rubric_id>/", views.rubric_detail, name="rubric_detail"),
    path("<int:rubric_id>/edit/", views.rubric_edit, name="rubric_edit"),
    path("<int:rubric_id>/copy", views.rubric_copy, name="rubric_copy"),
    path("<int:rubric_id>/delete", views.rubric_delete, name="rubric_delete"),
    path("<int:rubric_id>/rubric.json", views.rubric_export, name="rubric_export"),
]
