"""The access matrix: who gets in where. Rows stand in one module per room; what a row says is in `rows`."""

from tests.matrix.advisories import ADVISORIES, API_ADVISORIES
from tests.matrix.alerts import ALERTS
from tests.matrix.api import API as API_ROOMS
from tests.matrix.baseline import BASIS
from tests.matrix.cert import INCIDENTS
from tests.matrix.circle import CIRCLE_ITSELF
from tests.matrix.content import API_CONTENT, CONTENT
from tests.matrix.couplings import API_COUPLINGS, COUPLINGS
from tests.matrix.evidence import API_EVIDENCE, EVIDENCE
from tests.matrix.face import FACE
from tests.matrix.frameworks import API_FRAMEWORKS, FRAMEWORKS
from tests.matrix.governance import BOARD
from tests.matrix.login import LOGIN
from tests.matrix.ndn import NODE
from tests.matrix.network import BEHEER, WEEK
from tests.matrix.papers import PAPERS
from tests.matrix.picture import PICTURE
from tests.matrix.plan import PLAN
from tests.matrix.product import PRODUCT
from tests.matrix.progress import PROGRESS
from tests.matrix.questions import QUESTIONS
from tests.matrix.receive import API_RECEIVE, RECEIVE, SENDERS
from tests.matrix.register import REGISTER
from tests.matrix.reviews import API_REVIEWS, REVIEWS
from tests.matrix.riskmap import API_RISK, RISK
from tests.matrix.rows import Row
from tests.matrix.shared import SHARED
from tests.matrix.sharing import CIRCLE
from tests.matrix.shift import SHIFT
from tests.matrix.sight import SIGHT
from tests.matrix.store import STORE
from tests.matrix.watch import WATCH

PAGES = (
    *(*FACE, *WEEK, *BEHEER, *INCIDENTS, *CIRCLE, *RISK, *PICTURE, *REGISTER, *BASIS, *BOARD),
    *CIRCLE_ITSELF,
    *ADVISORIES,
    *NODE,
    *PRODUCT,
    *(*WATCH, *ALERTS, *SHIFT, *CONTENT, *RECEIVE, *STORE, *SIGHT, *PLAN),
    *COUPLINGS,
    *EVIDENCE,
    *FRAMEWORKS,
    *PAPERS,
    *QUESTIONS,
    *REVIEWS,
    *PROGRESS,
    *SHARED,
)
API = (
    *API_ROOMS,
    *API_ADVISORIES,
    *API_CONTENT,
    *API_EVIDENCE,
    *API_FRAMEWORKS,
    *API_RECEIVE,
    *API_REVIEWS,
    *API_RISK,
    *API_COUPLINGS,
)

__all__ = ["API", "LOGIN", "PAGES", "SENDERS", "Row"]
