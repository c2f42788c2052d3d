// The best resources for one need, with the path in the graph that explains each: category, service area, owner, agreement. A resource can serve when it serves the place of the need or an area around it; what owners decline, groups of people and dates are for a match to weigh.
// title: 某需求的最佳资源
// subject: 对接
// param scope: area -- key of the area that the need lies in
// param need: string -- key of the need
// param as_of: date = today -- the day that counts
// param limit: integer = 10 -- how many at most
// returns resource_id: Resource.id
// returns title: Resource.title 资源
// returns owner: string 提供方 -- name of who offers it; 个人 for a person, who is not named
// returns owner_id: string 提供方编号 -- null for a person
// returns capacity: Resource.capacity
// returns unit: Resource.unit
// returns category_score: decimal 类别匹配 -- 0 to 1, from CAN_SERVE
// returns place: string 地点关系 -- 同社区, 同街道 or 同区
// returns agreement: string 依据协议 -- key of an agreement in force between the owner and the need's community, if any
// returns score: decimal 匹配度 -- 0.6 category + 0.25 place + 0.15 tie
// returns path: maps 依据路径 -- the nodes from need to resource: label, id, name, and the relationship that leads to each
// route: GET /api/needs/{need}/resources
MATCH (n:Need {id: $need})-[:RAISED_IN]->(at)-[:PART_OF*0..4]->(root:District|Street|Community|Estate|Grid|Building {id: $scope})
OPTIONAL MATCH (at)-[:PART_OF*0..2]->(c:Community)
OPTIONAL MATCH (at)-[:PART_OF*0..3]->(s:Street)
MATCH (at)-[:PART_OF*0..4]->(around:District|Street|Community|Estate|Grid|Building)
WITH n, c, s, collect(around.id) AS places
MATCH (n)-[:IN_CATEGORY]->(wanted:Category)-[:BROADER*0..1]->(:Category)<-[can:CAN_SERVE]-(:Category)<-[:BROADER*0..1]-(kind:Category)<-[:IN_CATEGORY]-(r:Resource)
WHERE coalesce(r.capacity, 0) > 0
  AND coalesce(r.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.valid_to, '9999-12-31')
WITH n, c, s, places, wanted, r, kind, max(coalesce(can.weight, 1.0)) AS category_score
MATCH (r)-[:SERVES]->(served)
WHERE served.id IN places
WITH DISTINCT n, c, s, wanted, r, kind, category_score
MATCH (r)-[:OFFERED_BY]->(o)
OPTIONAL MATCH (o)-[:LOCATED_IN*0..1]->(home:Community)
OPTIONAL MATCH (home)-[:PART_OF]->(home_street:Street)
OPTIONAL MATCH (o)<-[:WITH_UNIT]-(g:Agreement)-[:WITH_ORGANIZATION]->(:PartyOrganization)-[l:LEADS]->(c)
WHERE coalesce(g.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(g.valid_to, '9999-12-31') AND coalesce(g.state, '') <> '终止'
  AND coalesce(l.from, '0000-01-01') <= $as_of AND $as_of < coalesce(l.to, '9999-12-31')
WITH n, wanted, kind, r, o, category_score,
  CASE WHEN home.id = c.id THEN '同社区' WHEN home_street.id = s.id THEN '同街道' ELSE '同区' END AS place,
  min(g.id) AS agreement
WITH n, wanted, kind, r, o, category_score, place, agreement,
  0.6 * category_score + CASE place WHEN '同社区' THEN 0.25 WHEN '同街道' THEN 0.175 ELSE 0.1 END
    + CASE WHEN agreement IS NULL THEN 0.0 ELSE 0.15 END AS score
ORDER BY score DESC, r.id
LIMIT $limit
RETURN r.id AS resource_id, r.title AS title, CASE labels(o)[0] WHEN 'Person' THEN '个人' ELSE o.name END AS owner,
  CASE labels(o)[0] WHEN 'Person' THEN null ELSE o.id END AS owner_id, r.capacity AS capacity, r.unit AS unit,
  category_score, place, agreement, score,
  [{label: 'Need', id: n.id, name: n.title, by: ''},
   {label: 'Category', id: wanted.id, name: wanted.name, by: 'IN_CATEGORY'},
   {label: 'Category', id: kind.id, name: kind.name, by: 'CAN_SERVE'},
   {label: 'Resource', id: r.id, name: r.title, by: 'IN_CATEGORY'},
   {label: labels(o)[0], id: CASE labels(o)[0] WHEN 'Person' THEN null ELSE o.id END, name: CASE labels(o)[0] WHEN 'Person' THEN '个人' ELSE o.name END, by: 'OFFERED_BY'}] AS path
