from django.urls import path

from radrate.reading import certificate_views

urlpatterns = [path("", certificate_views.certificate_check, name="certificate_check")]
