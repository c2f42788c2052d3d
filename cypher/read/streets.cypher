// The streets of a district: communities, areas below that a party organization should lead and that one leads, members in service who live there and who have reported.
// title: 各街道概况
// param scope: area(District) -- key of the district
// param as_of: date = today -- the day that counts
// returns street_id: Street.id
// returns street: Street.name
// returns communities: integer 社区（个）
// returns due: integer 应建党组织（个） -- communities, estates, grids and buildings
// returns led: integer 已建党组织（个）
// returns in_service: integer 在职党员（名） -- living in the street
// returns reported: integer 已报到（名） -- of these, reported to any community
// route: GET /api/coverage/streets
MATCH (d:District {id: $scope})<-[:PART_OF]-(s:Street)
OPTIONAL MATCH (s)<-[:PART_OF]-(c:Community)
WITH s, count(c) AS communities
OPTIONAL MATCH (s)<-[:PART_OF*1..3]-(a:Community|Estate|Grid|Building)
WHERE labels(a)[0] <> 'Community' OR a.kind = '居委会'
OPTIONAL MATCH (a)<-[l:LEADS]-(:PartyOrganization)
WHERE coalesce(l.from, '0000-01-01') <= $as_of AND $as_of < coalesce(l.to, '9999-12-31')
WITH s, communities, a, count(l) AS leaders
WITH s, communities, count(a) AS due, sum(CASE WHEN leaders > 0 THEN 1 ELSE 0 END) AS led
OPTIONAL MATCH (s)<-[:PART_OF*3..3]-(:Building)<-[:LIVES_IN]-(p:Person {member_kind: '在职'})
OPTIONAL MATCH (p)-[r:REPORTED_TO]->(:Community)
WHERE coalesce(r.from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.to, '9999-12-31')
WITH s, communities, due, led, p, count(r) AS reports
RETURN s.id AS street_id, s.name AS street, communities, due, led, count(p) AS in_service,
  sum(CASE WHEN reports > 0 THEN 1 ELSE 0 END) AS reported
ORDER BY street_id
