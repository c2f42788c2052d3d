// Needs by wide category and community; those raised at a street or the district itself come first, without a community.
// title: 各社区需求类别
// subject: 需求
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// returns community_id: Community.id
// returns community: Community.name
// returns category: Category.name 大类
// returns needs: integer 需求（条） -- all
// returns open: integer 在办（条） -- not closed, merged, withdrawn or sent back
// route: GET /api/coverage/needs-by-category
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..4]-(a)<-[:RAISED_IN]-(n:Need)
OPTIONAL MATCH (a)-[:PART_OF*0..2]->(p:Community)
WITH n, p.id AS community_id, p.name AS community
OPTIONAL MATCH (n)-[:IN_CATEGORY]->(k:Category)
OPTIONAL MATCH (k)-[:BROADER]->(w:Category)
WITH community_id, community, coalesce(w.name, k.name, '未分类') AS category,
  CASE WHEN coalesce(n.state, '提出') IN ['销号', '合并', '撤回', '退回'] THEN 0 ELSE 1 END AS open
RETURN community_id, community, category, count(*) AS needs, sum(open) AS open
ORDER BY coalesce(community_id, ''), category
