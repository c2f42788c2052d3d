// Resources by wide category and community of their owners' unit or of the owning community itself.
// title: 各社区资源类别
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns community_id: Community.id
// returns community: Community.name
// returns category: Category.name 大类
// returns resources: integer 资源（项）
// returns capacity: integer 数量合计
// route: GET /api/coverage/resources-by-category
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)<-[:LOCATED_IN|SERVES|LEADS*0..1]-(o)<-[:OFFERED_BY]-(r:Resource)
WHERE coalesce(r.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.valid_to, '9999-12-31')
WITH DISTINCT c, r
OPTIONAL MATCH (r)-[:IN_CATEGORY]->(k:Category)
OPTIONAL MATCH (k)-[:BROADER]->(w:Category)
WITH c.id AS community_id, c.name AS community, coalesce(w.name, k.name, '未分类') AS category, r.id AS id, coalesce(r.capacity, 0) AS capacity
RETURN community_id, community, category, count(id) AS resources, sum(capacity) AS capacity
ORDER BY community_id, category
