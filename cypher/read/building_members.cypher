// Party members who live in a building: their organization, the community they have reported to, the posts they hold at the building.
// title: 楼栋里的党员
// subject: 党员
// param scope: area(Building) -- key of the building
// param as_of: date = today -- the day that counts
// returns name: Person.name 姓名
// returns kind: MemberKind 党员类别
// returns organization: PartyOrganization.name 所属党组织 -- the first by name, when there are several
// returns reported_to: Community.name 报到社区 -- the first by name, when there are several
// returns posts: strings 本楼岗位
// route: GET /api/coverage/building-members
MATCH (b:Building {id: $scope})<-[:LIVES_IN]-(p:Person)
WHERE p.member_kind IS NOT NULL
  AND coalesce(p.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(p.valid_to, '9999-12-31')
OPTIONAL MATCH (p)-[g:BELONGS_TO]->(o:PartyOrganization)
WHERE coalesce(g.from, '0000-01-01') <= $as_of AND $as_of < coalesce(g.to, '9999-12-31')
WITH b, p, min(o.name) AS organization
OPTIONAL MATCH (p)-[r:REPORTED_TO]->(c:Community)
WHERE coalesce(r.from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.to, '9999-12-31')
WITH b, p, organization, min(c.name) AS reported_to
OPTIONAL MATCH (p)-[h:HOLDS]->(b)
WHERE coalesce(h.from, '0000-01-01') <= $as_of AND $as_of < coalesce(h.to, '9999-12-31')
WITH p, organization, reported_to, collect(DISTINCT h.post) AS posts
RETURN p.name AS name, p.member_kind AS kind, organization, reported_to, posts
ORDER BY kind, p.id
