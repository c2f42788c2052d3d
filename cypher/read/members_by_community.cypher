// Party members by community of residence and kind.
// title: 各社区居住党员
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns street: Street.name
// returns community_id: Community.id
// returns community: Community.name
// returns kind: MemberKind 党员类别
// returns members: integer 党员（名）
// route: GET /api/coverage/members-by-community
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)
MATCH (c)-[:PART_OF]->(s:Street)
MATCH (c)<-[:PART_OF]-(:Estate)<-[:PART_OF]-(:Building)<-[:LIVES_IN]-(p:Person)
WHERE p.member_kind IS NOT NULL
  AND coalesce(p.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(p.valid_to, '9999-12-31')
WITH s.name AS street, c.id AS community_id, c.name AS community, p.member_kind AS kind, p
RETURN street, community_id, community, kind, count(p) AS members
ORDER BY community_id, kind
