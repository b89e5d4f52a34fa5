"""Settings for the tests: the site's own, in a data folder of their own, made fast.

`BRANDWACHT_TEST_DATABASE` chooses the leg. `sqlite` (default) uses a database file, not memory: the same WAL and the
same locks as in production, and the live server and its threads open it as a worker process would. `postgres` uses
`BRANDWACHT_DATABASE_URL`; `tools/testlegs.py` starts a private server and sets both.
"""

# ruff: noqa: F403, F405 - a settings module that builds on another one
import atexit
import os
import shutil
import tempfile
from pathlib import Path

# One folder per process: pytest workers and people who test at the same time never meet.
_folder = Path(tempfile.mkdtemp(prefix="brandwacht-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
_postgres = os.environ.get("BRANDWACHT_TEST_DATABASE", "sqlite") == "postgres"
if _postgres and not os.environ.get("BRANDWACHT_DATABASE_URL"):
    raise SystemExit("BRANDWACHT_TEST_DATABASE=postgres needs BRANDWACHT_DATABASE_URL; see tools/testlegs.py")

for _name in [name for name in os.environ if name.startswith(("BRANDWACHT_OIDC_", "BRANDWACHT_SMTP_"))]:
    del os.environ[_name]
if not _postgres:
    os.environ.pop("BRANDWACHT_DATABASE_URL", None)
os.environ |= {
    "BRANDWACHT_DATA": str(_folder),
    "BRANDWACHT_SECRET_KEY": "for tests only, never in use",
    "BRANDWACHT_DEBUG": "0",
    "BRANDWACHT_DEMO": "0",
    "BRANDWACHT_KERNELS": "0",  # tests that want the compiled kernel ask for it
    "BRANDWACHT_HTTPS": "0",  # the live server speaks plain HTTP
    "BRANDWACHT_OUTGOING_INTERNAL": "127.0.0.1,localhost,::1",  # small servers of the tests themselves
    "BRANDWACHT_REQUIRE_MFA": "0",  # tests of the second factor turn it on with the `settings` fixture
}

from brandwacht.site.settings import *  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if not _postgres:
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"

WARNING_LISTS = Path(__file__).parent / "sharing" / "lists"  # two small ones: the real ones hold millions
