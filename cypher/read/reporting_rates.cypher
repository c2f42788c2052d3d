// Members in service by community of residence, and how many of them have reported to a community (双报到).
// title: 在职党员双报到率
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns street: Street.name
// returns community_id: Community.id
// returns community: Community.name
// returns in_service: integer 在职党员（名）
// returns reported: integer 已报到（名）
// returns rate: decimal 报到率 -- 0 to 1; empty where nobody in service lives
// route: GET /api/coverage/reporting
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)
MATCH (c)-[:PART_OF]->(s:Street)
OPTIONAL MATCH (c)<-[:PART_OF]-(:Estate)<-[:PART_OF]-(:Building)<-[:LIVES_IN]-(p:Person {member_kind: '在职'})
WHERE coalesce(p.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(p.valid_to, '9999-12-31')
OPTIONAL MATCH (p)-[r:REPORTED_TO]->(:Community)
WHERE coalesce(r.from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.to, '9999-12-31')
WITH s, c, p, count(r) AS reports
WITH s, c, count(p) AS in_service, sum(CASE WHEN reports > 0 THEN 1 ELSE 0 END) AS reported
RETURN s.name AS street, c.id AS community_id, c.name AS community, in_service, reported,
  CASE WHEN in_service = 0 THEN null ELSE toFloat(reported) / in_service END AS rate
ORDER BY community_id
