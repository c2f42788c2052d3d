// The posts held in each residents' committee's community: at the community itself, at an organization that leads or serves it, and in its grids. A required post that is not in the list is vacant.
// title: 社区岗位
// subject: 组织与岗位
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns street: Street.name
// returns community_id: Community.id
// returns community: Community.name
// returns grids: integer 网格（个）
// returns grids_staffed: integer 有网格员的网格（个）
// returns posts: strings 在岗岗位 -- posts held at the community or at an organization that leads or serves it
// route: GET /api/coverage/posts
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)
MATCH (c)-[:PART_OF]->(s:Street)
WHERE c.kind = '居委会'
  AND coalesce(c.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(c.valid_to, '9999-12-31')
OPTIONAL MATCH (c)<-[:PART_OF]-(g:Grid)
WHERE coalesce(g.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(g.valid_to, '9999-12-31')
OPTIONAL MATCH (g)<-[w:HOLDS {post: '网格员'}]-(:Person)
WHERE coalesce(w.from, '0000-01-01') <= $as_of AND $as_of < coalesce(w.to, '9999-12-31')
WITH s, c, g, count(w) AS wardens
WITH s, c, count(g) AS grids, sum(CASE WHEN wardens > 0 THEN 1 ELSE 0 END) AS grids_staffed
OPTIONAL MATCH (c)<-[own:HOLDS]-(:Person)
WHERE coalesce(own.from, '0000-01-01') <= $as_of AND $as_of < coalesce(own.to, '9999-12-31')
WITH s, c, grids, grids_staffed, collect(DISTINCT own.post) AS own_posts
OPTIONAL MATCH (c)<-[t:LEADS|SERVES]-(:PartyOrganization|Organization)<-[h:HOLDS]-(:Person)
WHERE coalesce(t.from, '0000-01-01') <= $as_of AND $as_of < coalesce(t.to, '9999-12-31')
  AND coalesce(h.from, '0000-01-01') <= $as_of AND $as_of < coalesce(h.to, '9999-12-31')
WITH s, c, grids, grids_staffed, own_posts, collect(DISTINCT h.post) AS posts
RETURN s.name AS street, c.id AS community_id, c.name AS community, grids, grids_staffed,
  own_posts + [post IN posts WHERE NOT post IN own_posts] AS posts
ORDER BY community_id
