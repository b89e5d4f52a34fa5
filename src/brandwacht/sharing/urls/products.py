"""The addresses of the reading list, products, advice on measures, decisions of the owner and own advisories."""

from django.urls import path

from brandwacht.sharing.views import decisions, measures, own_advisories, pictures, products, reading

PRODUCTS = [
    path("", reading.listing, name="reading"),
    path("/suggesties", reading.suggest, name="suggest"),
    path("/gelezen", reading.read_all, name="read-all"),
    path("/maatregelen/<slug:key>/<uuid:public_id>", measures.advise, name="advise"),
    path("/maatregelen/<slug:key>/<uuid:public_id>/neem", measures.adopt, name="adopt"),
    path("/producten", products.listing, name="products"),
    path("/producten/nieuw", products.new, name="product-new"),
    path("/producten/dreigingsbeeld", pictures.draft, name="picture-draft"),
    path("/producten/beelden/nieuw", pictures.add, name="picture-new"),
    path("/producten/beelden/<uuid:public_id>", pictures.detail, name="picture"),
    path("/producten/beelden/<uuid:public_id>/bestand", pictures.document, name="picture-file"),
    path("/producten/adviezen/nieuw", own_advisories.new, name="own-advisory-new"),
    path("/producten/adviezen/<uuid:public_id>", own_advisories.detail, name="own-advisory"),
    path("/producten/adviezen/<uuid:public_id>/wijzig", own_advisories.edit, name="own-advisory-edit"),
    path("/producten/adviezen/<uuid:public_id>/publiceer", own_advisories.publish, name="own-advisory-publish"),
    path("/producten/adviezen/<uuid:public_id>/csaf", own_advisories.as_csaf, name="own-advisory-csaf"),
    path("/producten/<uuid:public_id>", products.detail, name="product"),
    path("/producten/<uuid:public_id>/wijzig", products.edit, name="product-edit"),
    path("/producten/<uuid:public_id>/stel-vast", products.settle, name="product-settle"),
    path("/producten/<uuid:public_id>/verzend", products.send, name="product-send"),
    path("/producten/<uuid:public_id>/nieuwe-versie", products.renew, name="product-renew"),
    path("/producten/<uuid:public_id>/verschillen", products.compare, name="product-differences"),
    path("/producten/<uuid:public_id>/pdf", products.as_pdf, name="product-pdf"),
    path("/kring/besluiten/nieuw", decisions.add, name="decision-new"),
]
