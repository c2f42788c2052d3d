// Needs raised in each community or a part of it: all, open, overdue; those raised at a street or the district itself come first, without a community.
// title: 各社区需求
// subject: 需求
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns street: Street.name
// returns community_id: Community.id
// returns community: Community.name
// returns needs: integer 需求（条）
// returns open: integer 在办（条） -- not closed, merged, withdrawn or sent back
// returns overdue: integer 超期（条） -- open after their deadline
// route: GET /api/coverage/needs
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..4]-(a)<-[:RAISED_IN]-(n:Need)
WITH a, NOT coalesce(n.state, '提出') IN ['销号', '合并', '撤回', '退回'] AS open, n.deadline AS deadline
WITH a, count(*) AS needs, sum(CASE WHEN open THEN 1 ELSE 0 END) AS open,
  sum(CASE WHEN open AND deadline < $as_of THEN 1 ELSE 0 END) AS overdue
OPTIONAL MATCH (a)-[:PART_OF*0..2]->(c:Community)
WITH coalesce(c, a) AS place, c, sum(needs) AS needs, sum(open) AS open, sum(overdue) AS overdue
OPTIONAL MATCH (place)-[:PART_OF*0..1]->(s:Street)
WITH s.name AS street, c.id AS community_id, c.name AS community, sum(needs) AS needs, sum(open) AS open, sum(overdue) AS overdue
RETURN street, community_id, community, needs, open, overdue
ORDER BY coalesce(community_id, ''), coalesce(street, '')
