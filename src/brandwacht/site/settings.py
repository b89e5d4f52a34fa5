"""Settings, from the environment; see docs/operator.md for every variable.

``BRANDWACHT_DATA`` is the one folder that holds everything that changes: database, keys, mail, exports.
"""

import logging
import os
import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent.parent


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, str(int(default))).lower() in {"1", "true", "yes", "ja"}


DATA = Path(os.environ.get("BRANDWACHT_DATA", "var")).resolve()
DATA.mkdir(mode=0o700, parents=True, exist_ok=True)


def _secret_key() -> str:
    """The key from the environment, or one made on first use and kept in the data folder, readable by its owner."""
    if given := os.environ.get("BRANDWACHT_SECRET_KEY"):
        return given
    path = DATA / "secret-key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()


SECRET_KEY = _secret_key()
DEBUG = _flag("BRANDWACHT_DEBUG", False)
LOG_REQUESTS = _flag("BRANDWACHT_LOG_REQUESTS", False)
KERNELS = DATA / "kernels" if _flag("BRANDWACHT_KERNELS", True) else None
DEMO = _flag("BRANDWACHT_DEMO", False)
HTTPS = _flag("BRANDWACHT_HTTPS", not (DEBUG or DEMO))
BEHIND_PROXY = _flag("BRANDWACHT_BEHIND_PROXY", False)
ALLOWED_HOSTS = os.environ.get("BRANDWACHT_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("BRANDWACHT_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "brandwacht.site",
    "brandwacht.network",
    "brandwacht.riskmap",
    "brandwacht.baseline",
    "brandwacht.sharing",
    "brandwacht.soc",
    "brandwacht.cert",
    "brandwacht.governance",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "brandwacht.site.middleware.NotKept",
    "brandwacht.site.middleware.RequestLogMiddleware",
    "brandwacht.site.middleware.SmallEnough",
    "brandwacht.site.api.headers.ApiHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "brandwacht.site.middleware.PagesNeedLogin",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "brandwacht.site.middleware.ActorMiddleware",
]

ROOT_URLCONF = "brandwacht.site.urls"
WSGI_APPLICATION = "brandwacht.site.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "DIRS": [],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "brandwacht.site.context.frame",
            ],
            "loaders": [
                ("django.template.loaders.cached.Loader", ["django.template.loaders.app_directories.Loader"]),
            ],
            "builtins": ["django.templatetags.i18n", "brandwacht.site.templatetags.bw"],
            "string_if_invalid": "",
        },
    }
]


def _database() -> dict[str, Any]:
    url = os.environ.get("BRANDWACHT_DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "brandwacht.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;"
                    "PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
                ),
            },
            "CONN_MAX_AGE": None,
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database()}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10000}}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- who may log in -----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "network.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "brandwacht.site.passwords.NotAboutYou",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "brandwacht.site.passwords.LongEnough", "OPTIONS": {"min_length": 14}},
    {"NAME": "brandwacht.site.passwords.NotCommon"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "brandwacht.site.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/5m/key"}  # key: the mail address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Brandwacht: "
ACCOUNT_FORMS = {
    "change_password": "brandwacht.site.account_forms.ChangePassword",
    "reset_password_from_key": "brandwacht.site.account_forms.ChoosePassword",
    "set_password": "brandwacht.site.account_forms.FirstPassword",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)  # whose address the limits count
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator typed the address; nobody signs up by mail
MFA_TOTP_ISSUER = "Brandwacht"
MFA_ADAPTER = "brandwacht.site.accounts.MfaAdapter"
MFA_FORMS = {
    "activate_totp": "brandwacht.site.account_forms.LinkApp",
    "add_webauthn": "brandwacht.site.account_forms.AddKey",
    "authenticate_webauthn": "brandwacht.site.account_forms.KeyAsSecond",
    "edit_webauthn": "brandwacht.site.account_forms.NameKey",
    "login_webauthn": "brandwacht.site.account_forms.LogInWithKey",
    "reauthenticate_webauthn": "brandwacht.site.account_forms.KeyAgain",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO
REQUIRE_MFA = _flag("BRANDWACHT_REQUIRE_MFA", not DEMO)
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_ADAPTER = "brandwacht.site.accounts.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that ends at another site would need a hole in form-action below
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": os.environ.get("BRANDWACHT_OIDC_NAME", "Eigen organisatie"),
                "client_id": os.environ["BRANDWACHT_OIDC_CLIENT_ID"],
                "secret": os.environ.get("BRANDWACHT_OIDC_SECRET", ""),
                "settings": {"server_url": os.environ["BRANDWACHT_OIDC_URL"], "oauth_pkce_enabled": True},
            }
        ]
        if "BRANDWACHT_OIDC_URL" in os.environ
        else [],
    }
}

