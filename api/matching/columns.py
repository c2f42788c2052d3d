"""Columns that several answers of matching share, each declared once."""

from graph.query_file import Column

RANK = Column("rank", "integer", "名次", "1 for the best")
NEED_ID = Column("need_id", "string", "需求编号", "key")
NEED = Column("need", "string", "需求", "title")
URGENCY = Column("urgency", "integer", "紧急程度", "1 to 5")
RESOURCE_ID = Column("resource_id", "string", "资源编号", "key")
RESOURCE = Column("resource", "string", "资源", "title")
OWNER = (
    Column("owner_id", "string", "提供方编号", "key"),
    Column("owner", "string", "提供方", "name; empty for a person"),
)
COMMUNITY = (
    Column("community_id", "string", "社区编号", "key; empty for a need of a street or the district"),
    Column("community", "string", "社区", "name; empty for a need of a street or the district"),
)
SERVED = (
    Column("needs", "integer", "需求（条）", "needs that ask for something"),
    Column("served", "integer", "满足（条）", "needs served in full"),
    Column("unserved", "integer", "未满足（条）", "all others"),
    Column("wanted_units", "integer", "需要数量", "units asked for"),
    Column("served_units", "integer", "满足数量", "units given"),
)
MISSING = Column("missing", "integer", "缺少数量", "units that it lacks")
SCORE = Column("score", "decimal", "匹配度", "0 to 1")
WEIGHT = Column("weight", "integer", "每单位价值", "score times urgency, what a plan gains by one unit")
PRICE = Column(
    "price",
    "integer",
    "占用代价",
    "what one unit of the resource is worth to other needs; empty without a plan",
)
WHY = (
    Column("reason", "string", "原因代码", "stable, for programs"),
    Column("heading", "string", "原因", "what the reason is called"),
    Column("sentence", "string", "说明", "the reason in figures"),
)
