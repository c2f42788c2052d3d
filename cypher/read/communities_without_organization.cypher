// Communities of residents' committees that lack an organization of a kind.
// title: 缺少某类组织的社区
// subject: 组织与岗位
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// param kind: OrganizationKind -- the kind that is looked for
// param as_of: date = today -- the day that counts
// returns street: Street.name
// returns community_id: Community.id
// returns community: Community.name
// route: GET /api/coverage/communities-without-organization
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)
MATCH (c)-[:PART_OF]->(s:Street)
WHERE c.kind = '居委会'
  AND coalesce(c.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(c.valid_to, '9999-12-31')
OPTIONAL MATCH (c)<-[:SERVES]-(o:Organization)
WHERE o.kind = $kind
  AND coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
WITH s, c, count(o) AS present
WHERE present = 0
RETURN s.name AS street, c.id AS community_id, c.name AS community
ORDER BY community_id
