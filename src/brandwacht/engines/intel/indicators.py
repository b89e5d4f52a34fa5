"""Indicators as people paste them: read, checked, brought to one spelling, and written as a STIX pattern.

Of what people paste only single values are read, never a range or a wildcard: an indicator ends up in detection, where
something too wide alarms on everything. What is refused is named with its line and with what to do about it.
"""

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

import idna


class Kind(StrEnum):
    """What an indicator is about; the value is stable and fit to store."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"
    DOMAIN = "domain"
    URL = "url"
    EMAIL = "email"
    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"

    @property
    def dutch(self) -> str:
        """The name to show, for example `IPv4-adres`."""
        return _DUTCH[self]


@dataclass(frozen=True, slots=True, order=True)
class Indicator:
    """One checked value in its one spelling: lower case where case does not matter, domain names in ASCII."""

    kind: Kind
    value: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", Kind(self.kind))  # so that a stored word will do

    @property
    def pattern(self) -> str:
        """The STIX 2.1 pattern that matches exactly this value, or the addresses in it (STIX 2.1, section 9)."""
        operator = "ISSUBSET" if "/" in self.value and self.kind in _WIDEST else "="
        escaped = self.value.replace("\\", "\\\\").replace("'", "\\'")
        return f"[{_STIX_PATH[self.kind]} {operator} '{escaped}']"

    @property
    def defanged(self) -> str:
        """The value made unclickable for mail, screen and paper: `hxxps://voorbeeld[.]nl`."""
        if self.kind is Kind.IPV6:
            return self.value.replace(":", "[:]")
        if self.kind is Kind.URL:
            scheme, _, rest = self.value.partition("://")
            return f"{scheme.replace('tt', 'xx').replace('ft', 'fx')}://{rest.replace('.', '[.]')}"
        return self.value.replace(".", "[.]")


class InvalidIndicator(ValueError):
    """A text that is no usable indicator; the message is Dutch and says what to do about it."""


class Refusal(NamedTuple):
    """A piece of text that was left out: its line, counted from 1, and the reason in Dutch."""

    line: int
    reason: str


def parse_indicators(text: str) -> tuple[list[Indicator], list[Refusal]]:
    """Read pasted text: indicators separated by white space or commas, `#` starts a remark, bullets are skipped.

    Defanged spellings are understood (`hxxp`, `[.]`, `(dot)`, `[@]`). Doubles are dropped, order is kept.
    """
    found: dict[Indicator, None] = {}
    refused: list[Refusal] = []
    for number, line in enumerate(text.splitlines(), start=1):
        for piece in _pieces(line):
            try:
                found[parse_indicator(piece)] = None
            except InvalidIndicator as reason:
                refused.append(Refusal(number, str(reason)))
    return list(found), refused


def parse_indicator(text: str) -> Indicator:
    """Read one value, defanged or not, and find out what kind it is. Raises InvalidIndicator (Dutch)."""
    if len(text) > _LONGEST:
        raise InvalidIndicator(f"{_shown(text)} is te lang voor een kenmerk.")
    value = refang(text)
    if _HEX.fullmatch(value):
        return _hash(value)
    if "://" in value:
        return Indicator(Kind.URL, _url(value))
    if "@" in value:
        return Indicator(Kind.EMAIL, _email(value))
    if _IP_LIKE.fullmatch(value):
        return _address(value)
    return Indicator(Kind.DOMAIN, _domain(value))


def parse_network(text: str) -> Indicator:
    """Read a network (`198.51.100.0/24`); one of a single address is that address. Raises InvalidIndicator (Dutch).

    Only a pattern or a feed that says so gives a network; what people paste are single values. Wider than /8 (IPv4) or
    /16 (IPv6) is refused: it would alarm on everything.
    """
    value = refang(text)
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise InvalidIndicator(f"{_shown(text)} is geen geldige reeks adressen.") from None
    if network.prefixlen == network.max_prefixlen:
        return parse_indicator(str(network.network_address))
    kind = Kind.IPV4 if network.version == 4 else Kind.IPV6
    if network.prefixlen < _WIDEST[kind]:
        raise InvalidIndicator(f"{_shown(text)} is te ruim: dat past op te veel. Geef minstens /{_WIDEST[kind]}.")
    if any(each.version == network.version and each.overlaps(network) for each in _NOT_OF_THE_OUTSIDE):
        raise InvalidIndicator(f"{_shown(text)} bevat interne of bijzondere adressen; laat die weg.")
    return Indicator(kind, str(network))


def _pieces(line: str) -> list[str]:
    """Split a line into candidate values; a comma inside a URL stays where it is."""
    if line.lstrip().startswith("#"):
        return []
    words: list[str] = []
    for word in line.split():
        if word.startswith("#"):
            break
        words.extend([word] if "/" in word else re.split("[,;|]", word))
    stripped = (word.lstrip("\"'`<,;|").rstrip("\"'`>,;|.") for word in words)
    return [word for word in stripped if word.strip("-*•·–")]


def refang(text: str) -> str:
    """Undo defanging until nothing changes: some tools defang twice (`[[.]]`)."""
    value, before = text.strip(), ""
    if not _MAYBE_DEFANGED.search(value):
        return value
    while value != before:
        before = value
        for spelling, plain in _DEFANGED:
            value = spelling.sub(plain, value)
    return value if "://" in value else _DEFANGED_AT.sub("@", value)


def _hash(value: str) -> Indicator:
    kind = _HASHES.get(len(value))
    if kind is None:
        raise InvalidIndicator(
            f"{_shown(value)} lijkt een hash, maar is {len(value)} tekens lang. MD5 heeft er 32, SHA-1 40 en SHA-256 "
            "64. Controleer of de hash heel is overgenomen."
        )
    if value.lower() in _EMPTY_FILE:
        raise InvalidIndicator(f"{_shown(value)} is de hash van een leeg bestand en past op veel gewone bestanden.")
    return Indicator(kind, value.lower())


def _address(value: str) -> Indicator:
    bare = value.removeprefix("[").removesuffix("]")
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        if "/" in bare:
            raise InvalidIndicator(f"{_shown(value)} is een reeks adressen. Geef losse adressen.") from None
        if bare.count(".") == 3 and ":" in bare:
            raise InvalidIndicator(f"{_shown(value)} bevat een poort. Geef alleen het IP-adres.") from None
        raise InvalidIndicator(f"{_shown(value)} is geen geldig IP-adres.") from None
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            raise InvalidIndicator(f"{_shown(value)} bevat een zone (%). Geef alleen het IPv6-adres.")
        address = address.ipv4_mapped or address
    if _is_inside(address):
        raise InvalidIndicator(
            f"{_shown(value)} is een intern of bijzonder adres. Bij een ander wijst het naar iets anders; laat het weg."
        )
    return Indicator(Kind.IPV4 if address.version == 4 else Kind.IPV6, str(address))


def _is_inside(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is not one of the outside; by number, which is many times quicker than by network."""
    number = int(address)
    return any(number & mask == start for mask, start in _INSIDE[address.version])


