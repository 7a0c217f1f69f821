"""Reports about played dialogues: a page to look at, and a file for continuous integration."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree

from jinja2 import Environment, FileSystemLoader

from sigap.dialogues.coverage import Part
from sigap.dialogues.played import Played
from sigap.dialogues.transcript import place, reasons, transcript


def html(results: Sequence[Played], parts: Sequence[Part]) -> str:
    """A page that needs no other file: every dialogue as a chat, wrong turns marked, and the coverage if measured."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    groups = [
        (name, list(played)) for name, played in groupby(results, key=lambda one: str(Path(one.dialogue.place).parent))
    ]
    return templates.get_template("report.html").render(
        groups=groups, results=results, failed=[one for one in results if one.failed], parts=parts, reasons=reasons
    )


def junit(results: Sequence[Played]) -> str:
    """JUnit's XML: one suite for each file, one case for each dialogue."""
    root = ElementTree.Element("testsuites")
    for name, group in groupby(results, key=lambda one: one.dialogue.place):
        played = list(group)
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=name,
            tests=str(len(played)),
            failures=str(sum(one.failed is not None for one in played)),
            errors="0",
            time=f"{sum(one.seconds for one in played):.3f}",
        )
        for one in played:
            case = ElementTree.SubElement(
                suite, "testcase", classname=name, name=one.dialogue.name, time=f"{one.seconds:.3f}"
            )
            if one.failed:
                failure = ElementTree.SubElement(case, "failure", message=f"{reasons(one)} ({place(one)})")
                failure.text = _printable(transcript(one))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _printable(text: str) -> str:
    """XML 1.0 knows no control characters."""
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")
