"""A course of forty modules with long words in its titles, written by hand: what a page must bear."""

from pathlib import Path

COUNT = 40
YML = """format: 1
id: largo
version: "1"
source: es
languages: [es]
topics: [ejemplo]
code: L4R9
minutes: 400
hours: 7
level: inicial
audience: [pruebas]
access: open
license: CC-BY-SA-4.0
credits: [{{name: Equipo de pruebas, role: autoría}}]
review: {{status: draft}}
modules: [{modules}]
completion: {{modules: all}}
"""
COURSE = """---
title: Anticonstitucionalísimamente y otras palabras larguísimas, interdisciplinariedades y electroencefalografistas
summary: Cuarenta módulos para ver qué aguanta una página.
audience: Quien prueba.
---
De qué trata.
"""
MODULE = """---
id: m-{n}
title: Módulo {n} de electroencefalografistas, otorrinolaringólogos e internacionalizaciones
minutes: 10
objectives: [Ver que todo cabe.]
---
## Una sección con supercalifragilísticamente largas palabras-compuestas-sin-fin-ni-blancos {{#s-{n}}}

Texto con una dirección larga: https://example.org/una/direccion/muy/larga/que/no/tiene/donde/partirse/en/ninguna/pantalla

| Una columna | Otra columna | Otra más | Y otra | Y la última |
|---|---|---|---|---|
| internacionalizaciones | electroencefalografistas | otorrinolaringólogos | interdisciplinariedades | 1000000000 |

::: unica #q-{n}
¿Cabe?

- [x] Sí, también esto que es muy largo: anticonstitucionalísimamenteanticonstitucionalísimamente
  > Cabe.
- [ ] No
  > Cabe.
:::
"""


def write(folder: Path) -> Path:
    """The course's folder, made in that one."""
    course = folder / "largo"
    (course / "es").mkdir(parents=True)
    names = ", ".join(f"m-{n}" for n in range(1, COUNT + 1))
    (course / "course.yml").write_text(YML.format(modules=names), "utf-8")
    (course / "es/course.md").write_text(COURSE, "utf-8")
    for n in range(1, COUNT + 1):
        (course / f"es/{n:02}-modulo.md").write_text(MODULE.format(n=n), "utf-8")
    return course
