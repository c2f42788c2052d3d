// The network of communities, party organizations and co-building units of an area: one row per tie. Agreements appear as one tie between unit and organization.
// title: 组织与单位网络
// subject: 共建单位与协议
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
CALL () {
  MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..4]-(a)
  MATCH (a)<-[t:LEADS|LOCATED_IN]-(x:PartyOrganization|Unit)
  WHERE coalesce(t.from, '0000-01-01') <= $as_of AND $as_of < coalesce(t.to, '9999-12-31')
    AND coalesce(x.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(x.valid_to, '9999-12-31')
  WITH x, collect(DISTINCT [type(t), a]) AS ties
  UNWIND ties + [(x)-[s:REPORTS_TO|SEATED_ON|OF_UNIT]->(y:PartyOrganization|Unit)
    WHERE coalesce(s.from, '0000-01-01') <= $as_of AND $as_of < coalesce(s.to, '9999-12-31') | [type(s), y]] AS tie
  RETURN x, tie[0] AS relationship, tie[1] AS y
  UNION ALL
  MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(:Community)<-[:LOCATED_IN]-(x:Unit)
  WHERE coalesce(x.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(x.valid_to, '9999-12-31')
  MATCH (x)<-[:WITH_UNIT]-(g:Agreement)-[:WITH_ORGANIZATION]->(y:PartyOrganization)
  WHERE coalesce(g.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(g.valid_to, '9999-12-31') AND coalesce(g.state, '') <> '终止'
  RETURN x, 'AGREEMENT' AS relationship, y
}
WITH DISTINCT x.id AS start_id, labels(x)[0] AS start_label, x.name AS start_name, relationship,
  y.id AS end_id, labels(y)[0] AS end_label, y.name AS end_name
RETURN start_id, start_label, start_name, relationship, end_id, end_label, end_name
ORDER BY start_id, relationship, end_id
