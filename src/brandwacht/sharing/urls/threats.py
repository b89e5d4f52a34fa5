"""The addresses of threat reports, questions and pseudonyms."""

from django.urls import path

from brandwacht.sharing.views import pseudonyms, questions, threats

THREATS = [
    path("/dreigingen", threats.listing, name="threats"),
    path("/dreigingen/suggesties", threats.suggest, name="threat-suggest"),
    path("/dreigingen/nieuw", threats.new, name="threat-new"),
    path("/dreigingen/<uuid:public_id>", threats.detail, name="threat"),
    path("/dreigingen/<uuid:public_id>/wijzig", threats.edit, name="threat-edit"),
    path("/dreigingen/<uuid:public_id>/deel", threats.share, name="threat-share"),
    path("/dreigingen/<uuid:public_id>/intrekken", threats.withdraw, name="threat-withdraw"),
    path("/dreigingen/<uuid:public_id>/gezien", threats.sight, name="threat-sight"),
    path("/dreigingen/<uuid:public_id>/stix", threats.as_stix, name="threat-stix"),
    path("/vragen", questions.listing, name="questions"),
    path("/vragen/nieuw", questions.new, name="question-new"),
    path("/vragen/<uuid:public_id>", questions.detail, name="question"),
    path("/vragen/<uuid:public_id>/antwoord", questions.answer, name="question-answer"),
    path("/vragen/<uuid:public_id>/sluit", questions.close, name="question-close"),
    path("/kring/pseudoniemen", pseudonyms.overview, name="pseudonyms"),
    path("/kring/pseudoniemen/sleutel/<uuid:public_id>", pseudonyms.make_key, name="custodian-key"),
    path("/kring/pseudoniemen/<uuid:public_id>/vraag", pseudonyms.ask, name="pseudonym-ask"),
    path("/kring/pseudoniemen/open/<uuid:public_id>", pseudonyms.finish, name="pseudonym-open"),
]
