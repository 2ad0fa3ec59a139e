"""Flask without sessions, and with Flask-Session over Redis (msgpack, its default)."""

import copy
import json
import sys
import time

from flask import Flask, jsonify, session

kind, redis_url, login = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
app = Flask(__name__)
if kind == "Flask-Session":
    from flask_session import Session
    from redis import Redis

    app.config.update(SESSION_TYPE="redis", SESSION_REDIS=Redis.from_url(redis_url), SESSION_PERMANENT=False)
    Session(app)


def current():
    return copy.deepcopy(login) if kind == "none" else session


@app.get("/login")
def log_in():
    if kind != "none":
        session.update(copy.deepcopy(login))
    return jsonify(ok=True)


@app.get("/read")
def read():
    visitor = current()
    return jsonify(name=visitor["user"]["name"], theme=visitor["theme"])


@app.get("/write")
def write():
    visitor = current()
    visitor["visits"] += 1
    return jsonify(visits=visitor["visits"])


def visit(browser, path):
    answer = browser.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")


browsers = [app.test_client() for _ in range(100)]
for browser in browsers:
    visit(browser, "/login")
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    begun = time.process_time()
    for index in range(order["count"]):
        visit(browsers[index % len(browsers)], order["path"])
    used = time.process_time() - begun
    print(json.dumps({"microseconds": used * 1e6 / order["count"]}), flush=True)
