"""Addresses of the reports: the auditor’s, and those that the region’s own people ask for."""

from django.urls import URLPattern, URLResolver, path

from backoffice.views.auditor import asking, report_lines, report_list, report_rows, reports

urlpatterns: list[URLPattern | URLResolver] = [
    path("", report_list.listing, name="reports"),
    path("nouveau/", asking.choose, name="audit-report-new"),
    path("nouveau/<slug:key>/", asking.ask, name="audit-report-ask"),
    path("modeles/<int:pk>/supprimer/", asking.forget, name="audit-template-delete"),
    path("<int:pk>/lignes/", report_rows.rows, name="audit-report-rows"),
    path("<int:pk>/comparer/", reports.compare, name="audit-compare"),
    path("<int:pk>/", reports.report, name="audit-report"),
    path("<int:pk>/paiements/", report_lines.lines, name="audit-report-lines"),
    path("<int:pk>/classeur/", reports.workbook, name="audit-workbook"),
    path("<int:pk>/envoyer/", reports.send, name="audit-report-send"),
    path("<int:pk>/refaire/", reports.rebuild, name="audit-rebuild"),
]
