// Open needs of an area whose deadline has passed, the longest first.
// title: 超期在办需求
// subject: 需求
// param scope: area -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns need_id: Need.id
// returns title: Need.title 需求
// returns state: Need.state
// returns deadline: Need.deadline
// returns place: Community.name 提出区域
// route: GET /api/coverage/needs-overdue
MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a)<-[:RAISED_IN]-(n:Need)
WHERE NOT coalesce(n.state, '提出') IN ['销号', '合并', '撤回', '退回'] AND n.deadline < $as_of
RETURN n.id AS need_id, n.title AS title, n.state AS state, n.deadline AS deadline, a.name AS place
ORDER BY deadline, need_id
