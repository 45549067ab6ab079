"""The template of the board deck, made from nothing but this module.

    python -m simulation.report.deck.template simulation/report/deck/template.pptx

The library's own default gives the skeleton of a presentation; its theme, master and layouts are replaced by ours.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from simulation.report.deck.package import packed
from simulation.report.deck.page import (
    ALWAYS,
    BODY_TYPE,
    BOTTOM,
    EASTERN_FONT,
    FONT,
    FOOTER,
    HEIGHT,
    LAYOUTS,
    LINE,
    MARGIN,
    NUMBER,
    TITLE,
    WIDTH,
    Box,
    Holder,
)  # fmt: skip
from simulation.report.style import COLOURS, FAINT, INK, PAPER, SOFT

SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
THEME: dict[str, str] = {
    "dk1": INK, "lt1": PAPER, "dk2": SOFT, "lt2": FAINT,
    **{f"accent{place}": colour for place, colour in enumerate(COLOURS[:6], 1)}, "hlink": COLOURS[0], "folHlink": SOFT,
}  # fmt: skip
"""The slots of the theme: ink and paper, soft and faint, then the colours of policies in the order in which charts use them."""
RULE = Box(MARGIN, 6.92, WIDTH - 2 * MARGIN, 0.0)
ACCENT = Box(0.0, 0.45, 0.12, 1.1)
"""The one ornament: a bar at the edge beside the title."""
ABOUT = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>orgsim</Application></Properties>"
)
UNUSED = ("printerSettings", "thumbnail")
"""Parts of the library's default that no deck of ours needs."""


