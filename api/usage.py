"""Wrong usage of the command line, as one sentence in the user's language."""

from typing import Any, cast

from pydantic import ValidationError
from typer.core import TyperCommand, TyperGroup

from api.wording import ENGLISH, say

_EXPECTED = {
    "greater_than_equal": "：不能小于 {ge}",
    "less_than_equal": "：不能大于 {le}",
    "int_parsing": "：应为整数",
}
"""What pydantic found wrong with a value, in Chinese."""


def usage_sentence(error: Exception) -> str:
    """What is wrong with the words of a command, and how to go on.

    Told apart by the name of the exception: the parser raises classes that are not public.
    """
    message = str(getattr(error, "message", "") or error)
    hint = say("；用法见 {} --help", "; see {} --help").format(_command_path(error))
    name = _parameter_name(error)
    if ENGLISH:
        of = f"{name}: " if type(error).__name__ == "BadParameter" else ""
        return f"{of}{message.rstrip('.')}{hint}"
    match type(error).__name__:
        case "NoSuchOption":
            near = "、".join(getattr(error, "possibilities", None) or ())
            return f"没有选项 {error.option_name}{f'，是否想写 {near}' if near else ''}{hint}"  # type: ignore[attr-defined]
        case "MissingParameter":
            return f"缺少 {name}{hint}"
        case "BadParameter":
            return f"{name} 的值不对{_expected(error)}{hint}"
        case _ if "No such command" in message or type(error).__name__ == "NoSuchCommand":
            word = message.split("'")[1] if "'" in message else ""
            near = message.split("'")[3] if message.count("'") >= 4 else ""
            return f"没有命令 {word}{f'，是否想写 {near}' if near else ''}{hint}"
        case _ if "extra argument" in message:
            return f"多写了 {message[message.find('(') + 1 : message.rfind(')')].split('(')[-1]}{hint}"
        case _ if "requires an argument" in message or type(error).__name__ == "BadOptionUsage":
            return f"选项 {getattr(error, 'option_name', '') or ''} 后面缺少值{hint}"
        case _:
            return f"命令的写法不对{hint}"


def _command_path(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    return str(context.command_path) if context is not None else "linmai"


def _parameter_name(error: Exception) -> str:
    param = getattr(error, "param", None)
    if param is None:
        return str(getattr(error, "param_hint", "") or "参数")
    options = [o for o in param.opts if o.startswith("--")]
    return options[0] if options else str(param.metavar or param.name).upper()


def _expected(error: Exception) -> str:
    """What a value should have been, from what the parser found: its own sentence is English."""
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return ""
    found = cause.errors()[0]
    sentence = _EXPECTED.get(found["type"], "")
    return sentence.format(**found.get("ctx", {}))


class _Spoken:
    """Help in the user's language where the parser has its own words."""

    def get_help_option(self, ctx: Any) -> Any:
        option = cast("Any", super()).get_help_option(ctx)
        if option is not None:
            option.help = say("显示这段说明", "Show this message and exit")
        return option

    def get_usage(self, ctx: Any) -> str:
        usage = str(cast("Any", super()).get_usage(ctx))
        return usage if ENGLISH else usage.replace("Usage:", "用法：", 1)


class Command(_Spoken, TyperCommand):
    """A command that explains itself in the user's language."""


class Group(_Spoken, TyperGroup):
    """A group of commands that explains itself in the user's language."""
