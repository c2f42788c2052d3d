// Open needs that no resource on offer can serve: none of a category that can meet theirs serves the place.
// title: 无可对接资源的需求
// param scope: area(District, Street, Community) -- key of the area whose needs are read
// param as_of: date = today -- the day that counts
// returns need_id: Need.id
// returns title: Need.title 需求
// returns category: Category.name 类别
// returns community: Community.name
// returns deadline: Need.deadline
// route: GET /api/coverage/needs-without-candidate
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)
MATCH (c)-[:PART_OF]->(s:Street)-[:PART_OF]->(d:District)
MATCH (c)<-[:PART_OF*0..2]-(a)<-[:RAISED_IN]-(n:Need)
WHERE NOT coalesce(n.state, '提出') IN ['销号', '合并', '撤回', '退回']
OPTIONAL MATCH (n)-[:IN_CATEGORY]->(k:Category)
WITH c, s, d, k, collect(n) AS needs
OPTIONAL MATCH (k)-[:BROADER*0..1]->(:Category)<-[:CAN_SERVE]-(:Category)<-[:BROADER*0..1]-(:Category)<-[:IN_CATEGORY]-(r:Resource)-[:SERVES]->(place)
WHERE place.id IN [c.id, s.id, d.id] AND coalesce(r.capacity, 0) > 0
  AND coalesce(r.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.valid_to, '9999-12-31')
WITH c, k, needs, count(r) AS candidates
WHERE candidates = 0
UNWIND needs AS n
RETURN n.id AS need_id, n.title AS title, k.name AS category, c.name AS community, n.deadline AS deadline
ORDER BY need_id
