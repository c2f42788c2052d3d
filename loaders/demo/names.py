"""Names, telephone numbers and credit codes that nobody has.

A name is a surname, the word 示例 and a number: it sorts and is masked like a name, and no person bears it.
A telephone number has the city's prefix and a subscriber number that begins with 0: no exchange assigns
one, because 0 leads out of the local network. A credit code has the form and the check digit of GB 32100,
but a registering authority (X) and a region (000000) that do not exist.
"""

from stdnum.cn import uscc

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘葛范彭马方袁唐史薛雷贺汤罗"


def person_name(number: int) -> str:
    """The name of the demo's person with that number.

    >>> person_name(1), person_name(12345)
    ('钱示例00001', '邹示例12345')
    """
    return f"{_SURNAMES[number % len(_SURNAMES)]}示例{number:05d}"


def phone(number: int) -> str:
    """A telephone number that cannot be dialled.

    >>> phone(12)
    '0375-0000012'
    """
    return f"0375-0{number % 1_000_000:06d}"


def credit_code(number: int) -> str:
    """A unified social credit code that no body has, with a right check digit.

    >>> credit_code(1)
    'XX000000DEM000001X'
    """
    body = f"XX000000DEM{number:06d}"
    return body + str(uscc.calc_check_digit(body))