def _domain(value: str) -> str:
    name = value.rstrip(".").lower()
    if "*" in name:
        raise InvalidIndicator(f"{_shown(value)} bevat een sterretje. Geef hele domeinnamen.")
    if "." not in name or "/" in name:
        raise InvalidIndicator(
            f"{_shown(value)} herken ik niet. Geef een IP-adres, domeinnaam, URL (met https://), e-mailadres of hash."
        )
    if name.rpartition(".")[2] in _FILE_ENDINGS:
        raise InvalidIndicator(f"{_shown(value)} lijkt een bestandsnaam. Geef de hash van het bestand.")
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise InvalidIndicator(f"{_shown(value)} is geen geldige domeinnaam.") from None
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels) or not _TOP_LABEL.fullmatch(labels[-1]):
        raise InvalidIndicator(f"{_shown(value)} is geen geldige domeinnaam.")
    return name


def _email(value: str) -> str:
    local, _, host = value.rpartition("@")
    if not _LOCAL_PART.fullmatch(local) or len(local) > 64:
        raise InvalidIndicator(f"{_shown(value)} is geen geldig e-mailadres.")
    return f"{local}@{_domain(host)}"


def _url(value: str) -> str:
    invalid = InvalidIndicator(f"{_shown(value)} is geen geldige URL.")
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise invalid from None
    scheme, host = parts.scheme.lower(), parts.hostname
    if scheme not in ("http", "https", "ftp", "ftps"):
        raise InvalidIndicator(f"{_shown(value)} begint niet met http://, https://, ftp:// of ftps://.")
    if not host:
        raise invalid
    if _IP_LIKE.fullmatch(host):
        address = _address(host)
        host = f"[{address.value}]" if address.kind is Kind.IPV6 else address.value
    else:
        host = _domain(host)
    user = f"{_percent(parts.netloc.rpartition('@')[0])}@" if "@" in parts.netloc else ""
    place = f"{user}{host}" + (f":{port}" if port is not None else "")
    return urlunsplit((scheme, place, _percent(parts.path), _percent(parts.query), _percent(parts.fragment)))


