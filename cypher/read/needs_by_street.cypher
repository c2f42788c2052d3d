// Needs by wide category and street.
// title: 各街道需求类别
// subject: 需求
// param scope: area(District, Street) -- key of the area whose subtree is read
// returns street_id: Street.id
// returns street: Street.name
// returns category: Category.name 大类
// returns needs: integer 需求（条） -- all
// returns open: integer 在办（条） -- not closed, merged, withdrawn or sent back
// route: GET /api/coverage/needs-by-street
MATCH (root:District|Street {id: $scope})<-[:PART_OF*0..4]-(a)<-[:RAISED_IN]-(n:Need)
MATCH (a)-[:PART_OF*0..3]->(p:Street)
WITH n, p.id AS street_id, p.name AS street
OPTIONAL MATCH (n)-[:IN_CATEGORY]->(k:Category)
OPTIONAL MATCH (k)-[:BROADER]->(w:Category)
WITH street_id, street, coalesce(w.name, k.name, '未分类') AS category,
  CASE WHEN coalesce(n.state, '提出') IN ['销号', '合并', '撤回', '退回'] THEN 0 ELSE 1 END AS open
RETURN street_id, street, category, count(*) AS needs, sum(open) AS open
ORDER BY street_id, category
