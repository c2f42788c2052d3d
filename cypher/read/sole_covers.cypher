// Units that alone in their community offer resources of a wide category: what would be lost with each.
// title: 独家支撑
// subject: 共建单位与协议
// param scope: area(District, Street, Community) -- key of the area whose units are read
// param as_of: date = today -- the day that counts
// returns unit_id: Unit.id
// returns unit: Unit.name
// returns community: Community.name
// returns categories: strings 独家类别 -- wide categories that only this unit offers in the community
// route: GET /api/coverage/sole-covers
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)<-[:LOCATED_IN]-(u:Unit)<-[:OFFERED_BY]-(r:Resource)-[:IN_CATEGORY]->(k:Category)
WHERE coalesce(u.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(u.valid_to, '9999-12-31')
  AND coalesce(r.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.valid_to, '9999-12-31')
OPTIONAL MATCH (k)-[:BROADER]->(w:Category)
WITH c, coalesce(w.name, k.name) AS category, collect(DISTINCT u.id) AS owners
WHERE size(owners) = 1
WITH c, category, owners[0] AS owner
MATCH (u:Unit {id: owner})
WITH u, c, category ORDER BY category
RETURN u.id AS unit_id, u.name AS unit, c.name AS community, collect(category) AS categories
ORDER BY unit_id