def _percent(part: str) -> str:
    """Write what RFC 3986 does not allow in a URL as percent codes; leave the rest as it was seen."""
    return quote(part, safe="!#$%&'()*+,/:;=?@[]~")


def _shown(value: str) -> str:
    """Quote a pasted value in a message: shortened, without control characters."""
    readable = "".join(character if character.isprintable() else "?" for character in value[:60])
    return f"‘{readable}{'…' if len(value) > 60 else ''}’"


_DUTCH: Final = {
    Kind.IPV4: "IPv4-adres",
    Kind.IPV6: "IPv6-adres",
    Kind.DOMAIN: "domeinnaam",
    Kind.URL: "URL",
    Kind.EMAIL: "e-mailadres",
    Kind.MD5: "MD5-hash",
    Kind.SHA1: "SHA-1-hash",
    Kind.SHA256: "SHA-256-hash",
}
_STIX_PATH: Final = {
    Kind.IPV4: "ipv4-addr:value",
    Kind.IPV6: "ipv6-addr:value",
    Kind.DOMAIN: "domain-name:value",
    Kind.URL: "url:value",
    Kind.EMAIL: "email-addr:value",
    Kind.MD5: "file:hashes.MD5",
    Kind.SHA1: "file:hashes.'SHA-1'",
    Kind.SHA256: "file:hashes.'SHA-256'",
}
_WIDEST: Final = {Kind.IPV4: 8, Kind.IPV6: 16}  # bits; the engine that watches refuses wider too
_LONGEST: Final = 2048  # characters; the longest URL that browsers and proxies agree on
_HASHES: Final = {32: Kind.MD5, 40: Kind.SHA1, 64: Kind.SHA256}
_EMPTY_FILE: Final = {
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
}
_HEX: Final = re.compile(r"[0-9a-fA-F]{24,}")
_IP_LIKE: Final = re.compile(r"[0-9.]+(:\d+)?(/\d+)?|\[?[0-9a-fA-F]*:[0-9a-fA-F:.]*(%\w+)?\]?(/\d+)?")
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_TOP_LABEL: Final = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
_LOCAL_PART: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DEFANGED: Final = (
    (re.compile(r"^h(?:xx|tt|\*\*)p(s?)(?=\[?:)", re.IGNORECASE), r"http\1"),
    (re.compile(r"^fxp(s?)(?=\[?:)", re.IGNORECASE), r"ftp\1"),
    (re.compile(r"\[://\]"), "://"),
    (re.compile(r"[\[({]\s*:\s*[\])}]"), ":"),
    (re.compile(r"[\[({]\s*(?:\.|dot|punt)\s*[\])}]", re.IGNORECASE), "."),
    (re.compile(r"\\\."), "."),
)
_MAYBE_DEFANGED: Final = re.compile(r"[\[({\\]|^h..p|^fxp", re.IGNORECASE)
_DEFANGED_AT: Final = re.compile(r"[\[({]\s*(?:@|at)\s*[\])}]", re.IGNORECASE)
_NOT_OF_THE_OUTSIDE: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.168.0.0/16", "224.0.0.0/4", "255.255.255.255/32"),
        *("::/128", "::1/128", "fc00::/7", "fe80::/10", "ff00::/8"),
    )
)
_INSIDE: Final = {
    version: tuple(
        (int(each.netmask), int(each.network_address)) for each in _NOT_OF_THE_OUTSIDE if each.version == version
    )
    for version in (4, 6)
}
# Endings of files that are no top-level domain. Endings that are both (.com, .zip, .sh) count as a domain.
_FILE_ENDINGS: Final = frozenset(
    [
        *("bat", "bin", "cmd", "dat", "dll", "doc", "docm", "docx", "exe", "hta", "img", "iso", "jar", "js", "jse"),
        *("lnk", "log", "msi", "pdf", "ps1", "rtf", "scr", "sys", "tmp", "txt", "vbe", "vbs", "xls", "xlsm", "xlsx"),
    ]
)
