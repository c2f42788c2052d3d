// The kinds of organization that each residents' committee's community has. What a rule asks for and is not in the list is lacking.
// title: 社区已有组织
// subject: 组织与岗位
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns street: Street.name
// returns community_id: Community.id
// returns community: Community.name
// returns kinds: strings 已有组织 -- kinds of organization that serve the community itself
// route: GET /api/coverage/community-organizations
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)
MATCH (c)-[:PART_OF]->(s:Street)
WHERE c.kind = '居委会'
  AND coalesce(c.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(c.valid_to, '9999-12-31')
OPTIONAL MATCH (c)<-[:SERVES]-(o:Organization)
WHERE coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
WITH s.name AS street, c.id AS community_id, c.name AS community, collect(DISTINCT o.kind) AS kinds
RETURN street, community_id, community, kinds
ORDER BY community_id
