from django.urls import path

from radrate.images import batch_views, pictures, views

urlpatterns = [
    path("", views.image_library, name="image_library"),
    path("review/", views.image_review, name="image_review"),
    path("fragments/home", views.image_home_fragment, name="image_home_fragment"),
    path("import/", batch_views.image_import, name="image_import"),
    path("batches/<uuid:pk>/", batch_views.image_batch, name="image_batch"),
    path("batches/<uuid:pk>/progress", batch_views.image_progress, name="image_batch_progress"),
    path("batches/<uuid:pk>/cancel", batch_views.image_cancel, name="image_batch_cancel"),
    path("batches/<uuid:pk>/resume", batch_views.image_resume, name="image_batch_resume"),
    path("<uuid:pk>/", views.image_detail, name="image_detail"),
    path("<uuid:pk>/exclude", views.image_exclude, name="image_exclude"),
    path("<uuid:pk>/thumbnail", pictures.image_thumbnail, name="image_thumbnail"),
    path("<uuid:pk>/preview.png", pictures.image_preview, name="image_preview"),
    path("<uuid:pk>/pixels.png", pictures.image_pixels, name="image_pixels"),
]
