"""What each reading query is asked in the tests, and one change in the data that must change its answer.

The scope is the demo's district unless said otherwise. A change is Cypher that runs in a transaction which
is taken back afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DISTRICT, FEIXING, YANHELU = "410411", "410411004004", "410411001003"
DAY = "2020-10-01"


@dataclass(frozen=True)
class Asked:
    """The arguments of a query beside scope and as_of, and the change that must show in its answer.

    `none_in_demo`: what is asked for is lacking in the demo district, so that the answer there has no rows.
    """

    change: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    scope: str = DISTRICT
    none_in_demo: bool = False


ASKED: Mapping[str, Asked] = {
    "agreement_promises": Asked("MATCH (:Agreement)-[m:PROMISES]->(:Resource) SET m.quantity = 1"),
    "agreements_ending": Asked("MATCH (g:Agreement) SET g.valid_to = '2020-10-02'"),
    "agreements_registered": Asked("MATCH (g:Agreement) SET g.state = '终止'"),
    "area_counts": Asked("MATCH (b:Building) WITH b LIMIT 1 SET b.valid_to = '2020-01-01'"),
    "area_path": Asked(f"MATCH (c:Community {{id: '{FEIXING}'}}) SET c.name = '改名社区'", scope=FEIXING),
    "areas_below": Asked("MATCH (s:Street) WITH s LIMIT 1 SET s.valid_to = '2020-01-01'"),
    "areas_without_party_organization": Asked(
        "MATCH (:Estate)<-[l:LEADS]-(:PartyOrganization {level: 3}) SET l.to = '2020-09-30'", {"level": 3}
    ),
    "building_members": Asked(
        "MATCH (:Building {id: $scope})<-[l:LIVES_IN]-() WITH l LIMIT 1 DELETE l",
        scope="demo-410411002006-X08-11",
    ),
    "building_gaps": Asked(
        "MATCH (:Building)<-[h:HOLDS {post: '楼栋长'}]-() WITH h LIMIT 1 SET h.to = '2020-01-01'"
    ),
    "buildings_without_head": Asked(
        "MATCH (:Building)<-[h:HOLDS {post: '楼栋长'}]-() WITH h LIMIT 1 SET h.to = '2020-01-01'"
    ),
    "buildings_without_member": Asked("MATCH (b:Building)<-[l:LIVES_IN]-() WITH l LIMIT 200 DELETE l"),
    "communities_without_organization": Asked(
        "MATCH (o:Organization {kind: '科协'}) SET o.valid_to = '2020-01-01'", {"kind": "科协"}
    ),
    "communities_without_post": Asked(
        "MATCH ()-[h:HOLDS {post: '社区民警'}]->() SET h.to = '2020-01-01'", {"post": "社区民警"}
    ),
    "community_organizations": Asked("MATCH (o:Organization {kind: '共青团'}) SET o.valid_to = '2020-01-01'"),
    "district_figures": Asked("MATCH (d:District {id: $scope}) SET d.population = 1"),
    "entity": Asked(f"MATCH (c:Community {{id: '{FEIXING}'}}) SET c.name = '改名社区'", {"id": FEIXING}),
    "grids_without_post": Asked("MATCH (:Grid)<-[h:HOLDS]-() WITH h LIMIT 1 SET h.to = '2020-01-01'"),
    "lost_without_organization": Asked(
        "MATCH (:PartyOrganization)-[r:REPORTS_TO]->(:PartyOrganization {level: 2}) SET r.to = '2020-01-01'",
        {"organization": "demo-410411001001-DZZ"},
    ),
    "lost_without_person": Asked(
        "MATCH ()-[h:HOLDS {post: '书记'}]->() SET h.to = '2020-01-01'", {"person": "demo-410411-RY00715"}
    ),
    "lost_without_unit": Asked("MATCH (g:Agreement) SET g.state = '终止'", {"unit": "demo-410411-DW0002"}),
    "matching_announced": Asked(
        "MATCH (n:Need) WITH n ORDER BY n.id LIMIT 1 CREATE (:Plan {id: 'P', state: 'announced'})-[:ASSIGNS {partner: 'R', quantity: 1}]->(n)",
        none_in_demo=True,
    ),
    "matching_areas": Asked("MATCH (b:Building)-[l:IN_GRID]->() WITH l LIMIT 1 DELETE l"),
    "matching_can_serve": Asked("MATCH (:Category)-[l:CAN_SERVE]->() SET l.weight = 0.125"),
    "matching_categories": Asked("MATCH (:Category)-[l:BROADER]->() DELETE l"),
    "matching_needs": Asked("MATCH (:Project)-[l:MEETS]->() SET l.quantity = 7000"),
    "matching_owners": Asked("MATCH (u:Unit) WITH u ORDER BY u.id LIMIT 1 SET u.valid_to = '2020-01-01'"),
    "matching_records": Asked("MATCH (:Project)-[l:USES]->() SET l.delivered = 0"),
    "matching_resources": Asked("MATCH (:Project)-[l:USES]->() SET l.promised = 7000"),
    "matching_ties": Asked("MATCH (g:Agreement) SET g.state = '终止'"),
    "matching_vetoes": Asked("MATCH (c:Claim) SET c.state = '申请'"),
    "members_by_building": Asked("MATCH (b:Building)<-[l:LIVES_IN]-() DELETE l", scope=FEIXING),
    "members_by_community": Asked("MATCH (p:Person {member_kind: '流动'}) SET p.member_kind = '自管'"),
    "members_by_kind": Asked("MATCH (p:Person {member_kind: '流动'}) SET p.member_kind = '自管'"),
    "members_by_street": Asked("MATCH (p:Person {member_kind: '流动'}) SET p.member_kind = '自管'"),
    "needs_by_category": Asked("MATCH (n:Need) SET n.state = '销号'"),
    "needs_by_community": Asked("MATCH (n:Need) SET n.state = '销号'"),
    "needs_by_street": Asked("MATCH (n:Need) SET n.state = '销号'"),
    "needs_lost_without": Asked(
        "MATCH (r:Resource)-[:OFFERED_BY]->(o) WHERE o.id <> 'demo-410411-DW0144' SET r.capacity = 0",
        {"owner": "demo-410411-DW0144"},
        none_in_demo=True,
    ),
    "needs_list": Asked("MATCH (n:Need) SET n.deadline = '2020-01-01'", {"overdue": True}),
    "needs_overdue": Asked("MATCH (n:Need) SET n.state = '销号'"),
    "needs_without_candidate": Asked("MATCH (r:Resource) SET r.capacity = 0"),
    "neighbours": Asked(
        f"MATCH (:Community {{id: '{FEIXING}'}})<-[l:LOCATED_IN]-(:Unit) DELETE l",
        {"id": FEIXING, "limit": 2000},
    ),
    "organization_network": Asked("MATCH (:Unit)-[l:LOCATED_IN]->(:Community) DELETE l"),
    "organization_tree": Asked("MATCH (:PartyOrganization)-[r:REPORTS_TO]->() SET r.to = '2020-01-01'"),
    "organizations_by_kind": Asked("MATCH (o:Organization {kind: '科协'}) SET o.members_count = 100000"),
    "organizations_list": Asked(
        "MATCH (o:Organization {kind: '红色管家委员会'}) SET o.members_count = 1",
        {"kind": "红色管家委员会"},
        YANHELU,
    ),
    "path_between": Asked(
        "MATCH (:Unit)-[l:LOCATED_IN]->(:Community) DELETE l",
        {"start": "demo-410411-DW0002", "end": "demo-410411-ZD0002"},
    ),
    "party_levels_below": Asked("MATCH (:Estate)<-[l:LEADS]-() SET l.to = '2020-01-01'"),
    "party_levels": Asked("MATCH (:Grid)<-[l:LEADS]-(:PartyOrganization {level: 4}) SET l.to = '2020-09-30'"),
    "plans": Asked(
        "CREATE (:Plan {id: 'P', scope: '410411', state: 'draft', made_at: '2020-10-01'})", none_in_demo=True
    ),
    "post_holders": Asked("MATCH ()-[h:HOLDS {post: '社区民警'}]->() SET h.to = '2020-01-01'", scope=FEIXING),
    "posts_by_community": Asked("MATCH ()-[h:HOLDS {post: '社区民警'}]->() SET h.to = '2020-01-01'"),
    "project_stories": Asked("MATCH (v:Venue) SET v.floor_area_m2 = 7.0", scope=FEIXING),
    "projects_list": Asked("MATCH (p:Project) SET p.state = '立项'", {"origin": "认领"}),
    "projects_of_area": Asked("MATCH (p:Project) SET p.state = '销号'"),
    "promised_and_delivered": Asked("MATCH (:Project)-[u:USES]->(:Resource) SET u.delivered = 0"),
    "property_areas_by_management": Asked(
        "MATCH (o:Organization {kind: '红色议事会'}) SET o.valid_to = '2020-01-01'"
    ),
    "property_areas_without_council": Asked(
        "MATCH (o:Organization {kind: '红色议事会'}) SET o.valid_to = '2020-01-01'", none_in_demo=True
    ),
    "reporting_rates": Asked("MATCH ()-[r:REPORTED_TO]->() SET r.to = '2020-01-01'"),
    "resources_by_category": Asked("MATCH (r:Resource) SET r.valid_to = '2020-01-01'"),
    "resources_by_street": Asked("MATCH (r:Resource) SET r.valid_to = '2020-01-01'"),
    "resources_for_need": Asked("MATCH (r:Resource) SET r.capacity = 0", {"need": "?"}),
    "resources_list": Asked(
        "MATCH (r:Resource) SET r.last_confirmed = '2019-01-01'", {"used": False, "confirmed": True}
    ),
    "resources_of_area": Asked("MATCH (r:Resource) SET r.last_confirmed = '2020-09-30'"),
    "seats_by_committee": Asked("MATCH ()-[s:SEATED_ON]->() SET s.to = '2020-01-01'"),
    "sole_covers": Asked("MATCH (r:Resource)-[l:IN_CATEGORY]->() DELETE l"),
    "sole_post_holders": Asked("MATCH ()-[h:HOLDS {post: '社区民警'}]->() SET h.to = '2020-01-01'"),
    "streets": Asked("MATCH (:Grid)<-[l:LEADS]-(:PartyOrganization) SET l.to = '2020-09-30'"),
    "supply_demand": Asked("MATCH ()-[u:USES]->() DELETE u"),
    "territory_map": Asked("MATCH (n:Need) SET n.state = '销号'"),
    "three_party_estates": Asked("MATCH (o:Organization {kind: '业委会'}) SET o.valid_to = '2020-01-01'"),
    "unconfirmed_resources": Asked("MATCH (r:Resource) SET r.last_confirmed = '2020-09-30'"),
    "units_and_agreements": Asked("MATCH ()-[s:SEATED_ON]->() SET s.to = '2020-01-01'"),
    "units_list": Asked("MATCH ()-[s:SEATED_ON]->() SET s.to = '2020-01-01'"),
    "unused_resources": Asked("MATCH ()-[u:USES]->() DELETE u"),
    "venues": Asked("MATCH (v:Venue) SET v.floor_area_m2 = 7.0"),
}
