"""Read the files that sign wallet passes, where the operator has set them."""

from pathlib import Path

from caregiver_card.exports import pass_signature
from caregiver_card.exports.pass_signature import PassSigner, WrongPassFile
from caregiver_card.web.config import PREFIX, Config, WrongSetting


def read(config: Config) -> PassSigner | None:
    """Return the signer of the three files, or None where none is set. Raises ``WrongSetting``."""
    kinds = (pass_signature.CERTIFICATE, pass_signature.KEY, pass_signature.AUTHORITY)
    held = (config.pass_certificate, config.pass_key, config.pass_authority)
    paths = dict(zip(kinds, held, strict=True))
    if not any(paths.values()):
        return None
    if missing := [_setting(kind) for kind, path in paths.items() if not path]:
        raise WrongSetting(f"{missing[0]} is missing: the three files of wallet passes go together")
    try:
        return pass_signature.read_signer(*(_file(kind, path) for kind, path in paths.items()))
    except WrongPassFile as error:
        raise WrongSetting(f"{_setting(error.kind)}: {error}") from None


def _file(kind: str, path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError):
        raise WrongSetting(f"{_setting(kind)}: the file cannot be read") from None


def _setting(kind: str) -> str:
    return f"{PREFIX}PASS_{kind.upper()}"
