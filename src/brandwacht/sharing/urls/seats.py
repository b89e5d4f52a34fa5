"""The addresses of the circle itself."""

from django.urls import path

from brandwacht.sharing.views import seats

SEATS = [
    path("/kring", seats.circle, name="circle"),
    path("/kring/spelregels", seats.guideline, name="guideline"),
    path("/kring/spelregels/nieuw", seats.new_guideline, name="guideline-new"),
    path("/kring/zetel/<uuid:public_id>/einde", seats.end_seat, name="seat-end"),
    path("/kring/overleg/nieuw", seats.new_meeting, name="meeting-new"),
    path("/kring/overleg/<uuid:public_id>", seats.meeting, name="meeting"),
    path("/kring/overleg/<uuid:public_id>/wijzig", seats.edit_meeting, name="meeting-edit"),
]
