"""The addresses of reviews."""

from django.urls import path

from brandwacht.baseline.views import review_items, review_steps, reviews

REVIEWS = [
    path("/toetsing", reviews.listing, name="reviews"),
    path("/toetsing/nieuw", reviews.new, name="review-new"),
    path("/toetsing/vastleggen", reviews.proof, name="proof-new"),
    path("/toetsing/<uuid:public_id>", reviews.detail, name="review"),
    path("/toetsing/<uuid:public_id>/verslag", reviews.report, name="review-report"),
    path("/toetsing/<uuid:public_id>/oordelen.csv", reviews.export, name="review-csv"),
    path("/toetsing/<uuid:public_id>/steekproef", review_steps.sample, name="review-sample"),
    path("/toetsing/<uuid:public_id>/antwoord", review_steps.reply, name="review-reply"),
    path("/toetsing/<uuid:public_id>/open", review_steps.open_dossier, name="review-open"),
    path("/toetsing/<uuid:public_id>/verlengen", review_steps.prolong, name="review-prolong"),
    path("/toetsing/<uuid:public_id>/oordeel", review_steps.conclude, name="review-conclude"),
    path("/toetsing/<uuid:public_id>/afsluiten", review_steps.close, name="review-close"),
    path("/toetsing/<uuid:public_id>/maatregelen", review_steps.measures, name="review-measures"),
    path("/toetsing/<uuid:public_id>/vraag/<str:number>", review_items.item, name="review-item"),
    path("/toetsing/<uuid:public_id>/vraag/<str:number>/punt", review_items.point, name="review-point"),
    path("/toetsing/<uuid:public_id>/vraag/<str:number>/bericht", review_items.talk, name="review-talk"),
    path("/toetsing/<uuid:public_id>/vraag/<str:number>/bijwerken", review_items.renew, name="review-renew"),
    path("/toetsing/<uuid:public_id>/punt/<uuid:point_id>/weg", review_items.drop, name="review-point-drop"),
    path("/toetsing/<uuid:public_id>/bewijs/<uuid:evidence_id>", review_items.document, name="review-document"),
]
