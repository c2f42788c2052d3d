// What would be lost without a co-building unit: wide categories (独家类别) that only it offers in its community, committees (席位) on which no other unit has a seat, agreements in force (协议), projects under way that use its resources or that it leads (项目).
// title: 失去某单位的影响
// subject: 失去以后
// param scope: area(District, Street, Community) -- key of an area in which the unit is
// param unit: string -- key of the unit
// param as_of: date = today -- the day that counts
// returns loss: string 失去什么 -- the kind of loss
// returns id: string 编号 -- key of what is lost or left without
// returns name: string 名称
// returns detail: string 说明 -- the community of a category, the last day of an agreement, the state of a project
// route: GET /api/what-if/unit
MATCH (u:Unit {id: $unit})-[:LOCATED_IN]->(c:Community)-[:PART_OF*0..2]->(root:District|Street|Community {id: $scope})
CALL (u, c) {
  MATCH (u)<-[:OFFERED_BY]-(r:Resource)-[:IN_CATEGORY]->(k:Category)
  WHERE coalesce(r.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.valid_to, '9999-12-31')
    AND coalesce(u.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(u.valid_to, '9999-12-31')
  OPTIONAL MATCH (k)-[:BROADER]->(w:Category)
  WITH DISTINCT u, c, coalesce(w.id, k.id) AS wide, coalesce(w.name, k.name) AS name
  OPTIONAL MATCH (c)<-[:LOCATED_IN]-(x:Unit)<-[:OFFERED_BY]-(o:Resource)-[:IN_CATEGORY]->(:Category)-[:BROADER*0..1]->(same:Category)
  WHERE x.id <> u.id AND same.id = wide
    AND coalesce(x.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(x.valid_to, '9999-12-31')
    AND coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
  WITH c, wide, name, count(o) AS others
  WHERE others = 0
  RETURN '独家类别' AS loss, wide AS id, name, c.name AS detail
  UNION ALL
  MATCH (u)-[s:SEATED_ON]->(o:PartyOrganization)
  WHERE coalesce(s.from, '0000-01-01') <= $as_of AND $as_of < coalesce(s.to, '9999-12-31')
  OPTIONAL MATCH (o)<-[t:SEATED_ON]-(x:Unit)
  WHERE x.id <> u.id AND coalesce(t.from, '0000-01-01') <= $as_of AND $as_of < coalesce(t.to, '9999-12-31')
  WITH DISTINCT o, x
  WITH o, count(x) AS others
  WHERE others = 0
  RETURN '席位' AS loss, o.id AS id, o.name AS name, null AS detail
  UNION ALL
  MATCH (u)<-[:WITH_UNIT]-(g:Agreement)
  WHERE coalesce(g.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(g.valid_to, '9999-12-31') AND coalesce(g.state, '') <> '终止'
  RETURN '协议' AS loss, g.id AS id, g.name AS name, g.valid_to AS detail
  UNION ALL
  MATCH (u)<-[:OFFERED_BY|LED_BY]-(x:Resource|Project)
  OPTIONAL MATCH (x)<-[:USES]-(using:Project)
  WITH DISTINCT CASE labels(x)[0] WHEN 'Project' THEN x ELSE using END AS p
  WHERE p IS NOT NULL AND coalesce(p.state, '') <> '销号'
  RETURN '项目' AS loss, p.id AS id, p.name AS name, p.state AS detail
}
RETURN loss, id, name, detail
ORDER BY loss, id
