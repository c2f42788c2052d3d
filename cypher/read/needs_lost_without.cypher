// Open needs of an area that only one owner's resources can serve: without them no candidate is left.
// title: 只能由某方满足的需求
// subject: 失去以后
// param scope: area -- key of the area whose needs are read
// param owner: string -- key of who offers: a unit, a community, an organization or a person
// param as_of: date = today -- the day that counts
// returns need_id: Need.id
// returns title: Need.title 需求
// returns category: Category.name 类别
// returns place: Community.name 提出区域
// returns deadline: Need.deadline
// route: GET /api/what-if/needs
CALL () {
  MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(at)<-[:RAISED_IN]-(n:Need)
  WHERE NOT coalesce(n.state, '提出') IN ['销号', '合并', '撤回', '退回']
  MATCH (n)-[:IN_CATEGORY]->(k:Category)
  WITH at, collect({need: n.id, category: k.id}) AS asked
  MATCH (at)-[:PART_OF*0..4]->(place:District|Street|Community|Estate|Grid|Building)
  UNWIND asked AS one
  RETURN one.category AS category, place.id AS place, one.need AS need, 0 AS own, 0 AS others
  UNION ALL
  CALL () {
    MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(place)
    RETURN place
    UNION ALL
    MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})-[:PART_OF*1..4]->(place:District|Street|Community|Estate)
    RETURN place
  }
  MATCH (place)<-[:SERVES]-(r:Resource)
  WHERE coalesce(r.capacity, 0) > 0
    AND coalesce(r.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.valid_to, '9999-12-31')
  MATCH (r)-[:IN_CATEGORY]->(kind:Category)
  MATCH (r)-[:OFFERED_BY]->(o)
  WITH kind, CASE o.id WHEN $owner THEN 1 ELSE 0 END AS own, collect(DISTINCT place.id) AS places
  MATCH (kind)-[:BROADER*0..1]->(:Category)-[:CAN_SERVE]->(:Category)<-[:BROADER*0..1]-(met:Category)
  UNWIND places AS place
  RETURN met.id AS category, place, null AS need, own, 1 - own AS others
}
WITH category, place, sum(own) AS own, sum(others) AS others, collect(need) AS needs
UNWIND needs AS need
WITH need, sum(own) AS own, sum(others) AS others
WHERE own > 0 AND others = 0
MATCH (n:Need {id: need})-[:RAISED_IN]->(at)
MATCH (n)-[:IN_CATEGORY]->(k:Category)
RETURN n.id AS need_id, n.title AS title, k.name AS category, at.name AS place, n.deadline AS deadline
ORDER BY need_id
