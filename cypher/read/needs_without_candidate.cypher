// Open needs that no resource on offer can serve: none of a category that can meet theirs serves their place or an area around it. A need without a category has no candidate.
// title: 无可对接资源的需求
// subject: 需求
// param scope: area -- key of the area whose needs are read
// param as_of: date = today -- the day that counts
// returns need_id: Need.id
// returns title: Need.title 需求
// returns category: Category.name 类别
// returns place: Community.name 提出区域
// returns deadline: Need.deadline
// route: GET /api/coverage/needs-without-candidate
CALL () {
  // What serves the whole area meets its categories in every place of it: only the other needs are looked at by place.
  CALL () {
    MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})-[:PART_OF*0..4]->(wide)
    MATCH (wide)<-[:SERVES]-(r:Resource)
    WHERE coalesce(r.capacity, 0) > 0
      AND coalesce(r.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.valid_to, '9999-12-31')
    MATCH (r)-[:IN_CATEGORY]->(kind:Category)
    WITH DISTINCT kind
    MATCH (kind)-[:BROADER*0..1]->(:Category)-[:CAN_SERVE]->(met:Category)
    RETURN collect(DISTINCT met.id) AS everywhere
  }
  MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(at)<-[:RAISED_IN]-(n:Need)
  WHERE NOT coalesce(n.state, '提出') IN ['销号', '合并', '撤回', '退回']
  OPTIONAL MATCH (n)-[:IN_CATEGORY]->(k:Category)
  WITH everywhere, k, collect({need: n.id, at: at}) AS asked
  OPTIONAL MATCH (k)-[:BROADER*0..1]->(wanted:Category)
  WITH everywhere, k, asked, collect(wanted.id) AS categories
  WHERE none(category IN categories WHERE category IN everywhere)
  UNWIND asked AS one
  WITH one.at AS at, collect({need: one.need, categories: categories}) AS asked
  MATCH (at)-[:PART_OF*0..4]->(place:District|Street|Community|Estate|Grid|Building)
  UNWIND asked AS one
  UNWIND CASE one.categories WHEN [] THEN [null] ELSE one.categories END AS category
  RETURN category, place.id AS place, one.need AS need, 0 AS offered
  UNION ALL
  MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*1..4]-(place)
  MATCH (place)<-[:SERVES]-(r:Resource)
  WHERE coalesce(r.capacity, 0) > 0
    AND coalesce(r.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.valid_to, '9999-12-31')
  MATCH (r)-[:IN_CATEGORY]->(kind:Category)
  WITH kind, collect(DISTINCT place.id) AS places
  MATCH (kind)-[:BROADER*0..1]->(:Category)-[:CAN_SERVE]->(met:Category)
  UNWIND places AS place
  RETURN met.id AS category, place, null AS need, 1 AS offered
}
WITH category, place, sum(offered) AS offered, collect(need) AS needs
UNWIND needs AS need
WITH need, sum(offered) AS candidates
WHERE candidates = 0
MATCH (n:Need {id: need})-[:RAISED_IN]->(at)
OPTIONAL MATCH (n)-[:IN_CATEGORY]->(k:Category)
RETURN n.id AS need_id, n.title AS title, k.name AS category, at.name AS place, n.deadline AS deadline
ORDER BY need_id
