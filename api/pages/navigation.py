"""The navigation, declared once. An entry is shown where its page exists, so a new page is one line here."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask


@dataclass(frozen=True)
class Entry:
    """A way into a part of the product: the endpoint of its page, its title, its icon.

    `demo` entries are shown for the demo district only.
    """

    endpoint: str
    title: str
    icon: str
    demo: bool = False


@dataclass(frozen=True)
class Group:
    """Entries that stand together, under a heading of their own or, the first ones, under none."""

    heading: str
    entries: tuple[Entry, ...]


NAVIGATION = (
    Group("", (
        Entry("home", "总览", "house"),
        Entry("organizations", "组织覆盖", "landmark"),
        Entry("members", "党员覆盖", "users"),
        Entry("partners", "共建资源", "handshake"),
        Entry("lists", "三项清单", "list-checks"),
        Entry("plans", "对接方案", "route"),
        Entry("network", "网络", "network"),
    )),
    Group("数据", (
        Entry("imports", "导入", "upload"),
        Entry("queries", "查询", "search-code"),
        Entry("schema", "数据模型", "shapes"),
        Entry("figures", "数字核对", "check-check", demo=True),
    )),
)  # fmt: skip


def groups(app: Flask, demo: bool) -> Iterator[Group]:
    """The groups with the entries that this application has pages for."""
    for group in NAVIGATION:
        shown = tuple(e for e in group.entries if e.endpoint in app.view_functions and (demo or not e.demo))
        if shown:
            yield Group(group.heading, shown)


def entry(endpoint: str) -> Entry:
    """The entry of an endpoint; KeyError when the navigation has none."""
    for group in NAVIGATION:
        for each in group.entries:
            if each.endpoint == endpoint:
                return each
    raise KeyError(endpoint)
