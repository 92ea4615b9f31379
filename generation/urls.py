from django.urls import path

from generation import archive_views, mask_views, record_views, views

urlpatterns = [
    path("", views.campaign_list, name="campaign_list"),
    path("fragments/home", views.campaign_home_fragment, name="campaign_home_fragment"),
    path("new/", views.campaign_presets, name="campaign_new"),
    path("new/form/", views.campaign_form, name="campaign_form"),
    path("new/preview/", views.campaign_preview, name="campaign_preview"),
    path("new/picture/<uuid:radiograph_id>", views.target_picture, name="target_picture"),
    path("new/radiographs/", mask_views.source_picker, name="source_picker"),
    path("new/margins/<uuid:radiograph_id>/", mask_views.source_margins, name="source_margins"),
    path("masks/new/<uuid:radiograph_id>/", mask_views.mask_editor, name="mask_editor"),
    path(
        "masks/new/<uuid:radiograph_id>/by-chance",
        mask_views.mask_by_chance,
        name="mask_by_chance",
    ),
    path("archive/", archive_views.archive_import, name="archive_import"),
    path("archive/<uuid:batch_id>/", archive_views.campaign_of_batch, name="campaign_of_batch"),
    path("backends/", views.backend_list, name="backend_list"),
    path("backends/<str:alias>/health", views.backend_health, name="backend_health"),
    path("jobs/<uuid:job_id>/source.png", views.job_picture, name="job_picture"),
    path("<uuid:campaign_id>/", views.campaign_detail, name="campaign_detail"),
    path("<uuid:campaign_id>/fragment/", views.campaign_fragment, name="campaign_fragment"),
    path("<uuid:campaign_id>/ledger/", record_views.campaign_ledger, name="campaign_ledger"),
    path(
        "<uuid:campaign_id>/ledger.csv",
        record_views.campaign_ledger_csv,
        name="campaign_ledger_csv",
    ),
    path("<uuid:campaign_id>/figures/", record_views.campaign_figures, name="campaign_figures"),
    path(
        "<uuid:campaign_id>/figures/<int:number>.png",
        record_views.campaign_sheet,
        name="campaign_sheet",
    ),
    path(
        "<uuid:campaign_id>/figures.pdf",
        record_views.campaign_figures_pdf,
        name="campaign_figures_pdf",
    ),
    path("<uuid:campaign_id>/archive/", archive_views.archive_report, name="archive_report"),
    path("<uuid:campaign_id>/budget/", views.campaign_budget, name="campaign_budget"),
    path("<uuid:campaign_id>/<slug:action>/", views.campaign_action, name="campaign_action"),
]
