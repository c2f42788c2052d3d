// Resources on offer by street and wide category. A resource is of an area when its owner is the area, is located, lives or leads in it, or serves it.
// title: 各街道资源类别
// subject: 资源
// param scope: area(District, Street) -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns street_id: Street.id
// returns street: Street.name
// returns category: Category.name 大类
// returns resources: integer 资源（项）
// returns capacity: integer 数量合计
// route: GET /api/coverage/resources-by-street
CALL () {
  MATCH (root:District|Street {id: $scope})<-[:PART_OF*0..2]-(a:Community)<-[:OFFERED_BY]-(r:Resource)
  RETURN a, a AS o, r
  UNION ALL
  MATCH (root:District|Street {id: $scope})<-[:PART_OF*0..4]-(a)
  MATCH (a)<-[t:LOCATED_IN|SERVES|LEADS]-(o:Unit|Organization|PartyOrganization)
  WHERE coalesce(t.from, '0000-01-01') <= $as_of AND $as_of < coalesce(t.to, '9999-12-31')
  MATCH (o)<-[:OFFERED_BY]-(r:Resource)
  RETURN a, o, r
  UNION ALL
  MATCH (root:District|Street {id: $scope})<-[:PART_OF*0..4]-(a:Building)
  MATCH (a)<-[:LIVES_IN]-(o:Person)<-[:OFFERED_BY]-(r:Resource)
  RETURN a, o, r
}
WITH a, r
WHERE coalesce(r.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.valid_to, '9999-12-31')
MATCH (a)-[:PART_OF*0..3]->(s:Street)
WITH DISTINCT s, r
OPTIONAL MATCH (r)-[:IN_CATEGORY]->(k:Category)
OPTIONAL MATCH (k)-[:BROADER]->(w:Category)
WITH s.id AS street_id, s.name AS street, coalesce(w.name, k.name, '未分类') AS category, r.id AS id, coalesce(r.capacity, 0) AS capacity
RETURN street_id, street, category, count(id) AS resources, sum(capacity) AS capacity
ORDER BY street_id, category
