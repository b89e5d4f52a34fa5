"""The project's own checks find what they are for, and the project keeps the rules that need no other tool."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from tools import check_docs, check_house, check_templates, check_translations, testlegs
from tools.project import ROOT, SOURCE, project_files

HERE = ROOT / "voorbeeld.html"


def messages(findings: object) -> list[str]:
    return [finding.message for finding in findings]  # type: ignore[attr-defined]


# Templates


@pytest.mark.parametrize(
    "source",
    [
        '{% load i18n %}<h1>{% translate "Deze week" %}</h1>',
        "{% blocktranslate with n=aantal %}U heeft {{ n }} acties.{% endblocktranslate %}",
        '<p aria-label="{{ label }}" title="{% translate "Waarom" %}">{{ tekst }} &middot; 12</p>',
        '<script src="/x.js" type="module"></script><script type="application/json">{"a": "woord"}</script>',
        "<strong>Brandwacht</strong> <b>TLP:AMBER+STRICT</b>",
        "{% comment %}Uitleg voor wie dit leest{% endcomment %}{# ook hier #}",
        "{% block body_class %}bw-public{% endblock %}",
        '<h{{ level }} class="kop">{{ kop }}</h{{ level }}>',
        '{{ x|default:_("niet bekend") }}{% include "a.html" with label=_("Opslaan") %}{{ d|date:"j F Y" }}',
    ],
)
def test_good_template(source):
    assert messages(check_templates.check_text(HERE, source)) == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("<h1>Deze week</h1>", "text outside gettext: 'Deze week'"),
        ("<p>{% if x %}ja{% else %}{% endif %}</p>", "text outside gettext: 'ja'"),
        ('<img alt="Kaart van de regio">', "alt has text outside gettext"),
        ('<button aria-label="Sluiten"></button>', "aria-label has text outside gettext"),
        ('<input type="submit" value="Opslaan">', "value has text outside gettext"),
        ("<script>start()</script>", "inline <script>"),
        ('<script type="module">start()</script>', "inline <script>"),
        ("<style>p { color: red }</style>", "<style> in a page"),
        ('<p style="color: red"></p>', "style="),
        ('<p {% if x %}onclick="weg()"{% endif %}></p>', "onclick="),
        ('<p hx-on:click="weg()"></p>', "hx-on:click="),
        ('<a href="javascript:weg()"></a>', "href holds an expression"),
        ('{{ x|default:"niet bekend" }}', "shows text outside gettext"),
        ('{% include "a.html" with label="Opslaan" %}', "shows text outside gettext"),
    ],
)
def test_bad_template(source, message):
    (found,) = messages(check_templates.check_text(HERE, source))
    assert found.startswith(message)


def test_template_line_numbers():
    source = '{% blocktranslate %}een\ntwee{% endblocktranslate %}\n<p\n  class="x">\n  hier\n</p>'
    (found,) = check_templates.check_text(HERE, source)
    assert (found.line, found.message) == (5, "text outside gettext: 'hier'")


def test_plain_text_template_is_read_too():
    (found,) = check_templates.check_text(Path("mail.txt"), '{% translate "Beste collega" %}\n\nGroeten van < ons')
    assert found.line == 3


# Texts in Python

IMPORTS = "from django.utils.translation import gettext as _, gettext_lazy, ngettext\n"


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    return _('Opslaan')",
        "def f(n):\n    return ngettext('%(n)s actie', '%(n)s acties', n) % {'n': n}",
        "LABEL = gettext_lazy('Opslaan')",
        "LABEL = lambda: _('Opslaan')",
        "class Soort(TextChoices):\n    A = 'a', gettext_lazy('Eerste')",
        "field(label=gettext_lazy('Naam'), help_text='')",
        "def f(request):\n    messages.success(request, _('Bewaard.'))\n    log.error(request, 'nothing here')",
    ],
)
def test_good_texts(source):
    assert messages(check_translations.check(HERE, IMPORTS + source)) == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(n):\n    return _(f'{n} acties')", "gettext() needs a literal"),
        ("def f(n):\n    return _('%s acties' % n)", "gettext() needs a literal"),
        ("def f(n):\n    return _('{} acties'.format(n))", "gettext() needs a literal"),
        ("def f(x):\n    return _(x)", "gettext() needs a literal"),
        ("def f(a, b):\n    return _('%s van %s') % (a, b)", "name what is filled in"),
        ("LABEL = _('Opslaan')", "gettext() runs while the module loads"),
        ("def f(x=_('Opslaan')):\n    pass", "gettext() runs while the module loads"),
        ("class Soort(models.TextChoices):\n    A = 'a', 'Eerste'", "the name of a choice"),
        ("field(label='Naam')", "label is text"),
        ("def f():\n    raise ValidationError('Dit kan niet.')", "a validation error"),
        ("def f(request):\n    messages.error(request, f'Dit kan {1} keer niet.')", "a message"),
    ],
)
def test_bad_texts(source, message):
    (found,) = messages(check_translations.check(HERE, IMPORTS + source))
    assert found.startswith(message)


# Documents


def test_links_in_documents(tmp_path):
    (tmp_path / "b.md").write_text("# Een kop, met `code`\n## Een kop, met `code`\n")
    page = tmp_path / "a.md"
    page.write_text(
        "[goed](b.md) [goed](b.md#een-kop-met-code-1) [buiten](https://example.org/x) `[code](weg.md)`\n"
        "```\n[ook code](weg.md)\n```\n"
        "[fout](weg.md)\n[fout](b.md#andere-kop) [fout](#hier-niet)\n"
    )
    found = list(check_docs.check(page))
    assert [(f.line, f.message) for f in found] == [
        (5, "link to weg.md: no such file"),
        (6, "link to b.md#andere-kop: no such heading"),
        (6, "link to #hier-niet: no such heading"),
    ]


# House rules


def test_long_files(tmp_path):
    path = tmp_path / "lang.py"
    path.write_text("x = 1\n" * 400)
    assert check_house.check_length(path) == ([], [])
    path.write_text("x = 1\n" * 401)
    assert [len(each) for each in check_house.check_length(path)] == [0, 1]
    path.write_text("x = 1\n" * 601)
    assert [len(each) for each in check_house.check_length(path)] == [1, 0]


def test_registry_addresses():
    address = "https://" + "files.python" + "hosted.org/x"
    assert [f.line for f in check_house.check_addresses(HERE, f"een\n{address}\n")] == [2]
    assert messages(check_house.check_addresses(HERE, "https://example.org\n")) == []


def test_package_lock():
    lock = '{"packages": {"": {}, "node_modules/a": {"resolved": "x"}, "node_modules/b": {"version": "1"}}}'
    assert len(list(check_house.check_package_lock(HERE, lock))) == 1


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("x = actor.now" + ".date()", True),
        ("x = timezone.now()" + ".date()", True),
        ("x = date" + ".today()", True),
        ("x = actor.today", False),
        ("x = timezone.localdate(now)", False),
        ("x = moment.astimezone(UTC).date()", False),
    ],
)
def test_days(source, wrong):
    assert bool(list(check_house.check_days(HERE, source))) is wrong


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("x = datetime.now(UTC)", True),
        ("x = datetime.datetime.now()", True),
        ("x = date" + ".today()", True),
        ("x = time.time()", True),
        ("x = random.choice(y)", True),
        ("x = random.Random()", True),
        ("x = random.Random(7)", False),
        ("x = generator.choice(y)", False),
        ("x = clock()", False),
    ],
)
def test_engine_clocks(source, wrong):
    assert bool(list(check_house.check_engine(HERE, source))) is wrong


# Legs and prerequisites


def test_a_leg_that_cannot_run_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(testlegs.shutil, "which", lambda name: None)
    monkeypatch.setattr(testlegs.Path, "glob", lambda self, pattern: iter(()))
    monkeypatch.setattr(testlegs, "CHROMIUM", "/nergens/chromium")
    monkeypatch.setattr(
        testlegs, "run_leg", lambda leg, *rest, **options: testlegs.Outcome(leg.name, "passed", passed=3)
    )
    outcomes = {each.leg: each for each in testlegs.run(list(testlegs.LEGS), "1", [], tmp_path, coverage=False)}
    assert {leg: each.verdict for leg, each in outcomes.items()} == {
        "sqlite": "passed",
        "journeys-sqlite": "skipped",
        "postgres": "skipped",
        "journeys-postgres": "skipped",
    }
    assert "apt-get install postgresql" in outcomes["postgres"].line()
    assert "apt-get install chromium" in outcomes["journeys-sqlite"].line()
    assert "3 passed" in outcomes["sqlite"].line()


@pytest.mark.parametrize(("strict", "code"), [("1", 1), ("0", 0)])
def test_a_skipped_leg_fails_where_all_are_required(monkeypatch, capsys, strict, code):
    monkeypatch.setenv("REQUIRE_ALL_LEGS", strict)
    monkeypatch.setattr(testlegs.sys, "argv", ["testlegs.py"])
    monkeypatch.setattr(testlegs.signal, "signal", lambda *given: None)
    skipped = testlegs.Outcome("postgres", "skipped", "no server")
    monkeypatch.setattr(
        testlegs, "run", lambda *given, **options: [testlegs.Outcome("sqlite", "passed", passed=2), skipped]
    )
    assert testlegs.main() == code
    assert capsys.readouterr().out.splitlines()[-1] == f"total: 2 passed, {code} failed, 0 skipped"


@pytest.mark.parametrize(("part", "package"), [("python", "python3-venv"), ("node", "nodejs npm")])
def test_setup_says_what_is_missing(tmp_path, part, package):
    script = ["/bin/sh", str(ROOT / "tools" / "prerequisites.sh"), part]
    done = subprocess.run(script, env={"PATH": str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"apt-get install {'python3 ' if part == 'python' else ''}{package}" in done.stderr


# The project itself


def test_every_room_says_what_it_is_for():
    rooms = [path.parent for path in SOURCE.glob("*/apps.py")]
    assert [room.name for room in rooms if not (room / "README.md").is_file()] == []


def test_nothing_is_unpickled():
    """No pickle is ever loaded: a file on disk must not be able to run code."""
    for path in project_files(".py"):
        if path.is_relative_to(SOURCE):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    names = {alias.name for alias in node.names} | {getattr(node, "module", None)}
                    assert not names & {"pickle", "shelve", "marshal", "dill"}, path


def test_every_setting_is_in_the_operator_guide():
    guide = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    sources = [path.read_text(encoding="utf-8") for path in project_files(".py") if path.is_relative_to(SOURCE)]
    settings = {name for source in sources for name in re.findall(r"\bBRANDWACHT_[A-Z_]*[A-Z]\b", source)}
    assert settings
    assert {name for name in settings if f"`{name}`" not in guide} == set()


def test_licence_is_the_whole_text():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in text
    for part in [*(f"\n## {n}. " for n in range(1, 16)), "\n## Appendix"]:
        assert part in text
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"] == "EUPL-1.2"


def test_publiccode():
    """The keys that version 0.4 of the standard asks for, with values of the right kind."""
    code = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert code["publiccodeYmlVersion"] == "0.4"
    for key in ("name", "url", "platforms", "developmentStatus", "softwareType", "description", "legal"):
        assert code[key]
    assert code["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert code["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert code["maintenance"]["contacts"][0]["name"]
    assert code["localisation"]["localisationReady"] is True
    for language, texts in code["description"].items():
        assert language in {"nl", "en"}
        assert len(texts["shortDescription"]) <= 150
        assert 150 <= len(texts["longDescription"]) <= 10_000
        assert texts["features"]
    assert code["legal"]["license"] == "EUPL-1.2"
