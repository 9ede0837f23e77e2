"""The file around the page: structure, metadata, colours, what is attached, and an empty place for the signature."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import md5
from pathlib import Path
from xml.sax.saxutils import escape

from lms.certificates.pdfa.file import File, Name, Raw, Ref, Value
from lms.certificates.pdfa.page import Element, Page

RESERVED = 2048
"""Bytes of the signature's container; with two certificates it holds 1,400."""
BLANK_RANGE = b"/ByteRange [0 0 0 0]" + b" " * 30
BLANK_CONTAINER = b"/Contents <" + b"00" * RESERVED + b">"
BLANK_MOMENT = b"/M (D:00000000000000Z)"
PRODUCER = "Vereda"
PRINTED, LOCKED = 4, 128
SIGNATURES_EXIST, APPEND_ONLY = 1, 2
PAGE_KEY, WIDGET_KEY = 0, 1  # of the table from content to structure

_BLANK_SIGNATURE = b"\n".join(
    (
        b"<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached",
        BLANK_RANGE,
        BLANK_CONTAINER,
        BLANK_MOMENT,
        b"/Reference [<</Type /SigRef /TransformMethod /DocMDP",
        b"/TransformParams <</Type /TransformParams /V /1.2 /P 1>>>>]>>",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the file says of itself."""

    title: str
    author: str
    subject: str
    program: str
    language: str
    made_on: date
    signature: str
    """What the signature's place is called."""

    @property
    def day(self) -> str:
        """The day as PDF writes it: at midnight, never with a time of day."""
        return f"D:{self.made_on:%Y%m%d}000000Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file inside the file: what the page says, for machines."""

    name: str
    kind: str
    """Its media type."""
    description: str
    data: bytes


class Document:
    """The page with all that goes around it; one file is made of it with something attached, and another without."""

    def __init__(self, page: Page, about: About) -> None:
        self._file, self._about = File(), about
        file = self._file
        self._catalog, leaf, pages, widget = (file.reserve() for _ in range(4))
        signature = file.add(Raw(_BLANK_SIGNATURE))
        file.put(widget, _widget(leaf, signature, about))
        file.put(leaf, _page(file, page, pages, widget))
        file.put(pages, {"Type": Name("Pages"), "Kids": [leaf], "Count": 1})
        self._root: dict[str, Value] = {
            "Type": Name("Catalog"),
            "Pages": pages,
            "Lang": about.language,
            "MarkInfo": {"Marked": True},
            "StructTreeRoot": _structure(file, page.elements, leaf, widget, about),
            "ViewerPreferences": {"DisplayDocTitle": True},
            "Metadata": _metadata(file, about),
            "OutputIntents": [_colours(file)],
            "AcroForm": {"Fields": [widget], "SigFlags": SIGNATURES_EXIST | APPEND_ONLY},
            "Perms": {"DocMDP": signature},
        }
        self._info = file.add(_info(about))

    def file(self, attachment: Attachment | None = None) -> bytes:
        """The whole file, with a place for one signature after which nothing may change. The same gives the same bytes."""
        file, root = self._file.copy(), self._root
        if attachment:
            held = _attached(file, attachment, self._about)
            root = {**root, "AF": [held], "Names": {"EmbeddedFiles": {"Names": [attachment.name, held]}}}
        file.put(self._catalog, root)
        return file.bytes(root=self._catalog, info=self._info)


def _page(file: File, page: Page, pages: Ref, widget: Ref) -> Value:
    shown: dict[str, Value] = {f"F{place}": font.embed(file) for place, font in enumerate(page.fonts.values(), 1)}
    pictures: dict[str, Value] = {f"I{place}": each.embed(file) for place, each in enumerate(page.pictures, 1)}
    return {
        "Type": Name("Page"),
        "Parent": pages,
        "MediaBox": [0, 0, page.width, page.height],
        "Resources": {"Font": shown, **({"XObject": pictures} if pictures else {})},
        "Contents": file.stream(page.content),
        "Annots": [widget],
        "StructParents": PAGE_KEY,
        "Tabs": Name("S"),
    }


def _widget(leaf: Ref, signature: Ref, about: About) -> Value:
    """The signature's field: it has no place on the page, and a name for whoever reads the structure."""
    return {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "Rect": [0, 0, 0, 0],
        "P": leaf,
        "F": PRINTED | LOCKED,
        "StructParent": WIDGET_KEY,
        "FT": Name("Sig"),
        "T": "Signature",
        "TU": about.signature,
        "V": signature,
    }


def _structure(file: File, elements: list[Element], leaf: Ref, widget: Ref, about: About) -> Ref:
    tree, whole = file.reserve(), file.reserve()
    parts = [file.add(_told(each, place, whole, leaf)) for place, each in enumerate(elements)]
    form: dict[str, Value] = {
        "Type": Name("StructElem"),
        "S": Name("Form"),
        "P": whole,
        "Pg": leaf,
        "Alt": about.signature,
        "K": {"Type": Name("OBJR"), "Obj": widget, "Pg": leaf},
    }
    field = file.add(form)
    file.put(whole, {"Type": Name("StructElem"), "S": Name("Document"), "P": tree, "K": [*parts, field]})
    table: Value = {"Nums": [PAGE_KEY, parts, WIDGET_KEY, field]}
    file.put(tree, {"Type": Name("StructTreeRoot"), "K": whole, "ParentTree": table, "ParentTreeNextKey": 2})
    return tree


def _told(element: Element, place: int, whole: Ref, leaf: Ref) -> Value:
    told: dict[str, Value] = {"Type": Name("StructElem"), "S": Name(element.kind), "P": whole, "Pg": leaf, "K": place}
    if element.alternate:
        told["Alt"] = element.alternate
    if element.actual:
        told["ActualText"] = element.actual
    if element.box:
        told["A"] = {"O": Name("Layout"), "BBox": element.box, "Placement": Name("Block")}
    return told


def _attached(file: File, attachment: Attachment, about: About) -> Ref:
    digest = md5(attachment.data, usedforsecurity=False).hexdigest()
    sizes: dict[str, Value] = {
        "Size": len(attachment.data),
        "ModDate": about.day,
        "CheckSum": Raw(b"<" + digest.upper().encode() + b">"),
    }
    held = file.stream(
        attachment.data,
        {"Type": Name("EmbeddedFile"), "Subtype": Name(attachment.kind), "Params": sizes},
    )
    return file.add(
        {
            "Type": Name("Filespec"),
            "F": attachment.name,
            "UF": attachment.name,
            "Desc": attachment.description,
            "AFRelationship": Name("Data"),
            "EF": {"F": held, "UF": held},
        }
    )


def _colours(file: File) -> Value:
    """sRGB, so that colours are the same everywhere (ISO 19005-3, 6.2.3)."""
    return {
        "Type": Name("OutputIntent"),
        "S": Name("GTS_PDFA1"),
        "OutputConditionIdentifier": "sRGB IEC61966-2.1",
        "Info": "sRGB IEC61966-2.1",
        "DestOutputProfile": file.stream(_profile(), {"N": 3}),
    }


@cache
def _profile() -> bytes:
    """Little CMS's own sRGB profile (`PIL.ImageCms.createProfile`), its date set to one day for good."""
    return (Path(__file__).parent / "srgb.icc").read_bytes()


def _info(about: About) -> Value:
    return {
        "Title": about.title,
        "Author": about.author,
        "Subject": about.subject,
        "Creator": about.program,
        "Producer": PRODUCER,
        "CreationDate": about.day,
        "ModDate": about.day,
    }


def _metadata(file: File, about: About) -> Ref:
    """XMP, not compressed, so that archives read it; it says the same as `_info`."""
    values = {
        "title": about.title,
        "author": about.author,
        "subject": about.subject,
        "program": about.program,
        "language": about.language,
        "producer": PRODUCER,
        "day": f"{about.made_on.isoformat()}T00:00:00Z",
    }
    told = _XMP % {name: escape(value) for name, value in values.items()}
    return file.stream(told.encode(), {"Type": Name("Metadata"), "Subtype": Name("XML")}, packed=False)


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%(title)s</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>%(author)s</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">%(subject)s</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>%(language)s</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>%(program)s</xmp:CreatorTool>
<xmp:CreateDate>%(day)s</xmp:CreateDate>
<xmp:ModifyDate>%(day)s</xmp:ModifyDate>
<xmp:MetadataDate>%(day)s</xmp:MetadataDate>
<pdf:Producer>%(producer)s</pdf:Producer>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file is made by</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