SESSION_COOKIE_AGE = 10 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "brandwacht.site.pages.csrf_failure"

# --- headers ------------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- language and time --------------------------------------------------------------------------------------------

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Nederlands"))]
LOCALE_PATHS = [PACKAGE / "site" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
USE_THOUSAND_SEPARATOR = True

# --- files, mail, logs --------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
EVENTS_DAYS = int(os.environ.get("BRANDWACHT_EVENTS_DAYS", "400"))
"""Days that events are kept where an organisation chose no term of its own."""
OUTGOING_INTERNAL = frozenset(filter(None, os.environ.get("BRANDWACHT_OUTGOING_INTERNAL", "").split(",")))
"""Hosts inside our own network that may be called all the same (``network.outgoing``)."""
MAX_BODY = 51 * 1024 * 1024
"""Bytes of one request: the largest file that a page takes (a log of 50 MB) with its form around it."""

SPOOL_LIMIT = int(os.environ.get("BRANDWACHT_SPOOL_LIMIT_MB", "4096")) * 1024 * 1024
"""Bytes of received logs of one source that may wait, or be kept after processing; beyond it the source must wait."""
WARNING_LISTS = os.environ.get("BRANDWACHT_WARNING_LISTS", "")
"""A folder with warning lists in MISP's form, instead of those that came with the package."""
DISK_RESERVE = int(os.environ.get("BRANDWACHT_DISK_RESERVE_MB", "1024")) * 1024 * 1024
"""Bytes of the disk that received logs leave free, so that the rest of Brandwacht goes on."""

if os.environ.get("BRANDWACHT_SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["BRANDWACHT_SMTP_HOST"]
    _SECURITY = os.environ.get("BRANDWACHT_SMTP_SECURITY", "starttls")
    if _SECURITY not in {"starttls", "tls", "geen"}:
        raise ImproperlyConfigured("BRANDWACHT_SMTP_SECURITY is starttls, tls of geen.")
    EMAIL_USE_TLS, EMAIL_USE_SSL = _SECURITY == "starttls", _SECURITY == "tls"
    EMAIL_PORT = int(os.environ.get("BRANDWACHT_SMTP_PORT", "465" if EMAIL_USE_SSL else "587"))
    EMAIL_TIMEOUT = 30  # seconds; a server that hangs must not hold the worker
    EMAIL_HOST_USER = os.environ.get("BRANDWACHT_SMTP_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("BRANDWACHT_SMTP_PASSWORD", "")
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("BRANDWACHT_MAIL_FROM", "Brandwacht <brandwacht@localhost>")
SECURITY_CONTACT = os.environ.get("BRANDWACHT_SECURITY_CONTACT", "security@brandwacht.example")
SITE_URL = os.environ.get("BRANDWACHT_URL", "http://127.0.0.1:8000").rstrip("/")
CSAF_CIRCLE = os.environ.get("BRANDWACHT_CSAF_CIRCLE", "VR-ISAC")  # whose advisories stand at /.well-known/csaf/

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ],
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if LOG_REQUESTS else logging.WARNING),
    logger_factory=structlog.PrintLoggerFactory(sys.stderr),
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
