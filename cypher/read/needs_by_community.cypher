// Needs raised in each community or a part of it: all, open, overdue.
// title: 各社区需求
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns street: Street.name
// returns community_id: Community.id
// returns community: Community.name
// returns needs: integer 需求（条）
// returns open: integer 在办（条） -- not closed, merged, withdrawn or sent back
// returns overdue: integer 超期（条） -- open after their deadline
// route: GET /api/coverage/needs
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)
MATCH (c)-[:PART_OF]->(s:Street)
MATCH (c)<-[:PART_OF*0..2]-(a)<-[:RAISED_IN]-(n:Need)
WITH s, c, n, NOT coalesce(n.state, '提出') IN ['销号', '合并', '撤回', '退回'] AS open
RETURN s.name AS street, c.id AS community_id, c.name AS community, count(n) AS needs,
  sum(CASE WHEN open THEN 1 ELSE 0 END) AS open,
  sum(CASE WHEN open AND n.deadline < $as_of THEN 1 ELSE 0 END) AS overdue
ORDER BY community_id
