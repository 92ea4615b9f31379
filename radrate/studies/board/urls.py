from django.urls import path

from radrate.studies.board import views

urlpatterns = [
    path("", views.study_board, name="study_board"),
    path("remind", views.board_remind, name="board_remind"),
    path("end", views.board_plan_end, name="board_plan_end"),
    path("problems/<uuid:report_id>", views.board_handle, name="board_handle"),
]
