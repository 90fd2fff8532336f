"""The wheel is the product: built from the sdist, installed in a new place, started from `/`."""

import re
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.server import PortalServer, status
from tests.support.tree import copy_tree

pytestmark = [pytest.mark.fresh, pytest.mark.timeout(300)]


def _run(*command: str | Path, cwd: Path | str = "/") -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = copy_tree(tmp_path_factory.mktemp("source"))
    out = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, source, cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel; what it depends on is lent from ours.

    Lent by a path line, which does not follow the path lines over there: the checkout that is
    installed editable beside us stays out of reach.
    """
    home = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    _run(
        sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel
    )
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    lent = home / "lib" / version / "site-packages" / "lent.pth"
    lent.write_text(sysconfig.get_path("purelib") + "\n")
    return home


@pytest.fixture(scope="module")
def server(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalServer]:
    data = tmp_path_factory.mktemp("data")
    executable = environment / "bin" / "zhkh-portal"
    running = PortalServer(data, command="demo", executable=executable).start(timeout=120)
    yield running
    running.stop()


def test_the_wheel_holds_the_product_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.split("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == {
        "portal",
        "pages",
        "components",
    }
    assert any(re.fullmatch(r"portal/_static/css/.+\.css", name) for name in names)
    assert any(re.fullmatch(r"portal/db/migrations/versions/.+\.py", name) for name in names)
    fonts = {name for name in names if name.startswith("portal/documents/fonts/")}
    assert {Path(name).suffix for name in fonts} == {".ttf", ".txt"}
    assert not [name for name in names if "test" in Path(name).name.lower()]


def test_the_new_environment_does_not_see_the_checkout(environment: Path) -> None:
    program = "import portal, pages, components; print(portal.__file__)"
    assert _run(environment / "bin" / "python", "-c", program).startswith(str(environment))


def test_the_installed_portal_serves_its_pages_and_styles(server: PortalServer) -> None:
    assert status(f"{server.url}/readyz") == 200
    with urllib.request.urlopen(f"{server.url}/login") as answer:  # noqa: S310 - loopback
        page = answer.read().decode()
    assert 'lang="ru"' in page
    assert "--brand:" in page  # the styles stand in the page itself: it is painted at once
    scripts = re.findall(r'src="(/[^"]+\.js)"', page)
    assert scripts
    files = [*scripts, "/static/css/tokens.css", "/static/icons/icon.svg"]
    assert {status(server.url + path) for path in files} == {200}
