// The network of communities, party organizations and co-building units of an area: one row per tie. Agreements appear as one tie between unit and organization.
// title: 组织与单位网络
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns start_id: string 起点编号
// returns start_label: string 起点类型
// returns start_name: string 起点
// returns relationship: string 关系
// returns end_id: string 终点编号
// returns end_label: string 终点类型
// returns end_name: string 终点
// route: GET /api/networks/organizations
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..4]-(a)<-[t:LEADS|LOCATED_IN]-(x:PartyOrganization|Unit)
WHERE coalesce(t.from, '0000-01-01') <= $as_of AND $as_of < coalesce(t.to, '9999-12-31')
  AND coalesce(x.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(x.valid_to, '9999-12-31')
WITH x, collect({relationship: type(t), id: a.id, label: labels(a)[0], name: a.name}) AS places
OPTIONAL MATCH (x)-[s:REPORTS_TO|SEATED_ON|OF_UNIT]->(y:PartyOrganization|Unit)
WHERE coalesce(s.from, '0000-01-01') <= $as_of AND $as_of < coalesce(s.to, '9999-12-31')
WITH x, places, collect({relationship: type(s), id: y.id, label: labels(y)[0], name: y.name}) AS others
OPTIONAL MATCH (x)<-[:WITH_UNIT]-(g:Agreement)-[:WITH_ORGANIZATION]->(o:PartyOrganization)
WHERE coalesce(g.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(g.valid_to, '9999-12-31') AND coalesce(g.state, '') <> '终止'
WITH x, places, others, collect(DISTINCT {relationship: 'AGREEMENT', id: o.id, label: 'PartyOrganization', name: o.name}) AS agreements
UNWIND places + others + agreements AS tie
WITH x, tie
WHERE tie.id IS NOT NULL
RETURN x.id AS start_id, labels(x)[0] AS start_label, x.name AS start_name, tie.relationship AS relationship,
  tie.id AS end_id, tie.label AS end_label, tie.name AS end_name
ORDER BY start_id, relationship, end_id
