"""The sample course with questions before and after it."""

import shutil
from pathlib import Path

from tests.content.bilingual import SAMPLE

QUESTION = """::: unica #k-{form}-{n} banco={form}
¿Qué palabra es la {n} de la lista {form}?

- [ ] Zorro {form}{n}
  > No.[^lista]
- [x] Tejón {form}{n}
  > Sí.
- [ ] Erizo {form}{n}
  > Tampoco.
:::

"""
NUMBER = """::: numerica #k-{form}-n banco={form}
¿Cuántas letras tiene la lista {form}?

- [x] 7
  > Siete.
:::

"""
FORM = "".join(QUESTION.replace("{n}", str(n)) for n in (1, 2, 3)) + NUMBER
KNOWLEDGE = FORM.replace("{form}", "a") + FORM.replace("{form}", "b") + "[^lista]: *Lista de palabras*, 2026.\n"
"""Four questions in each form. No other text of the sample has these animals."""
FILE = "es/knowledge.md"


def knowing(folder: Path, text: str = KNOWLEDGE) -> Path:
    """The sample in that folder, with such questions."""
    made = Path(shutil.copytree(SAMPLE, folder / "demo-course"))
    (made / FILE).write_text(text, "utf-8")
    return made
