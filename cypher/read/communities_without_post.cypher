// Communities of residents' committees where nobody holds a post: neither at the community, nor at an organization that leads or serves it.
// title: 岗位空缺的社区
// subject: 组织与岗位
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// param post: Post -- the post that is looked for
// param as_of: date = today -- the day that counts
// returns street: Street.name
// returns community_id: Community.id
// returns community: Community.name
// route: GET /api/coverage/communities-without-post
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)
MATCH (c)-[:PART_OF]->(s:Street)
WHERE c.kind = '居委会'
  AND coalesce(c.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(c.valid_to, '9999-12-31')
OPTIONAL MATCH (c)<-[own:HOLDS {post: $post}]-(:Person)
WHERE coalesce(own.from, '0000-01-01') <= $as_of AND $as_of < coalesce(own.to, '9999-12-31')
WITH s, c, count(own) AS held
OPTIONAL MATCH (c)<-[t:LEADS|SERVES]-(:PartyOrganization|Organization)<-[h:HOLDS {post: $post}]-(:Person)
WHERE coalesce(t.from, '0000-01-01') <= $as_of AND $as_of < coalesce(t.to, '9999-12-31')
  AND coalesce(h.from, '0000-01-01') <= $as_of AND $as_of < coalesce(h.to, '9999-12-31')
WITH s, c, held, count(h) AS elsewhere
WHERE held + elsewhere = 0
RETURN s.name AS street, c.id AS community_id, c.name AS community
ORDER BY community_id
