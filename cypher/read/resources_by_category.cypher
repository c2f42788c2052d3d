// Resources on offer by community and wide category; those of owners of a street or the district itself come first, without a community. A resource is of an area when its owner is the area, is located, lives or leads in it, or serves it.
// title: 各社区资源类别
// subject: 资源
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns community_id: Community.id
// returns community: Community.name
// returns category: Category.name 大类
// returns resources: integer 资源（项）
// returns capacity: integer 数量合计
// route: GET /api/coverage/resources-by-category
CALL () {
  MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(a:Community)<-[:OFFERED_BY]-(r:Resource)
  RETURN a, a AS o, r
  UNION ALL
  MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..4]-(a)
  MATCH (a)<-[t:LOCATED_IN|SERVES|LEADS]-(o:Unit|Organization|PartyOrganization)
  WHERE coalesce(t.from, '0000-01-01') <= $as_of AND $as_of < coalesce(t.to, '9999-12-31')
  MATCH (o)<-[:OFFERED_BY]-(r:Resource)
  RETURN a, o, r
  UNION ALL
  MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..4]-(a:Building)
  MATCH (a)<-[:LIVES_IN]-(o:Person)<-[:OFFERED_BY]-(r:Resource)
  RETURN a, o, r
}
WITH a, r
WHERE coalesce(r.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.valid_to, '9999-12-31')
OPTIONAL MATCH (a)-[:PART_OF*0..2]->(c:Community)
WITH DISTINCT c, r
OPTIONAL MATCH (r)-[:IN_CATEGORY]->(k:Category)
OPTIONAL MATCH (k)-[:BROADER]->(w:Category)
WITH c.id AS community_id, c.name AS community, coalesce(w.name, k.name, '未分类') AS category, r.id AS id, coalesce(r.capacity, 0) AS capacity
RETURN community_id, community, category, count(id) AS resources, sum(capacity) AS capacity
ORDER BY coalesce(community_id, ''), category
