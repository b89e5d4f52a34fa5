"""The WSGI application that the web process serves."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brandwacht.site.settings")

application = get_wsgi_application()

from brandwacht.riskmap.reckoning.kernels import follow  # noqa: E402 - after Django is set up
from brandwacht.site.process import settle  # noqa: E402

settle()
Thread(target=follow, name="kernels", daemon=True).start()
