"""Addresses of the paying side."""

from django.urls import URLPattern, URLResolver, path, re_path

from backoffice.views.payments import batches, envelopes, orders, receipts, returns, work

urlpatterns: list[URLPattern | URLResolver] = [
    path("", work.to_order, name="payments"),
    path("preparer/", work.prepare, name="payment-prepare"),
    path("resultat/", work.result, name="payment-result"),
    path("signer/", orders.sign, name="payment-sign"),
    path("contresigner/", orders.countersign, name="payment-countersign"),
    path("transmettre/", orders.send, name="payment-send"),
    path("bordereaux/", batches.batches, name="payment-batches"),
    path("bordereaux/<str:number>/", batches.batch, name="payment-batch"),
    path("retours/", returns.returns, name="payment-returns"),
    path("retours/lectures/<int:pk>/", returns.reading, name="payment-reading"),
    path("retours/lectures/<int:pk>/fichier/", returns.return_file, name="payment-return-file"),
    path("retours/<str:code>/<int:pk>/", returns.trial, name="payment-return-trial"),
    path("retours/<str:code>/<int:pk>/lire/", returns.read, name="payment-return-read"),
    path("enveloppes/", envelopes.envelopes, name="payment-envelopes"),
    path("mandats/<str:number>/", orders.order, name="payment-order"),
    path("mandats/<str:number>/<slug:name>/", orders.act, name="payment-act"),
    path("encaissements/", receipts.listing, name="receipts-first"),
    re_path(r"^encaissements/(?P<key>[a-z-]+)\.(?P<form>xlsx|csv)$", receipts.export, name="receipts-export"),
    path("encaissements/<slug:key>/", receipts.listing, name="receipts"),
    path("parts/<str:reference>/", receipts.share, name="receipt-share"),
    path("echeances/<int:pk>/", receipts.instalment, name="receipt-instalment"),
    path("titres/<str:number>/", receipts.recovery, name="receipt-recovery"),
    path("<slug:stage>/", orders.orders, name="payment-orders"),
]
