"""The peers of the sharing bench: medallion and OpenTAXII, each asked through its own Flask application.

Run by an interpreter that has the peer installed; nothing of Brandwacht is imported here:

    PYTHON bench/sharing_peers.py medallion|opentaxii FOLDER PAGES REPEATS

FOLDER holds `sent.json`, an envelope that is sent to an empty collection and timed, and `stored.json`, one that is put
in the store without its server. Then PAGES pages of 1,000 objects are read one after the other, REPEATS times. The last
line is JSON: seconds of the import, milliseconds of every page (of the processor), and the peak of memory in MB.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

MEDIA = "application/taxii+json;version=2.1"
COLLECTION = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"


def medallion(folder: Path) -> tuple[Any, str, Any]:
    """Its application, with the store in memory; the address of the objects, and what fills the store."""
    from medallion import load_app

    collection = {
        "id": COLLECTION, "title": "bench", "can_read": True, "can_write": True,
        "media_types": ["application/stix+json;version=2.1"], "objects": [], "manifest": [],
    }  # fmt: skip
    information = {"title": "bench", "versions": [MEDIA], "max_content_length": 100_000_000}
    data = {
        "/discovery": {"title": "bench", "api_roots": ["http://localhost/root/"]},
        "root": {"information": information, "status": [], "collections": [collection]},
    }
    (folder / "medallion-data.json").write_text(json.dumps(data))
    settings = {
        "backend": {
            "module": "medallion.backends.memory_backend", "module_class": "MemoryBackend",
            "filename": str(folder / "medallion-data.json"), "session_timeout": 3600,
        },
        "users": {"bench": "bench"},
        "taxii": {"max_page_size": 1000},
    }  # fmt: skip
    (folder / "medallion.json").write_text(json.dumps(settings))
    app = load_app(str(folder / "medallion.json"))

    def fill(objects: list[dict[str, Any]]) -> None:
        held = app.medallion_backend.data["root"]["collections"][0]
        for number, each in enumerate(objects):
            held["objects"].append(each)
            held["manifest"].append(
                {
                    "id": each["id"], "date_added": f"2026-11-01T10:{number // 1000:02}:{number % 60:02}.000000Z",
                    "version": each["modified"], "media_type": "application/stix+json;version=2.1",
                }
            )  # fmt: skip

    return app, f"/root/collections/{COLLECTION}/objects/", fill


def opentaxii(folder: Path) -> tuple[Any, str, Any]:
    """Its application, on SQLite with a collection for everybody; the address, and what fills the store."""
    settings = f"""
domain: localhost
support_basic_auth: yes
auth_api:
  class: opentaxii.auth.sqldb.SQLDatabaseAPI
  parameters: {{db_connection: "sqlite:///{folder}/auth.db", create_tables: yes, secret: bench}}
taxii1:
taxii2:
  title: bench
  max_content_length: 100000000
  public_discovery: true
  allow_custom_properties: true
  persistence_api:
    class: opentaxii.persistence.sqldb.Taxii2SQLDatabaseAPI
    parameters: {{db_connection: "sqlite:///{folder}/opentaxii.db", create_tables: yes}}
logging: {{opentaxii: error, root: error}}
"""
    (folder / "opentaxii.yml").write_text(settings)
    os.environ["OPENTAXII_CONFIG"] = str(folder / "opentaxii.yml")
    from opentaxii.http import app
    from opentaxii.persistence.sqldb import taxii2models
    from opentaxii.taxii2 import http

    class Json:
        """Its answer to what was sent holds a UUID, which its 0.9.3 can not write on SQLite: this makes it a text."""

        @staticmethod
        def dumps(thing: Any) -> str:
            return json.dumps(thing, default=str)

    http.json = Json

    with app.app_context():
        store = app.taxii_server.servers.taxii2.persistence.api
        root = store.add_api_root(title="bench", default=True, is_public=True)
        made = store.add_collection(root.id, "bench", is_public=True, is_public_write=True)

    def fill(objects: list[dict[str, Any]]) -> None:
        began = datetime(2026, 11, 1, tzinfo=UTC)
        with app.app_context():
            store.db.session.add_all(
                taxii2models.STIXObject(
                    id=each["id"], collection_id=made.id, type=each["type"], spec_version="2.1", version=began,
                    date_added=began + timedelta(milliseconds=number),
                    serialized_data={key: each[key] for key in each if key not in ("id", "type", "spec_version")},
                )
                for number, each in enumerate(objects)
            )  # fmt: skip
            store.db.session.commit()

    return app, f"/taxii2/{root.id}/collections/{made.id}/objects/", fill


def run(name: str, folder: Path, pages: int, repeats: int) -> dict[str, Any]:
    """The peer's figures."""
    app, path, fill = {"medallion": medallion, "opentaxii": opentaxii}[name](folder)
    client = app.test_client()
    headers = {"Accept": MEDIA}
    if name == "medallion":
        headers["Authorization"] = "Basic " + b64encode(b"bench:bench").decode()
    body = (folder / "sent.json").read_bytes()
    began = time.process_time()
    sent = client.post(path, data=body, content_type=MEDIA, headers=headers)
    imported = time.process_time() - began
    if sent.status_code != 202 or sent.get_json()["success_count"] != len(json.loads(body)["objects"]):
        raise SystemExit(f"{name}: {sent.status_code} {sent.get_data()[:300]!r}")
    fill(json.loads((folder / "stored.json").read_bytes())["objects"])
    times = []
    for _repeat in range(repeats):
        where = f"{path}?limit=1000"
        for _page in range(pages):
            began = time.process_time()
            answer = client.get(where, headers=headers)
            data = answer.get_data()
            times.append((time.process_time() - began) * 1000)
            found = json.loads(data)
            if len(found.get("objects", ())) != 1000:
                raise SystemExit(f"{name}: {answer.status_code} {data[:300]!r}")
            where = f"{path}?limit=1000&next={found['next']}"
    return {"import": imported, "pages": times, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))))
