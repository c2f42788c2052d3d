// Grids of an area where nobody holds a post.
// title: 岗位空缺的网格
// subject: 组织与岗位
// param scope: area(District, Street, Community, Grid) -- key of the area whose subtree is read
// param post: Post = '网格员' -- the post that is looked for
// param as_of: date = today -- the day that counts
// returns community_id: Community.id
// returns community: Community.name
// returns grid_id: Grid.id
// returns grid: Grid.name
// route: GET /api/coverage/grids-without-post
MATCH (root:District|Street|Community|Grid {id: $scope})<-[:PART_OF*0..3]-(g:Grid)
MATCH (g)-[:PART_OF]->(c:Community)
WHERE coalesce(g.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(g.valid_to, '9999-12-31')
OPTIONAL MATCH (g)<-[h:HOLDS {post: $post}]-(:Person)
WHERE coalesce(h.from, '0000-01-01') <= $as_of AND $as_of < coalesce(h.to, '9999-12-31')
WITH c, g, count(h) AS holders
WHERE holders = 0
RETURN c.id AS community_id, c.name AS community, g.id AS grid_id, g.name AS grid
ORDER BY grid_id
