"""Which register a file is an issue of, told from its name. Pure."""

import re

REJECTED = "-退回行"
"""What the name of an error workbook adds to the name of its file: it is not an issue of that register."""

_DATE = (
    r"(?:(?:19|20)\d{2}\s*年(?:度)?(?:\s*\d{1,2}\s*月(?:份)?(?:\s*\d{1,2}\s*[日号])?)?"
    r"|(?<!\d)(?:19|20)\d{2}\s*[-._]\s*\d{1,2}(?:\s*[-._]\s*\d{1,2})?(?!\d)"
    r"|(?<!\d)(?:19|20)\d{2}(?:(?:0[1-9]|1[0-2])(?:[0-3]\d)?)?(?!\d)"
    r"|(?<!\d)\d{1,2}\s*月(?:份)?(?:\s*\d{1,2}\s*[日号])?|第?[一二三四1-4]\s*季度?|[上下]半年|截至|截止)"
)
_VERSION = (
    r"(?:最新版?本?|最终版?本?|终稿|定稿|终版|初稿|修改[版稿]|修订[版稿]|更新版|已修改|已更新|新版|副本|复件|拷贝|备份"
    r"|(?<![a-z])(?:copy|final|new|draft)(?![a-z])|(?<![a-z])v\s*\d+(?:\.\d+)*"
    r"|第?[一二三四五六七八九十\d]+[版稿]|第[一二三四五六七八九十\d]+次|汇总版|完整版|报送版|上报版)"
)
_ISSUE = re.compile(
    rf"[\s(\[（【_\-—.]*(?:{_DATE}|{_VERSION}|[(（]\s*\d+\s*[)）])[\s)\]）】_\-—.]*", re.IGNORECASE
)


def source_name(file_name: str) -> str:
    """The register that a file is an issue of: its name without dates, version words, folder and extension.

    The error workbook of a file keeps its own source: it is no new issue of the register.

    >>> [source_name(n) for n in ("党员花名册(2020年9月)最新版(1).xlsx", "清单.zip/2020三季度资源清单-v2.xls", "2020.xlsx")]
    ['党员花名册', '资源清单', '2020']
    """
    stem = _stem(file_name)
    kept = stem.removesuffix(REJECTED)
    name = re.sub(r"\s+", " ", _ISSUE.sub("", kept)).strip(" -_—.") or kept.strip() or stem
    return name + (REJECTED if stem.endswith(REJECTED) else "")


def rejected_name(file_name: str) -> str:
    """The name of the error workbook of a file: `资源清单.xlsx` gives `资源清单-退回行.xlsx`."""
    stem = _stem(file_name)
    return stem.removesuffix(REJECTED) + REJECTED + ".xlsx"


def _stem(file_name: str) -> str:
    return re.sub(
        r"\.(?:xls[xmb]?|ods|csv|tsv|txt|html?|et)$",
        "",
        re.split(r"[/\\]", file_name)[-1],
        flags=re.IGNORECASE,
    )
