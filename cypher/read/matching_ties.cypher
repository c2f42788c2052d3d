// Agreements in force and seats that tie units to the party organizations of a district, its streets and communities.
// title: 对接用：协议与席位
// subject: 对接
// param scope: area(District) -- key of the district
// param as_of: date = today -- the day that counts
// returns kind: string 关系 -- agreement or seat
// returns owner: string 共建单位 -- key of the unit
// returns area: string 区域 -- key of the area that the organization leads
// returns organization: string 党组织 -- key
// returns agreement: string 协议 -- key; empty for a seat
CALL () {
  MATCH (root:District {id: $scope})<-[:PART_OF*0..2]-(a)<-[l:LEADS]-(p:PartyOrganization)
  WHERE coalesce(l.from, '0000-01-01') <= $as_of AND $as_of < coalesce(l.to, '9999-12-31')
  MATCH (p)<-[:WITH_ORGANIZATION]-(g:Agreement)-[:WITH_UNIT]->(u:Unit)
  WHERE coalesce(g.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(g.valid_to, '9999-12-31') AND coalesce(g.state, '') <> '终止'
  RETURN 'agreement' AS kind, u.id AS owner, a.id AS area, p.id AS organization, g.id AS agreement
  UNION ALL
  MATCH (root:District {id: $scope})<-[:PART_OF*0..2]-(a)<-[l:LEADS]-(p:PartyOrganization)
  WHERE coalesce(l.from, '0000-01-01') <= $as_of AND $as_of < coalesce(l.to, '9999-12-31')
  MATCH (p)<-[s:SEATED_ON]-(u:Unit)
  WHERE coalesce(s.from, '0000-01-01') <= $as_of AND $as_of < coalesce(s.to, '9999-12-31')
  RETURN 'seat' AS kind, u.id AS owner, a.id AS area, p.id AS organization, '' AS agreement
}
WITH DISTINCT kind, owner, area, organization, agreement
RETURN kind, owner, area, organization, agreement
ORDER BY owner, area, kind, organization, agreement
