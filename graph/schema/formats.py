"""Forms of identifiers, with their check digits.

Unified social credit code: GB 32100-2015. The checksum comes from python-stdnum; its tables of regions
and registering departments are not used, because they refuse valid codes (those that start with Y or N). Of identity numbers (GB 11643-1999) only the check digit
and the form are looked at, for the same reason.
"""

import re

from stdnum.cn import ric, uscc

from graph.model import Format

_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_PHONE = re.compile(r"(1[3-9]\d{9})|(0\d{2,3}-?\d{7,8}(-\d{1,6})?)|(\d{7,8})|(400-?\d{3}-?\d{4})|(1\d{4})")
_IDENTITY_NUMBER = re.compile(
    r"[1-8]\d{5}(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[0-9Xx]", re.ASCII
)
_AREA_CODE = re.compile(r"(nbs|local|demo):\S+")


def check_uscc(text: str) -> str | None:
    """What is wrong with a unified social credit code, or None.

    >>> check_uscc("91410400MA45678904")
    '校验位不对，请对照营业执照或法人证书'
    """
    if not _USCC.fullmatch(text):
        return "应为 18 位数字或大写字母（不含 I、O、S、V、Z）"
    if uscc.calc_check_digit(text[:17]) != text[17]:
        return "校验位不对，请对照营业执照或法人证书"
    return None


def check_phone(text: str) -> str | None:
    """What is wrong with a telephone number, or None.

    >>> check_phone("13800008000"), check_phone("0375-1234567"), check_phone("138")
    (None, None, '应为 11 位手机号，或带区号的座机，例如 0375-1234567')
    """
    return None if _PHONE.fullmatch(text) else "应为 11 位手机号，或带区号的座机，例如 0375-1234567"


def check_person_number(text: str) -> str | None:
    """What is wrong with the number of a person in a register, or None.

    It is the key of the person, which pages, addresses and exports show: a number by which the state or a
    telephone exchange knows the person cannot be it. The sentence never quotes the number.

    >>> check_person_number("RY-000001"), check_person_number("13800008000")
    (None, '像是手机号，编号会显示在页面和导出的文件里，不能用它；应为本单位自编的编号，没有请留空')
    """
    if _IDENTITY_NUMBER.fullmatch(text) and ric.calc_check_digit(text[:17]) == text[17].upper():
        found = "身份证号"
    elif re.fullmatch(r"1[3-9]\d{9}", text, re.ASCII):
        found = "手机号"
    else:
        return None
    return f"像是{found}，编号会显示在页面和导出的文件里，不能用它；应为本单位自编的编号，没有请留空"


def check_area_code(text: str) -> str | None:
    """What is wrong with a (scheme, value) pair written `scheme:value`, or None."""
    return None if _AREA_CODE.fullmatch(text) else "应写成 nbs:410411、local:自编号 或 demo:示例编号"


USCC = Format("uscc", "统一社会信用代码", "91410400MA4567890P", check_uscc)
PHONE = Format("phone", "电话", "0375-1234567", check_phone)
PERSON_NUMBER = Format("person_number", "人员编号", "RY-000001", check_person_number)
AREA_CODE = Format("area_code", "区划代码", "nbs:410411001003", check_area_code)
