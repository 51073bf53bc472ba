#!/usr/bin/python3
"""The smallest browser with WebKitGTK in it, for WebKitWebDriver; run by the system's own Python.

WebKitGTK's MiniBrowser would do but for three things: driven by a test it keeps nothing on the
disk, so that it cannot be started again with no network; its window is never narrower than 447
pixels; and it has no ``navigator.storage``, which Safari has. Called with the folder in which it
keeps things and with "script" or "none".
"""

import sys
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402

folder, script = sys.argv[1:]
kept = WebKit2.WebsiteDataManager(base_data_directory=folder, base_cache_directory=folder)
context = WebKit2.WebContext(website_data_manager=kept)
context.set_automation_allowed(True)
view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
settings = view.get_settings()
settings.set_enable_javascript(script == "script")
features = WebKit2.Settings.get_all_features()
for feature in map(features.get, range(features.get_length())):
    if feature.get_identifier() == "StorageAPI":
        settings.set_feature_enabled(feature, True)


def driven(_: object, session: Any) -> None:
    """A test has come to drive it."""
    session.set_application_info(WebKit2.ApplicationInfo())
    session.connect("create-web-view", lambda *_: view)


context.connect("automation-started", driven)
view.connect("close", Gtk.main_quit)
window = Gtk.Window()
window.connect("destroy", Gtk.main_quit)
window.add(view)
window.show_all()
Gtk.main()