def template() -> Any:
    """A presentation without slides, with our theme, master and layouts."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    deck.part._element.sldSz.attrib.pop("type", None)  # noqa: SLF001 - it still names the default's shape
    for owner in (deck.part, deck.part.package):
        _drop_unused(owner)
    master = deck.slide_master
    while len(master.slide_layouts) > len(LAYOUTS):
        master.slide_layouts.remove(master.slide_layouts[-1])
    _theme(master.part)
    _replace(master._element, _master_shapes(), "Board deck")  # noqa: SLF001 - the library has no other way in
    _replace_styles(master._element)  # noqa: SLF001
    for layout, (name, holders) in zip(master.slide_layouts, LAYOUTS.items(), strict=True):
        element = layout._element  # noqa: SLF001
        _replace(element, _layout_shapes(holders), name)
        for attribute in ("type", "matchingName"):
            element.attrib.pop(attribute, None)
        element.set("preserve", "1")
        element.set("userDrawn", "1")
    for part in deck.part.package.iter_parts():
        if part.partname == "/docProps/app.xml":
            part._blob = ABOUT  # noqa: SLF001 - the library only passes it on
    deck.core_properties.title = "Board deck"
    deck.core_properties.author = "orgsim"
    return deck


def _drop_unused(owner: Any) -> None:
    relations = owner._rels  # noqa: SLF001 - the library has no other way in
    for name in [name for name, relation in relations.items() if relation.reltype.endswith(UNUSED)]:
        relations.pop(name)


def _theme(master: Any) -> None:
    """Our colours and fonts in the theme of the master."""
    part, root = _theme_of(master)
    root.set("name", "orgsim board")
    colours = root.find(f".//{A}clrScheme")
    colours.set("name", "orgsim")
    for slot, colour in THEME.items():
        _fill(colours.find(f"{A}{slot}"), [("srgbClr", {"val": colour.lstrip("#").upper()})])
    root.find(f".//{A}fontScheme").set("name", "orgsim")
    for one in root.iter(f"{A}majorFont", f"{A}minorFont"):
        _fill(one, [(slot, {"typeface": face}) for slot, face in (("latin", FONT), ("ea", EASTERN_FONT), ("cs", FONT))])
    _put_theme(part, root)


def _fill(element: Any, children: Iterable[tuple[str, dict[str, str]]]) -> None:
    """Give an element of a theme other children."""
    for child in list(element):
        element.remove(child)
    for name, attributes in children:
        element.append(element.makeelement(f"{A}{name}", attributes))


def _theme_of(master: Any) -> tuple[Any, Any]:
    """The part that holds the theme of a master, and its root."""
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.oxml import parse_xml

    part = master.part_related_by(RELATIONSHIP_TYPE.THEME)
    return part, parse_xml(part.blob)


def _put_theme(part: Any, root: Any) -> None:
    from pptx.opc.oxml import serialize_part_xml

    part._blob = serialize_part_xml(root)  # noqa: SLF001 - the library only passes themes on


def set_eastern_font(deck: Any, face: str) -> None:
    """The font that a deck shows Chinese, Japanese and Korean text in."""
    part, root = _theme_of(deck.slide_master.part)
    for one in root.iter(f"{A}majorFont", f"{A}minorFont"):
        one.find(f"{A}ea").set("typeface", face)
    _put_theme(part, root)


def _replace(element: Any, shapes: str, name: str) -> None:
    """Put our shapes in the place of those that a master or layout has."""
    from pptx.oxml import parse_xml

    group = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    old = element.cSld.spTree
    old.getparent().replace(old, parse_xml(f"<p:spTree {SPACES}>{group}{shapes}</p:spTree>"))
    element.cSld.set("name", name)


def _master_shapes() -> str:
    body = Holder("body", 1, "Text", Box(MARGIN, 1.8, WIDTH - 2 * MARGIN, BOTTOM - 1.8))
    ornaments = _bar("Accent", 20, ACCENT) + _line("Rule", 21, RULE)
    return ornaments + "".join(_holder(one, place) for place, one in enumerate((TITLE, body, FOOTER, NUMBER), 2))


def _layout_shapes(holders: Iterable[Holder]) -> str:
    return "".join(_holder(one, place) for place, one in enumerate((*ALWAYS, *holders), 2))


def _holder(one: Holder, number: int) -> str:
    """A placeholder with its place, its size of type and its prompt."""
    index = "" if one.kind == "title" else f' idx="{one.number}"'
    size = ' sz="quarter"' if one.kind in ("ftr", "sldNum") else ""
    anchor = {"ftr": "ctr", "sldNum": "ctr"}.get(one.kind, "t")
    style = _level(one)
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{escape(one.name)}"/>'
        f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{one.kind}"{size}{index}/></p:nvPr></p:nvSpPr>'
        f"<p:spPr>{_place(one.box)}</p:spPr>"
        f'<p:txBody><a:bodyPr vert="horz" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}"><a:noAutofit/>'
        f"</a:bodyPr><a:lstStyle>{style}</a:lstStyle>{_prompt(one)}</p:txBody></p:sp>"
    )


def _level(one: Holder) -> str:
    colour = {"Kicker": "accent1", "Footer": "tx2", "Slide number": "tx2"}.get(one.name, "tx1")
    align = "r" if one.kind == "sldNum" else "l"
    bold = int(one.kind == "title" or one.name == "Kicker" or one.name.endswith("heading"))
    return (
        f'<a:lvl1pPr marL="0" indent="0" algn="{align}"><a:lnSpc><a:spcPts val="{round(one.size * LINE * 100)}"/></a:lnSpc>'
        f'<a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/><a:defRPr sz="{round(one.size * 100)}" b="{bold}">'
        f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'
        f'<a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/><a:cs typeface="+mn-cs"/></a:defRPr></a:lvl1pPr>'
    )


def _prompt(one: Holder) -> str:
    if one.kind == "sldNum":
        field = '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr lang="en-GB"/><a:t>‹#›</a:t></a:fld>'
        return f"<a:p>{field}</a:p>"
    if one.kind in ("chart", "tbl", "pic"):
        return '<a:p><a:endParaRPr lang="en-GB"/></a:p>'
    return f'<a:p><a:r><a:rPr lang="en-GB"/><a:t>{escape(one.prompt)}</a:t></a:r></a:p>'


def _bar(name: str, number: int, box: Box) -> str:
    fill = '<a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln>'
    return _ornament(name, number, f'{_place(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{fill}')


def _line(name: str, number: int, box: Box) -> str:
    line = '<a:ln w="9525"><a:solidFill><a:schemeClr val="bg2"/></a:solidFill></a:ln>'
    return _ornament(name, number, f'{_place(box)}<a:prstGeom prst="line"><a:avLst/></a:prstGeom><a:noFill/>{line}')


def _ornament(name: str, number: int, look: str) -> str:
    about = f'<p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/>'
    words = '<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="en-GB"/></a:p></p:txBody>'
    return f"<p:sp><p:nvSpPr>{about}</p:nvSpPr><p:spPr>{look}</p:spPr>{words}</p:sp>"


def _place(box: Box) -> str:
    x, y, w, h = box.emu()
    return f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{w}" cy="{h}"/></a:xfrm>'


def _replace_styles(master: Any) -> None:
    """Sizes and colours of titles and text that the master hands down."""
    from pptx.oxml import parse_xml

    title, body = _level(TITLE), _level(Holder("body", 1, "Text", RULE, BODY_TYPE))
    styles = (
        f"<p:txStyles {SPACES}><p:titleStyle>{title}</p:titleStyle><p:bodyStyle>{body}</p:bodyStyle>"
        f"<p:otherStyle>{body}</p:otherStyle></p:txStyles>"
    )
    old = master.find("{http://schemas.openxmlformats.org/presentationml/2006/main}txStyles")
    master.replace(old, parse_xml(styles))


def write_template(path: Path) -> Path:
    """Write the template; the same bytes every time."""
    path.write_bytes(packed(template()))
    return path


if __name__ == "__main__":
    write_template(Path(sys.argv[1]))
