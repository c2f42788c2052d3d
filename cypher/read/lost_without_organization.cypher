// What would be lost without a party organization or another organization: areas (区域) that no other organization of the level leads or no other of the kind serves, organizations below it (下级组织), members who belong to it (党员), agreements in force (协议), units with a seat on it (席位).
// title: 失去某组织的影响
// subject: 失去以后
// param scope: area -- key of an area that the organization leads or serves, or in which its unit is
// param organization: string -- key of the organization
// param as_of: date = today -- the day that counts
// returns loss: string 失去什么 -- the kind of loss
// returns id: string 编号 -- key of what is lost or left without
// returns name: string 名称
// returns detail: string 说明 -- the kind of the organization that serves an area, the number of members, the last day of an agreement
// route: GET /api/what-if/organization
CALL () {
  MATCH (o:PartyOrganization {id: $organization})-[l:LEADS]->(a)-[:PART_OF*0..4]->(root:District|Street|Community|Estate|Grid|Building {id: $scope})
  WHERE (labels(a)[0] <> 'Community' OR a.kind = '居委会')
    AND coalesce(l.from, '0000-01-01') <= $as_of AND $as_of < coalesce(l.to, '9999-12-31')
    AND coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
    AND coalesce(a.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(a.valid_to, '9999-12-31')
  WITH DISTINCT o, a, CASE labels(a)[0] WHEN 'Street' THEN 1 WHEN 'Community' THEN 2 WHEN 'Estate' THEN 3 WHEN 'Grid' THEN 4 ELSE 5 END AS level
  WHERE o.level = level
  OPTIONAL MATCH (a)<-[m:LEADS]-(x:PartyOrganization)
  WHERE x.id <> o.id AND x.level = level
    AND coalesce(m.from, '0000-01-01') <= $as_of AND $as_of < coalesce(m.to, '9999-12-31')
    AND coalesce(x.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(x.valid_to, '9999-12-31')
  WITH a, count(x) AS others
  WHERE others = 0
  RETURN '区域' AS loss, a.id AS id, a.name AS name, null AS detail
  UNION ALL
  MATCH (o:Organization {id: $organization})-[:SERVES]->(a)-[:IN_COMMUNITY*0..1]->()-[:PART_OF*0..4]->(root:District|Street|Community|Estate|Grid|Building {id: $scope})
  WHERE coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
  WITH DISTINCT o, a
  OPTIONAL MATCH (a)<-[:SERVES]-(x:Organization)
  WHERE x.id <> o.id AND x.kind = o.kind
    AND coalesce(x.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(x.valid_to, '9999-12-31')
  WITH o, a, count(x) AS others
  WHERE others = 0
  RETURN '区域' AS loss, a.id AS id, a.name AS name, o.kind AS detail
  UNION ALL
  MATCH (o:PartyOrganization {id: $organization})-[:LEADS|OF_UNIT]->(y)
  MATCH (y)-[:LOCATED_IN*0..1]->()-[:PART_OF*0..4]->(root:District|Street|Community|Estate|Grid|Building {id: $scope})
  WITH DISTINCT o
  CALL (o) {
    MATCH (o)<-[r:REPORTS_TO]-(x:PartyOrganization)
    WHERE coalesce(r.from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.to, '9999-12-31')
    RETURN DISTINCT '下级组织' AS loss, x.id AS id, x.name AS name, null AS detail
    UNION ALL
    MATCH (o)<-[b:BELONGS_TO]-(p:Person)
    WHERE p.member_kind IS NOT NULL
      AND coalesce(b.from, '0000-01-01') <= $as_of AND $as_of < coalesce(b.to, '9999-12-31')
      AND coalesce(p.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(p.valid_to, '9999-12-31')
    WITH o, count(DISTINCT p) AS members
    RETURN '党员' AS loss, o.id AS id, o.name AS name, toString(members) + ' 名' AS detail
    UNION ALL
    MATCH (o)<-[:WITH_ORGANIZATION]-(g:Agreement)
    WHERE coalesce(g.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(g.valid_to, '9999-12-31') AND coalesce(g.state, '') <> '终止'
    RETURN '协议' AS loss, g.id AS id, g.name AS name, g.valid_to AS detail
    UNION ALL
    MATCH (o)<-[s:SEATED_ON]-(u:Unit)
    WHERE coalesce(s.from, '0000-01-01') <= $as_of AND $as_of < coalesce(s.to, '9999-12-31')
    RETURN DISTINCT '席位' AS loss, u.id AS id, u.name AS name, null AS detail
  }
  RETURN loss, id, name, detail
}
RETURN loss, id, name, detail
ORDER BY loss, id
