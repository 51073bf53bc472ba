"""The files of deploy/ as an operator uses them: real proxies, the units' own commands."""
