"""The yardstick of the emergency page: what Flask does for "hello"."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """The least that a view can do."""
    return "hello"
