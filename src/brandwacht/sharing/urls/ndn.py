"""The addresses of the national node."""

from django.urls import path

from brandwacht.sharing.views import ndn

NODE = [
    path("/knooppunt", ndn.overview, name="node"),
    path("/knooppunt/aansluiten", ndn.connect, name="node-connect"),
    path("/knooppunt/binnen", ndn.came_in, name="node-feed"),
    path("/knooppunt/terug", ndn.went_back, name="node-sent"),
    path("/knooppunt/bestand", ndn.take_file, name="node-file"),
    path("/knooppunt/<uuid:public_id>/afspraak", ndn.agree, name="node-agree"),
    path("/knooppunt/<uuid:public_id>/verbreek", ndn.disconnect, name="node-disconnect"),
    path("/knooppunt/kenmerk/<uuid:public_id>", ndn.decide_held, name="node-decide"),
    path("/dreigingen/<uuid:public_id>/kenmerk/<uuid:key>", ndn.judge, name="threat-judge"),
]
