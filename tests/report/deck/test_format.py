"""The file against the format (ECMA-376): what makes PowerPoint offer a repair, looked for by hand."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from posixpath import dirname, join, normpath
from zipfile import ZipFile

import pytest
from decks import CASES_BY_COST, written
from lxml import etree

every_deck = pytest.mark.parametrize("name", CASES_BY_COST)
C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
SPACES = {"c": C, "a": A, "p": P}
AXIS = (
    "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr "
    "crossAx crosses crossesAt"
)
SHOWN = "showLegendKey showVal showCatName showSerName showPercent showBubbleSize separator"
LETTERS = "ln noFill solidFill gradFill pattFill effectLst highlight latin ea cs sym hlinkClick extLst"
ORDERS = {
    (C, "chartSpace"): "date1904 lang roundedCorners AlternateContent style clrMapOvr chart spPr txPr externalData extLst",
    (C, "chart"): "title autoTitleDeleted plotArea legend plotVisOnly dispBlanksAs showDLblsOverMax extLst",
    (C, "barChart"): "barDir grouping varyColors ser dLbls gapWidth overlap serLines axId extLst",
    (C, "scatterChart"): "scatterStyle varyColors ser dLbls axId extLst",
    (C, "valAx"): f"{AXIS} crossBetween majorUnit minorUnit dispUnits extLst",
    (C, "catAx"): f"{AXIS} auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl extLst",
    (C, "scaling"): "logBase orientation max min extLst",
    (C, "dLbls"): f"dLbl delete numFmt spPr txPr dLblPos {SHOWN} showLeaderLines leaderLines extLst",
    (C, "dLbl"): f"idx delete layout tx numFmt spPr txPr dLblPos {SHOWN} extLst",
    (C, "errBars"): "errDir errBarType errValType noEndCap plus minus val spPr extLst",
    (C, "dPt"): "idx invertIfNegative marker bubble3D explosion spPr pictureOptions extLst",
    (C, "legend"): "legendPos legendEntry layout overlay spPr txPr extLst",
    (C, "manualLayout"): "layoutTarget xMode yMode wMode hMode x y w h extLst",
    (C, "numCache"): "formatCode ptCount pt extLst",
    (A, "rPr"): LETTERS, (A, "defRPr"): LETTERS,
    (A, "pPr"): "lnSpc spcBef spcAft buClr buFont buNone buChar tabLst defRPr extLst",
    (A, "tcPr"): "lnL lnR lnT lnB lnTlToBr lnBlToTr noFill solidFill gradFill extLst",
    (A, "tbl"): "tblPr tblGrid tr",
    (P, "graphicFrame"): "nvGraphicFramePr xfrm graphic extLst",
    (P, "presentation"): "sldMasterIdLst notesMasterIdLst handoutMasterIdLst sldIdLst sldSz notesSz defaultTextStyle extLst",
}  # fmt: skip
"""Children of an element in the one order that its schema has."""
PLACES = {
    "clustered": {"ctr", "inBase", "inEnd", "outEnd"}, "stacked": {"ctr", "inBase", "inEnd"}, "": {"ctr", "t", "b", "l", "r"},
}  # fmt: skip
"""Where labels may stand, by how bars are grouped; without bars, beside points."""


def parts(name):
    """Every part of a deck by its name; those of XML as their roots."""
    with ZipFile(BytesIO(written(name))) as package:
        found = {part: package.read(part) for part in package.namelist()}
    return {part: etree.fromstring(data) if part.endswith((".xml", ".rels")) else data for part, data in found.items()}


def relations(found):
    """(source, kind, target) of every relation between parts."""
    for name, root in found.items():
        if name.endswith(".rels"):
            folder = dirname(dirname(name))
            source = join(folder, name.rpartition("/")[2].removesuffix(".rels"))
            for one in root:
                target = one.get("Target")
                place = target[1:] if target.startswith("/") else normpath(join(folder, target))
                yield source, one.get("Type").rpartition("/")[2], place


@every_deck
def test_parts_are_named_once_and_related(name):
    """No two parts have one name, each has a type, and relations lead to every part and to nothing else."""
    with ZipFile(BytesIO(written(name))) as package:
        names = package.namelist()
    found = parts(name)
    types = found["[Content_Types].xml"]
    known = {one.get("PartName", "")[1:] for one in types} | {one.get("Extension") for one in types}

    assert max(Counter(names).values()) == 1
    assert [part for part in names[1:] if not {part, part.rpartition(".")[2]} & known] == []
    assert {target for *_, target in relations(found)} == {part for part in names[1:] if not part.endswith(".rels")}


@every_deck
def test_children_stand_in_the_order_of_the_schema(name):
    """Of charts, tables, text and frames every child is known and stands where the schema has it."""
    for part, root in parts(name).items():
        for element in root.iter(*(f"{{{space}}}{tag}" for space, tag in ORDERS)) if part.endswith(".xml") else ():
            order = ORDERS[element.tag[1:].split("}")[0], etree.QName(element).localname].split()
            places = [order.index(etree.QName(child).localname) for child in element]

            assert places == sorted(places), (part, element.tag)


@every_deck
def test_axes_cross_and_labels_stand_where_they_may(name):
    """Both axes of a chart cross each other, and points, labels and cached values are numbered upwards within their counts."""
    for part, root in parts(name).items():
        if not part.startswith("ppt/charts/chart"):
            continue
        axes = {axis.get("val") for axis in root.xpath("//c:valAx/c:axId | //c:catAx/c:axId", namespaces=SPACES)}
        crossed = {axis.get("val") for axis in root.iter(f"{{{C}}}crossAx")}
        used = {axis.get("val") for axis in root.xpath("//c:barChart/c:axId | //c:scatterChart/c:axId", namespaces=SPACES)}
        grouping = next((one.get("val") for one in root.iter(f"{{{C}}}grouping")), "")

        assert len(axes) == 2
        assert axes == crossed == used
        assert {one.get("val") for one in root.iter(f"{{{C}}}dLblPos")} <= PLACES[grouping]
        for series in root.iter(f"{{{C}}}ser"):
            for kind in ("c:dPt", "c:dLbls/c:dLbl"):
                numbers = [int(one.find(f"{{{C}}}idx").get("val")) for one in series.findall(kind, SPACES)]
                assert numbers == sorted(set(numbers))
        for count in root.iter(f"{{{C}}}ptCount"):
            numbers = [int(point.get("idx")) for point in count.getparent().iter(f"{{{C}}}pt")]
            assert numbers == sorted(set(numbers))
            assert max(numbers, default=-1) < int(count.get("val"))


@every_deck
def test_tables_fill_their_grids(name):
    """A row of a table has as many cells as the grid has columns, and each holds a paragraph."""
    for root in (root for part, root in parts(name).items() if part.startswith("ppt/slides/slide")):
        for table in root.iter(f"{{{A}}}tbl"):
            assert {len(row.findall("a:tc", SPACES)) for row in table.findall("a:tr", SPACES)} == {
                len(table.findall("a:tblGrid/a:gridCol", SPACES))
            }
        assert root.xpath("//*[local-name()='txBody' and not(a:p)]", namespaces=SPACES) == []


@every_deck
def test_cells_without_words_are_no_higher_than_others(name):
    """An empty paragraph of a table says how large its type is; else programs make it as high as their usual one."""
    for root in (root for part, root in parts(name).items() if part.startswith("ppt/slides/slide")):
        empty = root.xpath("//a:tc//a:p[not(a:r/a:t/text())]", namespaces=SPACES)

        assert all(int(end.get("sz")) >= 1200 for paragraph in empty for end in paragraph.findall("a:endParaRPr", SPACES))
        assert all(paragraph.find("a:endParaRPr", SPACES) is not None for paragraph in empty)


@every_deck
def test_slides_and_notes_know_each_other(name):
    """A slide has one layout and one page of notes, which leads back to it and to the master of notes; no placeholder is new."""
    found = parts(name)
    links = list(relations(found))
    for part, root in found.items():
        if not part.startswith("ppt/slides/slide") or not part.endswith(".xml"):
            continue
        own = {kind: target for source, kind, target in links if source == part and kind in ("slideLayout", "notesSlide")}
        back = {kind: target for source, kind, target in links if source == own["notesSlide"]}
        pages = root, found[own["slideLayout"]]
        holders = [[(one.get("type"), one.get("idx")) for one in page.iter(f"{{{P}}}ph")] for page in pages]

        assert back["slide"] == part
        assert back["notesMaster"] in found
        assert set(holders[0]) <= set(holders[1])
        assert len(set(holders[0])) == len(holders[0])
