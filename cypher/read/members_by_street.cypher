// Party members by street and kind. A member counts once: where they live; when that is unknown, in the community reported to; when there is none, in the first area that the own organization leads, or else where the unit of that organization is.
// title: 各街道党员
// subject: 党员
// param scope: area(District, Street) -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns street_id: Street.id
// returns street: Street.name
// returns kind: MemberKind 党员类别
// returns members: integer 党员（名）
// returns reported: integer 已报到（名） -- of these, how many have reported to a community
// route: GET /api/coverage/members-by-street
CALL () {
  MATCH (root:District|Street {id: $scope})<-[:PART_OF*0..2]-(c:Community)
  MATCH (c)<-[:PART_OF]-(e:Estate)
  MATCH (e)<-[:PART_OF]-(b:Building)
  MATCH (b)<-[:LIVES_IN]-(p:Person)
  WHERE p.member_kind IS NOT NULL AND coalesce(p.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(p.valid_to, '9999-12-31')
  RETURN c AS area, p.member_kind AS kind, count(p) AS members,
    count([(p)-[r:REPORTED_TO]->() WHERE coalesce(r.from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.to, '9999-12-31') | 1][0]) AS reported
  UNION ALL
  MATCH (root:District|Street {id: $scope})<-[:PART_OF*0..2]-(c:Community)
  MATCH (c)<-[:REPORTED_TO]-(p:Person)
  WHERE NOT (p)-[:LIVES_IN]->()
  WITH DISTINCT c, p
  MATCH (p)-[r:REPORTED_TO]->(c)
  WHERE p.member_kind IS NOT NULL AND coalesce(r.from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.to, '9999-12-31')
    AND coalesce(p.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(p.valid_to, '9999-12-31')
  RETURN c AS area, p.member_kind AS kind, count(p) AS members, count(p) AS reported
  UNION ALL
  MATCH (root:District|Street {id: $scope})<-[:PART_OF*0..4]-(a)
  MATCH (a)<-[l:LEADS]-(o:PartyOrganization)
  WHERE coalesce(l.from, '0000-01-01') <= $as_of AND $as_of < coalesce(l.to, '9999-12-31')
  MATCH (o)<-[:BELONGS_TO]-(p:Person)
  WHERE NOT (p)-[:LIVES_IN]->()
  WITH DISTINCT a, o, p
  MATCH (p)-[b:BELONGS_TO]->(o)
  WHERE p.member_kind IS NOT NULL AND coalesce(b.from, '0000-01-01') <= $as_of AND $as_of < coalesce(b.to, '9999-12-31')
    AND coalesce(p.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(p.valid_to, '9999-12-31')
  OPTIONAL MATCH (p)-[r:REPORTED_TO]->(:Community)
  WHERE coalesce(r.from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.to, '9999-12-31')
  WITH a, o, p, count(r) AS reports
  WHERE reports = 0
  OPTIONAL MATCH (o)-[e:LEADS]->(x)
  WHERE x.id < a.id AND coalesce(e.from, '0000-01-01') <= $as_of AND $as_of < coalesce(e.to, '9999-12-31')
  WITH a, p, count(x) AS earlier
  WHERE earlier = 0
  RETURN a AS area, p.member_kind AS kind, count(p) AS members, 0 AS reported
  UNION ALL
  MATCH (root:District|Street {id: $scope})<-[:PART_OF*0..2]-(c:Community)
  MATCH (c)<-[:LOCATED_IN]-(:Unit)<-[:OF_UNIT]-(o:PartyOrganization)<-[:BELONGS_TO]-(p:Person)
  WHERE NOT (p)-[:LIVES_IN]->()
  WITH DISTINCT c, o, p
  MATCH (p)-[b:BELONGS_TO]->(o)
  WHERE p.member_kind IS NOT NULL AND coalesce(b.from, '0000-01-01') <= $as_of AND $as_of < coalesce(b.to, '9999-12-31')
    AND coalesce(p.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(p.valid_to, '9999-12-31')
  OPTIONAL MATCH (p)-[r:REPORTED_TO]->(:Community)
  WHERE coalesce(r.from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.to, '9999-12-31')
  WITH c, o, p, count(r) AS reports
  WHERE reports = 0
  OPTIONAL MATCH (o)-[l:LEADS]->(x)
  WHERE coalesce(l.from, '0000-01-01') <= $as_of AND $as_of < coalesce(l.to, '9999-12-31')
  WITH c, p, count(x) AS led
  WHERE led = 0
  RETURN c AS area, p.member_kind AS kind, count(p) AS members, 0 AS reported
}
WITH area, kind, sum(members) AS members, sum(reported) AS reported
MATCH (area)-[:PART_OF*0..3]->(s:Street)
WITH s.id AS street_id, s.name AS street, kind, sum(members) AS members, sum(reported) AS reported
RETURN street_id, street, kind, members, reported
ORDER BY street_id, kind
