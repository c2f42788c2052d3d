// Party members that an area has to do with, by kind: they live there, have reported there, or belong to an organization that leads there or to that of a unit there. Each counts once.
// title: 各类党员
// param scope: area -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns kind: MemberKind 党员类别
// returns members: integer 党员（名）
// returns reported: integer 已报到（名） -- of these, how many have reported to a community
// route: GET /api/coverage/members
MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a)
MATCH (a)<-[t:LIVES_IN|REPORTED_TO|LEADS|LOCATED_IN]-(x)
WHERE coalesce(t.from, '0000-01-01') <= $as_of AND $as_of < coalesce(t.to, '9999-12-31')
OPTIONAL MATCH (x)<-[:OF_UNIT*0..1]-(o)<-[b:BELONGS_TO]-(q:Person)
WHERE coalesce(b.from, '0000-01-01') <= $as_of AND $as_of < coalesce(b.to, '9999-12-31')
WITH DISTINCT coalesce(q, x) AS p
WHERE p.member_kind IS NOT NULL
  AND coalesce(p.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(p.valid_to, '9999-12-31')
OPTIONAL MATCH (p)-[r:REPORTED_TO]->(:Community)
WHERE coalesce(r.from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.to, '9999-12-31')
WITH p, count(r) AS reports
RETURN p.member_kind AS kind, count(p) AS members, sum(CASE WHEN reports > 0 THEN 1 ELSE 0 END) AS reported
ORDER BY kind
