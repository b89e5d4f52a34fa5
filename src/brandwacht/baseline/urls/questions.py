"""The addresses of questions that are put to a colleague: the CISO's side, and that of who has the link."""

from django.urls import path

from brandwacht.baseline.views import first_hour, question, questions

_ONE = "/uitgezet/<uuid:public_id>"

QUESTIONS = [
    path("/begin", first_hour.begin, name="begin"),
    path("/uitgezet", questions.listing, name="asked-list"),
    path("/uitgezet/nieuw", questions.new, name="ask"),
    path(_ONE, questions.detail, name="asked"),
    path(f"{_ONE}/herinner", questions.remind, name="asked-remind"),
    path(f"{_ONE}/intrekken", questions.withdraw, name="asked-withdraw"),
    path(f"{_ONE}/overnemen", questions.take_over, name="asked-take"),
    path(f"{_ONE}/niet-overnemen", questions.refuse, name="asked-refuse"),
    path("/uitgezet/bestand/<uuid:public_id>", questions.file, name="asked-file"),
    path("/vraag", question.fill, name="question"),
    path("/vraag/bedankt", question.thanks, name="question-thanks"),
    path("/vraag/open/<str:token>", question.open_link, name="question-open"),
]
