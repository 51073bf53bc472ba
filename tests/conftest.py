"""What every test may ask for."""

from hypothesis import settings

# The same examples in every run, few enough that the whole set stays quick;
# ``--hypothesis-profile=search`` looks for new ones.
settings.register_profile("tests", max_examples=60, deadline=None, derandomize=True, database=None)
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile("tests")

pytest_plugins = ["tests.databases"]
