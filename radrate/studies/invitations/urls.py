from django.urls import path

from radrate.studies.invitations import views

urlpatterns = [path("<str:token>/", views.invitation, name="invitation")]
