"""The wheel carries everything that the program needs."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_wheel_carries_templates_static_files_and_catalogues(tmp_path: Path) -> None:
    source = tmp_path / "source"
    skip = shutil.ignore_patterns("static", "*.mo", "__pycache__")
    for name in ("lms", "translations"):
        shutil.copytree(ROOT / name, source / name, ignore=skip)
    for name in ("setup.cfg", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source / name)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for wanted in (
        "lms/web/templates/learn/module.html",
        "lms/web/templates/base.html",
        "lms/web/static/manifest.json",
        "lms/web/static/css/vereda.css",
        "lms/web/static/css/vereda.css.gz",
        "lms/web/static/icons/check.svg",
        "lms/translations/es/LC_MESSAGES/messages.mo",
        "lms/certificates/fonts/DejaVuSans.ttf",
        "lms/certificates/pdfa/srgb.icc",
        "lms/certificates/contexts/credentials-v2.json",
        "lms/certificates/contexts/NOTICE.txt",
        "lms/services/words/spanish.txt",
        "lms/storage/migrations/versions/0001_first.py",
        "lms/storage/migrations/script.py.mako",
    ):
        assert wanted in names, wanted
    assert not any(name.startswith(("tests", "lms/web/assets/")) for name in names)
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    code = "from lms.i18n import translations; from lms.web.assets import Assets; import lms; print(lms.__file__); Assets.load(); print(translations('es').gettext('Courses'))"
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=site,
        env={"PYTHONPATH": str(site), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(site) in told.stdout
    assert "Cursos" in told.stdout
